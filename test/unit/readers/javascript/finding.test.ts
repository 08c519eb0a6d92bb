import { beforeAll, describe, expect, it } from 'vitest';
import { Rig } from './rig';

let rig: Rig;
beforeAll(async () => void (rig = await Rig.make()));

const TF = `import * as tf from '@tensorflow/tfjs';\n`;
const BUILDER = `${TF}export function build(width) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 3, inputShape: [width] }));
  return model;
}`;

const shapes = (model: { graph: { parameters: { shape: number[] }[] } | null } | undefined) =>
  model?.graph?.parameters.map(({ shape }) => shape);

describe('a builder that wants arguments', () => {
  it.each([
    ['another file', 'src/train.js', `import { build } from './model';\nbuild(7);`],
    [
      'a test',
      'src/model.test.js',
      `import { build } from './model';\ndescribe('build', () => { it('works', () => { build(7); }); });`,
    ],
    [
      'a handler',
      'src/ui.js',
      `import { build } from './model';\ndocument.getElementById('go').addEventListener('click', async () => { build(7); });`,
    ],
    [
      'what follows a download',
      'src/ui.js',
      `import { build } from './model';\nfetch('x').then((answer) => answer.json()).then(() => { build(7); });`,
    ],
    [
      'a component',
      'src/App.jsx',
      `import { build } from './model';\nexport function App() { return <button onClick={() => build(7)}>go</button>; }`,
    ],
    [
      'a command line',
      'src/main.js',
      `const argparse = require('argparse');\nconst { build } = require('./model');\nconst parser = new argparse.ArgumentParser({});\nparser.addArgument('--width', { type: 'int', defaultValue: 7 });\nconst args = parser.parseArgs();\nbuild(args.width);`,
    ],
    [
      'commander',
      'src/main.js',
      `const { program } = require('commander');\nconst { build } = require('./model');\nprogram.option('-w, --layer-width <n>', 'width', Number, 7).parse();\nbuild(program.opts().layerWidth);`,
    ],
    [
      'yargs',
      'src/main.js',
      `const argv = require('yargs').option('width', { default: 7 }).argv;\nrequire('./model').build(argv.width);`,
    ],
  ])('is read with the arguments of %s', async (_, path, text) => {
    const { models } = await rig.read(BUILDER, { path: 'src/model.js', files: [{ path, text }] });
    expect(models).toMatchObject([{ name: 'build', entry: 'build(7)', unread: null, guesses: [] }]);
    expect(shapes(models[0])).toEqual([[7, 3], [3]]);
  });

  it('is read with what the page holds', async () => {
    const text = `${BUILDER}\nconst field = document.getElementById('width');\nfield.addEventListener('change', () => build(Number.parseInt(field.value)));`;
    const page = `<html><input id="width" type="number" value="7"></html>`;
    const { models } = await rig.read(text, { path: 'index.js', files: [{ path: 'index.html', text: page }] });
    expect(models).toMatchObject([{ entry: 'build(7)', guesses: [] }]);
  });

  it.each([
    ['its listener', `self.addEventListener('message', async (e) => { const { width } = e.data; build(width); });`],
    ['its handler', `onmessage = ({ data }) => build(data.width);`],
    ['the handler of its scope', `self.onmessage = (e) => { build(e.data.width); self.postMessage({ done: true }); };`],
  ])('is read with what a page posts to the worker that builds it, by %s', async (_, listens) => {
    const page = `const worker = new Worker(new URL('./model.js', import.meta.url), { type: 'module' });
const other = new Worker('./other.js');
document.getElementById('go').addEventListener('click', () => {
  other.postMessage({ width: 5 });
  worker.postMessage({ width: 7 });
  worker.onmessage = (e) => console.log(e.data);
});`;
    const files = [{ path: 'src/index.js', text: page }];
    const { models } = await rig.read(`${BUILDER}\n${listens}`, { path: 'src/model.js', files });
    expect(models).toMatchObject([{ name: 'build', entry: 'build(7)', unread: null, guesses: [] }]);
  });

  it.each([
    ['beside functions without arguments', `async function main() { await get(); build(7); }\nmain();`],
    [
      'that looks for its folder',
      `(async () => { const place = require('path').resolve(__dirname, 'x'); await get(place); build(7); })();`,
    ],
  ])('is read with the arguments of a program that awaits, %s', async (_, runs) => {
    const text = `${BUILDER}\nconst load = require('load');\nasync function get() { return await load('x'); }\n${runs}`;
    const { models } = await rig.read(text, { path: 'model.js' });
    expect(models).toMatchObject([{ name: 'build', entry: 'build(7)', unread: null, guesses: [] }]);
  });

  it('is read with a guess where it goes through what is not known before', async () => {
    const text = `${TF}const data = require('data');
export function main() {
  const rows = data.load();
  const seen = new Set();
  for (const row of rows) seen.add(row);
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 3, inputShape: [rows.length] }));
}`;
    const { models } = await rig.read(text, { path: 'model.js' });
    expect(models).toMatchObject([{ name: 'main', unread: null }]);
    expect(models[0]?.guesses).toHaveLength(1);
  });

  it('is read in a module that asks for `import.meta`', async () => {
    const text = `${BUILDER}\nconst base = import.meta.env.BASE_URL + new URL('./x', import.meta.url);\nbuild(7);`;
    const { models } = await rig.read(text, { path: 'model.js' });
    expect(models).toMatchObject([{ name: 'build', entry: 'build(7)', unread: null }]);
  });

  it('is read with a guess where only a size is not known', async () => {
    const { models } = await rig.read(BUILDER, { path: 'model.js' });
    expect(models).toMatchObject([{ name: 'build', unread: null }]);
    expect(models[0]?.guesses[0]?.message).toContain('`width`');
  });

  it('is not read where what is not known may choose between layers', async () => {
    const text = `${TF}export function build(kind) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 3, inputShape: [2] }));
  if (kind === 'deep') model.add(tf.layers.dense({ units: 3 }));
  return model;
}`;
    const { models } = await rig.read(text, { path: 'model.js' });
    expect(models).toMatchObject([{ name: 'build', graph: null, unread: { code: 'needs-arguments' } }]);
    expect(models[0]?.unread?.message).toContain('// gradient-lens: args=(kind)');
  });

  it('is not read where layers are made for each of something unknown', async () => {
    const text = `${TF}export function build(sizes) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 3, inputShape: [2] }));
  sizes.forEach((units) => model.add(tf.layers.dense({ units })));
  return model;
}`;
    const { models } = await rig.read(text, { path: 'model.js' });
    expect(models).toMatchObject([{ name: 'build', graph: null, unread: { code: 'needs-arguments' } }]);
  });

  it.each([
    ['// gradient-lens: args=(5)', [5, 3]],
    ['// gradient-lens: args=[6]', [6, 3]],
    ['/* gradient-lens: args=(4 + 3) */', [7, 3]],
  ])('is read as a comment says: %s', async (comment, shape) => {
    const text = BUILDER.replace('export function', `${comment}\nexport function`);
    const { models } = await rig.read(text, { path: 'model.js' });
    expect(models).toMatchObject([{ name: 'build', unread: null, guesses: [] }]);
    expect(shapes(models[0])?.[0]).toEqual(shape);
  });
});

describe('where models stand', () => {
  const layer = 'tf.layers.dense({ units: 3, inputShape: [2] })';
  const whole = `tf.sequential({ layers: [${layer}] })`;
  it.each([
    ['an exported arrow function', `export const build = () => ${whole};`, 'build'],
    ['the default export', `export default () => ${whole};`, 'default'],
    ['an unnamed default function', `export default function () { return ${whole}; }`, 'default'],
    ['module.exports', `module.exports = { build() { return ${whole}; } };`, 'build'],
    ['exports.build', `exports.build = () => ${whole};`, 'build'],
    ['an async factory', `async function build() { await tf.ready(); return ${whole}; }`, 'build'],
    ['a class', `class Net { constructor() { this.model = ${whole}; } }`, 'Net'],
    [
      'a method',
      `class App { constructor(http) { this.http = http; }\n async train() { const m = ${whole}; await m.fit(1, 2); } }`,
      'App',
    ],
    ['a function that trains', `async function run() { const model = ${whole}; await model.fit(1, 2); }`, 'run'],
    [
      'a call whose argument waits',
      `async function load() { return 3; }\nasync function run() { const m = tf.sequential({ layers: [tf.layers.dense({ units: await load(), inputShape: [2] })] }); return m; }`,
      'run',
    ],
  ])('%s', async (_, code, name) => {
    const { models, problems } = await rig.read(`const tf = require('@tensorflow/tfjs');\n${code}`, { path: 'a.js' });
    expect(problems).toEqual([]);
    expect(models).toMatchObject([{ name, unread: null, guesses: [] }]);
    expect(shapes(models[0])).toEqual([[2, 3], [3]]);
  });

  it.each([
    ['import * as tf', `import * as tf from '@tensorflow/tfjs';`],
    ['a default import', `import tf from '@tensorflow/tfjs-node';`],
    ['named imports', `import { sequential, layers } from '@tensorflow/tfjs';\nconst tf = { sequential, layers };`],
    ['require', `const tf = require('@tensorflow/tfjs-node-gpu');`],
    [
      'destructured require',
      `const { sequential, layers } = require('@tensorflow/tfjs-layers');\nconst tf = { sequential, layers };`,
    ],
    ['a dynamic import', `const tf = await import('@tensorflow/tfjs');`],
    ['a script tag', ``],
  ])('TensorFlow.js by %s', async (_, line) => {
    const { models } = await rig.read(`${line}\nconst model = ${whole};`, { path: 'a.mjs' });
    expect(models).toMatchObject([{ name: 'model', unread: null }]);
  });

  it('says that a loaded model cannot be read, and reads what stands beside it', async () => {
    const { models } = await rig.read(
      `const tf = require('@tensorflow/tfjs');
async function truncated() {
  const base = await tf.loadLayersModel('https://example.org/model.json');
  return tf.model({ inputs: base.inputs, outputs: base.getLayer('x').output });
}
function head() { return ${whole}; }`,
      { path: 'a.js' },
    );
    expect(models.map(({ name, unread }) => [name, unread?.code ?? null])).toEqual([
      ['head', null],
      ['truncated', 'unknown-value'],
    ]);
    expect(models[1]?.unread?.message).toContain('a model that is loaded');
  });
});
