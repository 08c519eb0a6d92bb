import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Rig } from './rig';

vi.setConfig({ testTimeout: 60_000 });

let rig: Rig;
beforeAll(async () => void (rig = await Rig.make({ load: 700, build: 500, exercise: 200, all: 3000 })));

const TF = `import * as tf from '@tensorflow/tfjs';\n`;
const MODEL = 'tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] })';

/** Reads, and shows that the next file is read as if nothing had been. */
async function read(text: string, more: Parameters<Rig['read']>[1] = {}) {
  const result = await rig.read(text, { path: 'a.js', ...more });
  const after = await rig.read(`${TF}export const model = ${MODEL};`, { path: 'a.js' });
  expect(after.models).toMatchObject([{ name: 'model', unread: null, guesses: [] }]);
  return result;
}

describe('code that does not end', () => {
  it.each([
    ['a loop in a builder', `export function build() { while (true) {} return ${MODEL}; }`, 'build'],
    ['a loop that waits', `export async function build() { for (;;) await null; return ${MODEL}; }`, 'build'],
    [
      'frames without end',
      `export async function build() { for (;;) await tf.nextFrame(); return ${MODEL}; }`,
      'build',
    ],
    [
      'something unknown, again and again',
      `const cam = require('cam');\nexport async function build() { for (;;) await cam.next(); return ${MODEL}; }`,
      'build',
    ],
    [
      'a handler that calls itself',
      `export function build() { requestAnimationFrame(build); while (true) {} return ${MODEL}; }`,
      'build',
    ],
  ])('%s is told with its name', async (_, code, name) => {
    const { models } = await read(TF + code);
    expect(models).toMatchObject([{ name, graph: null }]);
    expect(models[0]?.unread?.span).not.toBeNull();
  });

  it('tells recursion without end', async () => {
    const { models, problems } = await read(`${TF}export function build() { return build(); return ${MODEL}; }`);
    const told = [...problems, ...models.flatMap(({ unread }) => unread ?? [])];
    expect(told[0]?.code).toMatch(/out-of-memory|runtime-error/);
    expect(told[0]?.span).not.toBeNull();
  });

  it('leaves the models that are there by then', async () => {
    const { models, problems } = await read(`${TF}export const model = ${MODEL};\nwhile (true) {}`);
    expect(models).toMatchObject([{ name: 'model', unread: null }]);
    expect(problems).toMatchObject([{ code: 'timeout', span: { range: { start: { line: 2 } } } }]);
  });
});

it('reads modules that import each other', async () => {
  const { models } = await read(
    `${TF}import { size } from './b';\nexport const twice = 2;\nexport const model = tf.sequential({ layers: [tf.layers.dense({ units: size(), inputShape: [2] })] });`,
    {
      files: [{ path: 'b.js', text: `import { twice } from './a';\nexport const size = () => 3;` }],
    },
  );
  expect(models).toMatchObject([{ name: 'model', unread: null }]);
});

it.each([
  ['NUL bytes', `${TF}\0\0\0export const model = ${MODEL};`],
  ['bytes that are no text', `${TF}// \uFFFD\uFFFD\uFFFD\nexport const model = ${MODEL} \uFFFD;`],
  ['a lone surrogate in a name', `${TF}export const \uD800 = 3;`],
  ['brackets nested by the thousand', `${TF}const x = ${'['.repeat(5000)}${']'.repeat(5000)};`],
  ['an unclosed comment', `${TF}/* export const model = ${MODEL};`],
  ['an unclosed template', `${TF}const t = \`abc;\nexport const model = ${MODEL};`],
])('says where %s keep the file from being read', async (_, text) => {
  const { problems, models } = await read(text);
  expect(problems.length + models.length).toBeGreaterThan(0);
  for (const problem of problems) expect(problem.span).not.toBeNull();
});

it.each([
  [
    'names of Object',
    `export const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], name: 'constructor' })] });`,
  ],
  [
    '__proto__',
    `export const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], name: '__proto__' })] });`,
  ],
  [
    'quotes and markup',
    `export const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], name: '"]},<script>' })] });`,
  ],
  ['a variable', `export const __proto__ = 1; export const hasOwnProperty = ${MODEL};`],
])('stands hostile names: %s', async (_, code) => {
  const { models } = await read(TF + code);
  expect(models.length).toBeGreaterThan(0);
  for (const model of models) expect(model.graph === null).toBe(model.unread !== null);
});

it.each([
  [`tf.Tensor.prototype.add = () => null;`],
  [`tf.layers.Layer.prototype.apply = function () { return this; };`],
  [`Object.prototype.kernel = 'x'; Function.prototype.call = null;`],
  [`Array.isArray = () => true; Number.isSafeInteger = () => true;`],
  [`Map.prototype.get = () => undefined; Set.prototype.has = () => true;`],
])('stands a file that changes what it is run with: %s', async (line) => {
  const { models } = await read(`${TF}${line}\nexport const model = ${MODEL};`);
  for (const model of models) expect(model.graph === null).toBe(model.unread !== null);
});

it('refuses a file of 50 MB at once', async () => {
  const text = `${TF}const data = "${'x'.repeat(50 * 2 ** 20)}";\nexport const model = ${MODEL};`;
  const { problems } = await read(text);
  expect(problems).toMatchObject([{ code: 'too-large', span: { range: { start: { line: 0 } } } }]);
});
