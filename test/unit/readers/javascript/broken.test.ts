import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readBroken } from '../../../../src/readers/javascript/source/brokenText';
import { freeNames } from '../../../../src/readers/javascript/source/freeNames';
import { parseScript } from '../../../../src/readers/javascript/source/tree';
import { Rig } from './rig';

vi.setConfig({ testTimeout: 60_000 });

let rig: Rig;
beforeAll(async () => void (rig = await Rig.make()));

const TF = `import * as tf from '@tensorflow/tfjs';\n`;
const NET = 'tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] })';
const grow = (name: string, count: string) =>
  `export function ${name}() { const m = ${NET}; for (let i = 0; i < ${count}; i++) m.add(tf.layers.dense({ units: 3 })); return m; }\n`;

/** Names of the models that are read, and of the others with the place of the syntax error that each hangs on. */
async function read(text: string, files: { path: string; text: string }[] = []) {
  const { models, problems } = await rig.read(TF + text, { path: 'a.js', files });
  const unread = models.flatMap(({ name, unread }) =>
    unread ? [`${name}: ${unread.code} ${unread.span?.path ?? ''}:${unread.span?.range.start.line ?? ''}`] : [],
  );
  return { read: models.flatMap(({ name, graph }) => (graph ? [name] : [])), unread, problems };
}

describe('what hangs on a statement that cannot be parsed', () => {
  it('is unread, and the rest is read', async () => {
    const found = await read(`const depth = = 4;\n${grow('deep', 'depth')}${grow('other', '2')}`);
    expect(found).toMatchObject({ read: ['other'], unread: ['deep: syntax-error a.js:1'] });
    expect(found.problems).toMatchObject([{ code: 'syntax-error', span: { range: { start: { line: 1 } } } }]);
  });

  it.each([
    ['another variable', `const depth = = 4;\nconst rounds = depth ? 1 : 2;\n${grow('deep', 'rounds')}`],
    ['a function', `const depth = = 4;\nfunction rounds() { return typeof depth; }\n${grow('deep', 'rounds()')}`],
    ['a property', `const config = { depth: 2 };\nconfig.depth = = 4;\n${grow('deep', 'config.depth')}`],
    ['an assignment', `let depth = 2;\ndepth = = 4;\n${grow('deep', 'depth')}`],
    ['what a function changes', `const sizes = [];\nsizes.push(= 4);\n${grow('deep', 'sizes.length')}`],
    [
      'a variable that a lost statement changes',
      `const wide = = 4;\nconst sizes = [];\nsizes.push(wide);\n${grow('deep', 'sizes.length')}`,
    ],
    ['a destructured name', `const { depth, width } = = load();\n${grow('deep', 'depth')}`],
    ['a test that decides', `const isDeep = = true;\n${grow('deep', '(isDeep ? 3 : 1)')}`],
  ])('through %s', async (_, code) => {
    const found = await read(code + grow('other', '2'));
    expect(found.read).toEqual(['other']);
    expect(found.unread).toHaveLength(1);
    expect(found.unread[0]).toMatch(/^deep: syntax-error a\.js:\d/);
  });

  it.each([
    ['a name', `import { depth } from './b';`, 'depth', 'export const depth = = 4;'],
    ['a renamed one', `import { rounds as depth } from './b';`, 'depth', 'const d = = 4;\nexport { d as rounds };'],
    ['all of a module', `import * as b from './b';`, 'b.depth', 'export const depth = = 4;\nexport const width = 3;'],
    ['require', `const { depth } = require('./b');`, 'depth', 'const d = = 4;\nmodule.exports = { depth: d };'],
    ['a helper', `import { depth as f } from './b';`, 'f()', 'const d = = 4;\nexport function depth() { return d; }'],
    ['a default', `import depth from './b';`, 'depth', 'const d = = 4;\nexport default d;'],
    ['a module that is broken as a whole', `import { depth } from './b';`, 'depth', 'export const depth = {{{ [[['],
  ])('in another module, through %s', async (_, line, use, text) => {
    const found = await read(`${line}\n${grow('deep', use)}${grow('other', '2')}`, [{ path: 'b.js', text }]);
    expect(found.read).toEqual(['other']);
    expect(found.unread).toEqual(['deep: syntax-error b.js:0']);
  });

  it('through a module between', async () => {
    const found = await read(`import { depth } from './b';\n${grow('deep', 'depth')}${grow('other', '2')}`, [
      { path: 'b.js', text: `export * from './c';` },
      { path: 'c.js', text: 'export const depth = = 4;' },
    ]);
    expect(found).toMatchObject({ read: ['other'], unread: ['deep: syntax-error c.js:0'] });
  });

  it('knows a name of its own from a lost one', async () => {
    const inner = `export function inner() { const depth = 2; const m = ${NET}; for (let i = 0; i < depth; i++) m.add(tf.layers.dense({ units: 3 })); return m; }\n`;
    const key = `export function key() { const o = { depth: 2 }; const m = ${NET}; for (let i = 0; i < o.depth; i++) m.add(tf.layers.dense({ units: 3 })); return m; }\n`;
    const found = await read(`const depth = = 4;\n${inner}${key}`);
    expect(found).toMatchObject({ read: ['inner', 'key'], unread: [] });
  });

  it('reads one variable where a statement about another is broken', async () => {
    const found = await read(
      `const a = ${NET};\nconst b = ${NET};\na.add(tf.layers.dense({ units: = 3 }));\nb.add(tf.layers.dense({ units: 3 }));`,
    );
    expect(found).toMatchObject({ read: ['b'], unread: ['a: syntax-error a.js:3'] });
  });

  it('keeps a builder whose own body is whole though a broken function stands beside it', async () => {
    const found = await read(`function train() {\n  const m = = build();\n  m.fit();\n}\n${grow('build', '2')}`);
    expect(found).toMatchObject({ read: ['build'], unread: [] });
  });
});

it.each([
  ['const depth = = 4;', ['depth'], []],
  ['export const { a, b: [c] } = = f();', ['a', 'b', 'c'], []],
  ['config.depth = = 4;', [], ['config']],
  ['function f() {\n  const x = = 3;\n  total = 4;\n}', ['f', 'total'], []],
  ['// const no = 1;\nconst yes = = "const neither = 2";', ['yes'], []],
])('tells what `%s` would have bound', (code, binds, touches) => {
  const found = readBroken(code);
  expect([...found.binds].sort()).toEqual([...binds].sort());
  for (const name of touches) expect(found.touches).toContain(name);
});

it.each([
  ['function f(a, { b, c: [d] }, ...e) { return a + b + d + e + f + free; }', ['free']],
  ['{ const x = 1; } use(x);', ['use', 'x']],
  ['if (t) { var v = 1; } g(() => { var v = 1; return v; });', ['t', 'v', 'g']],
  ['const o = { key: 1, [computed]: 2, short, method() { return this.key; } };', ['o', 'computed', 'short']],
  ['for (const i of list) { try { config.depth; } catch (error) { error; } }', ['list', 'config.depth']],
  ['label: for (;;) { break label; }', []],
  ['class A extends B { #p = 1; q = outer; static s() { return A; } }', ['B', 'outer']],
])('finds the names that `%s` takes from outside', (code, names) => {
  const { file } = parseScript('a.ts', code);
  const found = file.program.body.flatMap((statement) => [...freeNames(statement)]);
  expect([...new Set(found)].sort()).toEqual([...names].sort());
});
