import { PackageManager, listFiles } from '@vscode/vsce';
import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';

/** What the package must hold to work at all; the rest is for people. */
const needed = [
  'package.json',
  'README.md',
  'LICENSE',
  'media/icon.png',
  'dist/extension.js',
  'dist/engine.js',
  'dist/reader.js',
  'dist/trainer.js',
  'dist/declared.js',
  'dist/javascript.js',
  'dist/javascript/program.js',
  'dist/javascript/quickjs.wasm',
  'dist/panel.js',
  'docs/reading.md',
  'docs/rules/vanishing-gradient.md',
];
const admitted =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|media\/[\w-]+\.png|docs\/reading\.md|docs\/rules\/[\w-]+\.md|dist\/\w+\.(js|css)|dist\/wasm\/[\w-]+\.wasm|dist\/python\/[\w.-]+|dist\/javascript\/[\w-]+\.(js|wasm))$/;

suite('the package', () => {
  let files: string[];

  suiteSetup(async () => {
    files = await listFiles({ cwd: process.cwd(), packageManager: PackageManager.None });
  });

  test('holds the bundles, the kernels and the sealed Python', () => {
    assert.deepEqual(
      needed.filter((file) => !files.includes(file)),
      [],
    );
    assert.ok(files.some((file) => /^dist\/wasm\/.*\.wasm$/.test(file)));
    assert.ok(files.some((file) => /^dist\/python\/.*\.wasm$/.test(file)));
  });

  test('holds nothing else: no sources, no source maps, no node_modules', () => {
    assert.deepEqual(
      files.filter((file) => !admitted.test(file)),
      [],
    );
  });

  test('names no machine and no registry', () => {
    const texts = files.filter((file) => /\.(js|json|md|css)$/.test(file) && !file.startsWith('dist/'));
    for (const file of texts)
      assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /registry\.npmjs|\/work\/|\/root\//, file);
  });
});
