// `npm run bench -- reading [options]`: measures the built product on this machine; see bench/RESULTS.md.
import * as path from 'node:path';
import { build, ensureInstalled, node, root } from './lib/setup.mjs';

ensureInstalled();
const esbuild = await import('esbuild');
build();
const outfile = path.join(root, 'out', 'bench', 'main.js');
await esbuild.build({
  entryPoints: [path.join(root, 'bench', 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.exitCode = node('--enable-source-maps', outfile, ...process.argv.slice(2));
