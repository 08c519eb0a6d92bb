// `npm run corpus -- DIR [NAME...]`: reads every file of the repositories that bench/corpus.json names, without training, and says how
// each definition in them came out. `--all` prints those that were read as well; `--list` writes the list of definitions anew instead.
// DIR holds each at its commit, as `OWNER+NAME`; their code is no part of this project.
import * as path from 'node:path';
import { build, ensureInstalled, node, root } from './lib/setup.mjs';

ensureInstalled();
const esbuild = await import('esbuild');
build();
const outfile = path.join(root, 'out', 'corpus', 'main.js');
await esbuild.build({
  entryPoints: [path.join(root, 'test', 'corpus', 'main.ts')],
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
