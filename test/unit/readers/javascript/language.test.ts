import { beforeAll, expect, it } from 'vitest';
import { Rig } from './rig';

let rig: Rig;
beforeAll(async () => void (rig = await Rig.make()));

const TF = `import * as tf from '@tensorflow/tfjs';\n`;
const model = (units: string) => `tf.sequential({ layers: [tf.layers.dense({ units: ${units}, inputShape: [2] })] })`;

it.each([
  ['enums', 'a.ts', `enum Size { Small = 5 }\nexport const m = ${model('Size.Small')};`],
  ['const enums', 'a.ts', `const enum Size { Small = 5 }\nexport const m = ${model('Size.Small')};`],
  [
    'namespaces',
    'a.ts',
    `namespace Sizes { export const small = 5; export namespace More { export const big = small; } }\nexport const m = ${model('Sizes.More.big')};`,
  ],
  [
    'decorators',
    'a.ts',
    `@Component({ selector: 'x' })\nclass App { @Input() size = 5; constructor(private readonly http: Http) {} }\nexport const m = ${model('new App(null).size')};`,
  ],
  [
    'parameter properties',
    'a.ts',
    `class Size { constructor(readonly n = 5) {} }\nexport const m = ${model('new Size().n')};`,
  ],
  [
    'satisfies and as',
    'a.mts',
    `const size = { n: 5 } satisfies Record<string, number>;\nexport const m = ${model('size.n as number')} as tf.Sequential;`,
  ],
  ['generics in arrows', 'a.ts', `const same = <T,>(x: T): T => x;\nexport const m = ${model('same<number>(5)')};`],
  ['JSX', 'a.jsx', `export const App = () => <div>{m.name}</div>;\nexport const m = ${model('5')};`],
  [
    'typed JSX',
    'a.tsx',
    `export const App = ({ a }: { a: number }): JSX.Element => <>{a}</>;\nexport const m = ${model('5')};`,
  ],
  [
    'private members',
    'a.js',
    `class Size { #n = 5; get n() { return this.#n; } static { this.ready = true; } }\nexport const m = ${model('new Size().n')};`,
  ],
  [
    'optional chains',
    'a.js',
    `const size = { get: () => ({ n: 5 }) };\nexport const m = ${model('size?.get?.()?.n ?? 3')};`,
  ],
  ['top-level await', 'a.mjs', `const size = await Promise.resolve(5);\nexport const m = ${model('size')};`],
  ['process.argv', 'a.cjs', `const size = Number(process.argv[2] ?? 5);\nconst m = ${model('size')};`],
])('%s', async (_, path, text) => {
  const source = path.endsWith('.cjs') ? `const tf = require('@tensorflow/tfjs');\n${text}` : TF + text;
  const { models, problems } = await rig.read(source, { path });
  expect(problems).toEqual([]);
  const found = models.find(({ name }) => name === 'm');
  expect(found).toMatchObject({ unread: null, guesses: [] });
  expect(found?.graph?.parameters[0]?.shape).toEqual([2, 5]);
});

it.each([
  ['an index file', './sizes', 'sizes/index.ts', 'export const size = 5;'],
  ['.js that means .ts', './sizes.js', 'sizes.ts', 'export const size = 5;'],
  ['JSON', './sizes.json', 'sizes.json', '{ "size": 5 }'],
  ['an alias', '@/sizes', 'src/sizes.ts', 'export const size = 5;'],
])('imports %s', async (_, name, path, text) => {
  const { models } = await rig.read(`${TF}import { size } from '${name}';\nexport const m = ${model('size')};`, {
    path: 'a.ts',
    files: [{ path, text }],
  });
  expect(models[0]?.graph?.parameters[0]?.shape).toEqual([2, 5]);
});

it.each([
  ['a statement that breaks off', `const broken = tf.sequential({ layers: [ );`],
  ['a function with a bracket too few', `function broken() {\n  if (true) {\n  return 1;\n}`],
  ['a line of prose', `this is not code at all`],
])('%s hides no other model', async (_, line) => {
  const { models, problems } = await rig.read(
    `${TF}\nexport function first() {\n  return ${model('5')};\n}\n\n${line}\n\nexport function last() {\n  return ${model('6')};\n}\n`,
    { path: 'a.js' },
  );
  expect(models.filter(({ graph }) => graph).map(({ name }) => name)).toEqual(['first', 'last']);
  expect(problems).toMatchObject([{ code: 'syntax-error' }]);
});

it('reads no model of which a statement is broken', async () => {
  const { models } = await rig.read(
    `${TF}const m = tf.sequential();\nm.add(tf.layers.dense({ units: 3, inputShape: [2] }));\nm.add(tf.layers.dense({ units: ));\n`,
    { path: 'a.js' },
  );
  expect(models).toMatchObject([{ name: 'm', graph: null, unread: { code: 'syntax-error' } }]);
});

it('takes input shapes from a comment, and says where one is misspelt', async () => {
  const open = `const m = tf.sequential({ layers: [tf.layers.dense({ units: 3, batchInputShape: [null, null, 2] })] });`;
  const told = await rig.read(`${TF}// gradient-lens: input=[9, 2]\n${open}`, { path: 'a.js' });
  expect(told.models[0]?.graph?.inputs).toMatchObject([{ shape: [4, 9, 2], origin: 'declared' }]);
  const silencing = await rig.read(
    `${TF}// gradient-lens: ignore[dead-units]\n// gradient-lens: input=[9, 2]\n${open}`,
    {
      path: 'a.js',
    },
  );
  expect(silencing.problems).toEqual([]);
  expect(silencing.models[0]?.graph?.inputs).toMatchObject([{ shape: [4, 9, 2], origin: 'declared' }]);
  const misspelt = await rig.read(`${TF}// gradient-lens: inptu=[9, 2]\n${open}`, { path: 'a.js' });
  expect(misspelt.problems).toMatchObject([{ code: 'bad-comment', span: { range: { start: { line: 1 } } } }]);
});
