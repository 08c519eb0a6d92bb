// The bundles: one for the extension host, one for each thread, one for the command line, one for the panel.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { loaderOptions } from './javascript.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = path.join(root, 'dist');

const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
  // Pyodide is loaded from dist/python at run time, never bundled. tfjs asks for node-fetch only where it downloads; we never do.
  external: ['vscode', 'pyodide', 'node-fetch'],
  // Of tfjs' module form esbuild leaves out what is not used: half the start-up time of the trainer. jsonc-parser's other form
  // cannot be bundled at all.
  mainFields: ['module', 'main'],
};

const threads = {
  extension: 'src/extension.ts',
  engine: 'src/workers/engine.ts',
  trainer: 'src/workers/trainer.ts',
  reader: 'src/workers/reader.ts',
  declared: 'src/workers/declaredReader.ts',
  javascript: 'src/workers/javascriptReaderThread.ts',
  cli: 'src/cli/main.ts',
};

export async function buildBundles() {
  fs.mkdirSync(path.join(dist, 'meta'), { recursive: true });
  for (const [name, entry] of Object.entries(threads)) {
    const loader = name === 'javascript' ? loaderOptions : {};
    const banner = name === 'cli' ? { js: '#!/usr/bin/env node' } : {};
    const result = await esbuild.build({
      ...node,
      banner,
      ...loader,
      entryPoints: [path.join(root, entry)],
      outfile: path.join(dist, `${name}.js`),
    });
    fs.writeFileSync(path.join(dist, 'meta', `${name}.json`), JSON.stringify(result.metafile));
  }
  const result = await esbuild.build({
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'warning',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: [path.join(root, 'webview', 'main.tsx')],
    outfile: path.join(dist, 'panel.js'),
  });
  fs.writeFileSync(path.join(dist, 'meta', 'panel.json'), JSON.stringify(result.metafile));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildBundles();
