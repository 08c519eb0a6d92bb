import { beforeAll, expect, it } from 'vitest';
import { Rig } from './rig';

let rig: Rig;
beforeAll(async () => void (rig = await Rig.make()));

const read = (text: string) => rig.read(`const tf = require('@tensorflow/tfjs');\n${text}`, { path: 'a.js' });

it('reads no model of which a layer was refused', async () => {
  const { models } = await read(
    `const model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 3, inputShape: [4] }));\nmodel.add(tf.layers.dense({ units: -2 }));`,
  );
  expect(models).toMatchObject([
    { graph: null, unread: { code: 'runtime-error', span: { range: { start: { line: 3 } } } } },
  ]);
});

it('guesses no size that comes from elsewhere', async () => {
  const { models } = await read(
    `const { width } = require('settings');\nconst model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 3, inputShape: [4] }));\nmodel.add(tf.layers.dense({ units: width }));`,
  );
  expect(models).toMatchObject([
    { graph: null, unread: { code: 'unknown-value', span: { range: { start: { line: 4 } } } } },
  ]);
});

it('locates a syntax error', async () => {
  const { problems, models } = await read('const model = tf.sequential({ layers: [ );');
  expect(models).toEqual([]);
  expect(problems).toMatchObject([{ code: 'syntax-error', span: { range: { start: { line: 1, character: 40 } } } }]);
});

it('runs helper modules of the workspace', async () => {
  const text = `import { head } from './head';\nimport { sequential } from '@tensorflow/tfjs';\nexport const model = sequential({ layers: [head(7)] });`;
  const helper = `import * as tf from '@tensorflow/tfjs';\nexport const head = (units: number) => tf.layers.dense({ units, inputShape: [2] });`;
  const { models } = await rig.read(text, { path: 'src/a.ts', files: [{ path: 'src/head.ts', text: helper }] });
  expect(models[0]?.graph?.parameters[0]).toMatchObject({
    shape: [2, 7],
    span: { path: 'src/head.ts', range: { start: { line: 1 } } },
  });
});
