import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildJavascript, loaderOptions } from '../../../../scripts/build/javascript.mjs';
import { JavascriptClient } from '../../../../src/workers/javascriptClient';

vi.setConfig({ testTimeout: 60_000 });

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradient-lens-client-'));
let client: JavascriptClient;

beforeAll(async () => {
  await buildJavascript(path.join(folder, 'javascript'));
  await esbuild.build({
    entryPoints: ['src/workers/javascriptReaderThread.ts'],
    ...loaderOptions,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outfile: path.join(folder, 'javascript.js'),
  });
  client = new JavascriptClient(folder, () => undefined, 6_000);
});

afterAll(async () => {
  await client.dispose();
  fs.rmSync(folder, { recursive: true });
});

const read = (text: string) =>
  client.read({
    path: 'a.js',
    files: [{ path: 'a.js', text: `const tf = require('@tensorflow/tfjs');\n${text}` }],
    batch: 2,
  });

it('reads in its thread, and ends it where nothing inside can be interrupted', async () => {
  const model = 'const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });';
  expect((await read(model)).models).toMatchObject([{ name: 'model', unread: null }]);
  expect(await read('/(a+)+$/.test("a".repeat(40) + "b");')).toMatchObject({
    problems: [{ code: 'timeout' }],
    models: [],
  });
  expect((await read(model)).models).toMatchObject([{ name: 'model', unread: null }]);
});

const NET = 'tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] })';

it.each([
  ['a builder that calls itself', `function build() { return build(); return ${NET}; }`],
  [
    'builders that call each other',
    `function build() { return back(); return ${NET}; }\nfunction back() { return build(); }`,
  ],
  [
    'a getter that reads itself',
    `const o = { get size() { return o.size; } };\nfunction build() { o.size; return ${NET}; }`,
  ],
  [
    'a proxy that asks itself',
    `const p = new Proxy({}, { get: (_, key, own) => own[key] });\nfunction build() { p.size; return ${NET}; }`,
  ],
  ['a text made of itself', `const t = { toString: () => \`\${t}\` };\nfunction build() { String(t); return ${NET}; }`],
  [
    'calls nested through map',
    `const walk = (list) => list.map(walk.bind(null, list));\nfunction build() { walk([1]); return ${NET}; }`,
  ],
])('loses no other model to %s', async (_, code) => {
  const { models, problems } = await read(`const model = ${NET};\nfunction good() { return ${NET}; }\n${code}`);
  expect(problems).toEqual([]);
  const found = Object.fromEntries(models.map(({ name, unread }) => [name, unread]));
  expect(found).toMatchObject({ model: null, good: null, build: { code: 'too-deep' } });
  expect(found['build']?.message).toContain('calls itself without end');
  expect(found['build']?.span).not.toBeNull();
});
