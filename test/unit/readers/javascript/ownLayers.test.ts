import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelGraph } from '../../../../src/graph/graph';
import { ReadingValidator } from '../../../../src/graph/validate';
import { Rig } from './rig';

let rig: Rig;
beforeAll(async () => void (rig = await Rig.make()));

/** A model with one layer of the file's own between input and output. */
async function read(body: string, inputShape = '[3, 4]', more = '') {
  const text = `import * as tf from '@tensorflow/tfjs';
class Own extends tf.layers.Layer {
  ${body}
}
${more}
export const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: ${inputShape} }), new Own({ name: 'own' })] });`;
  const result = await rig.read(text, { path: 'a.ts' });
  return new ReadingValidator().result(result).models[0];
}

const ops = (graph: ModelGraph | null | undefined) => graph?.nodes.map(({ op }) => op).filter((op) => op !== 'input');
const outputs = (graph: ModelGraph | null | undefined) => graph?.outputs.map((value) => graph.values[value]?.shape);

describe('a layer of the file', () => {
  it('is followed op by op, each at its own line', async () => {
    const model = await read(`computeOutputShape(shape) { return [shape[0], shape[1], 2 * shape[2]]; }
  call(inputs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const centred = x.sub(x.mean(-1, true));
    return tf.concat([centred.relu(), centred.neg().relu()], -1);
  }`);
    expect(model?.unread).toBeNull();
    expect(ops(model?.graph)).toEqual(['mean', 'sub', 'relu', 'neg', 'relu', 'concat']);
    expect(outputs(model?.graph)).toEqual([[4, 3, 8]]);
    const lines = model?.graph?.nodes.filter(({ op }) => op !== 'input').map(({ span }) => span?.range.start.line);
    expect(lines).toEqual([5, 5, 6, 6, 6, 6]);
  });

  it('brings its weights, with the initialisers that it gives them', async () => {
    const model = await read(`build(shape) {
    this.kernel = this.addWeight('kernel', [shape[shape.length - 1], 5], 'float32', tf.initializers.randomNormal({ stddev: 0.3 }));
    this.scale = this.addWeight('scale', [5], undefined, tf.initializers.ones(), null, false);
    this.built = true;
  }
  computeOutputShape(shape) { return [...shape.slice(0, -1), 5]; }
  call(inputs) { return tf.dot(tf.reshape(inputs[0], [-1, 4]), this.kernel.read()).mul(this.scale.read()).reshape([-1, 3, 5]); }`);
    expect(model?.unread).toBeNull();
    expect(model?.graph?.parameters).toMatchObject([
      { name: 'own/kernel', shape: [4, 5], trainable: true, initialiser: { kind: 'normal', mean: 0, std: 0.3 } },
      { name: 'own/scale', shape: [5], trainable: false, initialiser: { kind: 'constant', value: 1 } },
    ]);
    expect(ops(model?.graph)).toContain('matmul');
  });

  it('brings variables that it makes itself', async () => {
    const model =
      await read(`constructor(config) { super(config); this.w = tf.variable(tf.randomUniform([4, 2], -0.5, 0.5)); }
  computeOutputShape(shape) { return [...shape.slice(0, -1), 2]; }
  call(inputs) { return tf.einsum('abc,cd->abd', inputs[0], this.w); }`);
    expect(model?.graph?.parameters).toMatchObject([
      { shape: [4, 2], initialiser: { kind: 'uniform', low: -0.5, high: 0.5 } },
    ]);
  });

  it('shares its weights among its calls', async () => {
    const text = `import * as tf from '@tensorflow/tfjs';
class Scale extends tf.layers.Layer {
  static get className() { return 'Scale'; }
  build(shape) { this.s = this.addWeight('s', [shape[1]], 'float32', tf.initializers.ones()); this.built = true; }
  computeOutputShape(shape) { return shape; }
  call(inputs) { return inputs[0].mul(this.s.read()); }
}
const x = tf.input({ shape: [3] });
const shared = new Scale({});
export const model = tf.model({ inputs: x, outputs: shared.apply(shared.apply(x)) });`;
    const [model] = (await rig.read(text, { path: 'a.ts' })).models;
    expect(model?.graph?.parameters).toHaveLength(1);
    expect(ops(model?.graph)?.filter((op) => op === 'mul')).toHaveLength(2);
  });

  it('may use layers of TensorFlow.js inside', async () => {
    const model = await read(
      `constructor(config) { super(config); this.inner = tf.layers.dense({ units: 6, activation: 'relu' }); }
  computeOutputShape(shape) { return [...shape.slice(0, -1), 6]; }
  call(inputs) { return this.inner.apply(inputs[0]); }`,
      '[4]',
    );
    expect(model?.unread).toBeNull();
    expect(model?.graph?.parameters.map(({ shape }) => shape)).toEqual([[4, 6], [6]]);
    expect(outputs(model?.graph)).toEqual([[4, 6]]);
  });

  it('draws noise anew in every pass', async () => {
    const model = await read(`computeOutputShape(shape) { return shape; }
  call(inputs) { return inputs[0].add(tf.randomNormal(inputs[0].shape, 0, 0.1)); }`);
    expect(ops(model?.graph)).toContain('random');
  });

  it.each([
    ['an operation that is not known', `return tf.spectral.rfft(inputs[0]);`, 'unsupported', /rfft|spectral/],
    ['an operation without a row', `return tf.acosh(inputs[0]);`, 'unsupported', /Acosh/],
    [
      'a gradient of its own',
      `return tf.customGrad((x) => ({ value: x, gradFunc: (dy) => dy }))(inputs[0]);`,
      'unsupported',
      /customGrad/,
    ],
    ['a tensor from elsewhere', `return inputs[0].mul(require('data').table);`, 'unknown-value', /not known/],
    ['an error', `throw new Error('no such thing');`, 'runtime-error', /no such thing/],
    ['a shape that does not fit', `return inputs[0].add(tf.zeros([5, 5, 5]));`, 'runtime-error', /shape/],
    ['an endless loop', `while (true) {}`, 'timeout', /still running/],
  ])('with %s is unread at its line', async (_, line, code, message) => {
    const model = await read(`computeOutputShape(shape) { return shape; }
  call(inputs) {
    ${line}
  }`);
    expect(model).toMatchObject({ graph: null, unread: { code } });
    expect(model?.unread?.message).toMatch(message);
    if (code !== 'timeout') expect(model?.unread?.span?.range.start.line).toBe(4);
  });
});
