// `npm run conformance -- [DIR] [options]`: holds the product's own reader and trainer against a pack of oracles.
import * as path from 'node:path';
import { build, ensureInstalled, node, root } from './lib/setup.mjs';

ensureInstalled();
const esbuild = await import('esbuild');
build();
const outfile = path.join(root, 'out', 'conformance', 'main.js');
await esbuild.build({
  entryPoints: [path.join(root, 'test', 'conformance', 'main.ts')],
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
