import * as path from 'node:path';
import * as vm from 'node:vm';
import '@tensorflow/tfjs-backend-cpu';
import * as tfc from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { buildKernels } from '../../../../scripts/build/kernels.mjs';
import type { ModelGraph } from '../../../../src/graph/graph';
import { bootBackend } from '../../../../src/training/backend';
import { Executor } from '../../../../src/training/executor/executor';
import { drawParameter } from '../../../../src/training/initialise/initialise';
import { OP_TABLE } from '../../../../src/training/ops/table';
import { fromElements } from '../../../../src/training/ops/tensors';
import { NO_DRAWS } from '../../training/executor/graphs';
import { Rig } from './rig';

vi.setConfig({ testTimeout: 60_000 });

interface Row {
  /** The call behind `tf.layers.`; the model is that layer alone, or `whole`. */
  call: string;
  shape: number[];
  /** Rows of an embedding: the input holds numbers below it. */
  high?: number;
  /** What it gives cannot be compared: it draws noise. */
  noisy?: boolean;
  /** What is said where it is refused. */
  refused?: RegExp;
}

/** Every layer that tfjs-layers exports, by the factory's name. */
const ROWS: Record<string, Row[]> = {
  activation: [
    'relu',
    'hardSigmoid',
    'softplus',
    'softsign',
    'elu',
    'selu',
    'softmax',
    'logSoftmax',
    'swish',
    'mish',
    'relu6',
    'tanh',
    'linear',
    'sigmoid',
  ].map((name) => ({ call: `activation({ activation: '${name}' })`, shape: [6] })),
  add: [{ call: 'add()', shape: [3, 4] }],
  alphaDropout: [{ call: 'alphaDropout({ rate: 0.3 })', shape: [5], noisy: true }],
  average: [{ call: 'average()', shape: [3, 4] }],
  averagePooling1d: [{ call: 'averagePooling1d({ poolSize: 2, padding: "same" })', shape: [7, 3] }],
  averagePooling2d: [
    { call: 'averagePooling2d({ poolSize: [3, 2], strides: [2, 1], padding: "same" })', shape: [7, 6, 3] },
  ],
  averagePooling3d: [{ call: 'averagePooling3d({ poolSize: 2 })', shape: [4, 4, 4, 2] }],
  batchNormalization: [
    { call: 'batchNormalization({})', shape: [5, 5, 3] },
    // Without scale or offset TensorFlow.js itself fails while training.
    { call: 'batchNormalization({})', shape: [9] },
  ],
  bidirectional: [
    {
      call: "bidirectional({ layer: tf.layers.gru({ units: 4, returnSequences: true }), mergeMode: 'concat' })",
      shape: [5, 3],
    },
    { call: "bidirectional({ layer: tf.layers.lstm({ units: 4 }), mergeMode: 'sum' })", shape: [5, 3] },
  ],
  categoryEncoding: [
    { call: "categoryEncoding({ numTokens: 4, outputMode: 'oneHot' })", shape: [1], refused: /CategoryEncoding/ },
  ],
  centerCrop: [{ call: 'centerCrop({ height: 2, width: 2 })', shape: [4, 4, 3], refused: /CenterCrop/ }],
  concatenate: [{ call: 'concatenate({ axis: 1 })', shape: [3, 4] }],
  conv1d: [{ call: "conv1d({ filters: 4, kernelSize: 3, padding: 'same', dilationRate: 2 })", shape: [9, 5] }],
  conv2d: [
    {
      call: "conv2d({ filters: 8, kernelSize: [3, 2], strides: 2, padding: 'same', activation: 'elu' })",
      shape: [7, 6, 5],
    },
    { call: 'conv2d({ filters: 8, kernelSize: 3, dilationRate: 2, useBias: false })', shape: [9, 9, 2] },
  ],
  conv2dTranspose: [
    { call: "conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' })", shape: [4, 5, 6] },
    { call: 'conv2dTranspose({ filters: 4, kernelSize: 2, strides: 1 })', shape: [4, 5, 6] },
  ],
  conv3d: [{ call: 'conv3d({ filters: 4, kernelSize: 2 })', shape: [4, 4, 4, 3] }],
  conv3dTranspose: [{ call: 'conv3dTranspose({ filters: 3, kernelSize: 2, strides: 2 })', shape: [3, 3, 3, 4] }],
  convLstm2d: [{ call: 'convLstm2d({ filters: 2, kernelSize: 3 })', shape: [3, 5, 5, 2] }],
  cropping2D: [{ call: 'cropping2D({ cropping: [[1, 0], [2, 1]] })', shape: [5, 6, 2] }],
  dense: [
    { call: "dense({ units: 12, activation: 'tanh' })", shape: [11] },
    { call: 'dense({ units: 12, useBias: false })', shape: [3, 11] },
  ],
  depthwiseConv2d: [
    { call: "depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' })", shape: [6, 6, 5] },
  ],
  dot: [
    { call: 'dot({ axes: [2, 2] })', shape: [3, 4] },
    { call: 'dot({ axes: 1 })', shape: [6] },
  ],
  dropout: [{ call: 'dropout({ rate: 0.3 })', shape: [5], noisy: true }],
  // TensorFlow.js knows no other alpha.
  elu: [{ call: 'elu({})', shape: [5] }],
  embedding: [{ call: 'embedding({ inputDim: 20, outputDim: 7 })', shape: [6], high: 20 }],
  flatten: [{ call: 'flatten()', shape: [3, 4, 2] }],
  gaussianDropout: [{ call: 'gaussianDropout({ rate: 0.3 })', shape: [5], noisy: true }],
  gaussianNoise: [{ call: 'gaussianNoise({ stddev: 0.3 })', shape: [5], noisy: true }],
  globalAveragePooling1d: [{ call: 'globalAveragePooling1d({})', shape: [5, 3] }],
  globalAveragePooling2d: [{ call: 'globalAveragePooling2d({})', shape: [5, 4, 3] }],
  globalMaxPooling1d: [{ call: 'globalMaxPooling1d({})', shape: [5, 3] }],
  globalMaxPooling2d: [{ call: 'globalMaxPooling2d({})', shape: [5, 4, 3] }],
  gru: [
    { call: 'gru({ units: 6 })', shape: [5, 4] },
    { call: 'gru({ units: 6, returnSequences: true, goBackwards: true })', shape: [5, 4] },
  ],
  inputLayer: [],
  layerNormalization: [{ call: 'layerNormalization({})', shape: [5, 8] }],
  leakyReLU: [{ call: 'leakyReLU({})', shape: [9] }],
  lstm: [
    { call: 'lstm({ units: 6, unitForgetBias: false })', shape: [5, 4] },
    { call: 'lstm({ units: 6, returnSequences: true })', shape: [5, 4] },
  ],
  masking: [{ call: 'masking({ maskValue: 0 })', shape: [5, 4] }],
  maxPooling1d: [{ call: 'maxPooling1d({ poolSize: 3, strides: 2 })', shape: [8, 3] }],
  maxPooling2d: [{ call: "maxPooling2d({ poolSize: 2, padding: 'same' })", shape: [5, 5, 3] }],
  maxPooling3d: [{ call: 'maxPooling3d({ poolSize: 2 })', shape: [4, 4, 4, 2] }],
  maximum: [{ call: 'maximum()', shape: [3, 4] }],
  minimum: [{ call: 'minimum()', shape: [3, 4] }],
  multiply: [{ call: 'multiply()', shape: [3, 4] }],
  permute: [{ call: 'permute({ dims: [2, 1] })', shape: [3, 4] }],
  prelu: [{ call: 'prelu({})', shape: [9] }],
  randomWidth: [{ call: 'randomWidth({ factor: 0.2 })', shape: [4, 4, 3], refused: /RandomWidth/ }],
  reLU: [{ call: 'reLU({ maxValue: 0.5 })', shape: [9] }],
  repeatVector: [{ call: 'repeatVector({ n: 3 })', shape: [4] }],
  rescaling: [{ call: 'rescaling({ scale: 2, offset: 1 })', shape: [4] }],
  reshape: [{ call: 'reshape({ targetShape: [2, -1] })', shape: [6, 2] }],
  // TensorFlow.js' own does not run inside a model.
  resizing: [{ call: "resizing({ height: 4, width: 6, interpolation: 'nearest' })", shape: [2, 3, 2], noisy: true }],
  rnn: [{ call: 'rnn({ cell: tf.layers.lstmCell({ units: 3 }) })', shape: [4, 2] }],
  separableConv2d: [{ call: 'separableConv2d({ filters: 8, kernelSize: 3, depthMultiplier: 2 })', shape: [6, 6, 6] }],
  simpleRNN: [{ call: "simpleRNN({ units: 6, activation: 'relu' })", shape: [5, 4] }],
  softmax: [{ call: 'softmax({})', shape: [5] }],
  spatialDropout1d: [{ call: 'spatialDropout1d({ rate: 0.2 })', shape: [5, 3], noisy: true }],
  thresholdedReLU: [{ call: 'thresholdedReLU({ theta: 0.3 })', shape: [9] }],
  timeDistributed: [{ call: 'timeDistributed({ layer: tf.layers.dense({ units: 3 }) })', shape: [4, 5] }],
  upSampling2d: [{ call: 'upSampling2d({ size: [2, 3] })', shape: [3, 2, 2] }],
  zeroPadding2d: [{ call: 'zeroPadding2d({ padding: [[1, 0], [2, 1]] })', shape: [3, 3, 2] }],
};
/** Other spellings of the same factory, and what is no layer of its own. */
const ALIASES =
  /^(avgPool|globalMaxPool\dd|maxPool\dd|averagePooling\dd|Layer|RNN|RNNCell|input|.*Cell|stackedRNNCells)/;

const BATCH = 2;
const MERGES = /^(add|average|concatenate|dot|maximum|minimum|multiply)\(/;

function codeOf({ call, shape, high }: Row): string {
  const input = `tf.input({ shape: [${shape.join(', ')}]${high === undefined ? '' : ", dtype: 'int32'"} })`;
  if (!MERGES.test(call))
    return `(() => { const x = ${input}; return tf.model({ inputs: x, outputs: tf.layers.${call}.apply(x) }); })()`;
  return `(() => { const x = ${input}; const y = ${input}; return tf.model({ inputs: [x, y], outputs: tf.layers.${call}.apply([x, y]) }); })()`;
}

/** Numbers between -1.5 and 1.5, the same in every run. */
function numbers(count: number, seed: number, high?: number): Float32Array {
  let state = seed * 7919 + 13;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const u = state / 2 ** 32;
    return high === undefined ? 3 * u - 1.5 : Math.floor(u * high);
  });
}

const size = (shape: readonly number[]) => shape.reduce((all, n) => all * n, 1);

describe('every layer of tfjs-layers', () => {
  let rig: Rig;
  beforeAll(async () => {
    await buildKernels();
    await bootBackend({ directory: path.resolve('dist', 'wasm') });
    rig = await Rig.make();
  });

  it('has a row here', () => {
    const missing = Object.keys(tfl.layers).filter((name) => !ALIASES.test(name) && ROWS[name] === undefined);
    expect(missing).toEqual([]);
  });

  const rows = Object.values(ROWS).flat();
  it.each(rows.map((row) => [row.call, row] as const))('%s', async (_, row) => {
    const code = codeOf(row);
    const { models } = await rig.read(`const tf = require('@tensorflow/tfjs');\nconst model = ${code};`, {
      path: 'a.js',
      batch: BATCH,
    });
    const [model] = models;
    if (row.refused) {
      expect(model?.unread?.message).toMatch(row.refused);
      expect(model?.unread?.span?.range.start.line).toBe(1);
      return;
    }
    expect(model?.unread ?? null).toBeNull();
    const graph = model?.graph;
    if (!graph) throw new Error('no graph');
    await tfc.setBackend('cpu');
    const make = vm.runInThisContext(`(tf) => ${code}`) as (tf: typeof tfl) => tfl.LayersModel;
    compareStart(graph, make);
    if (!row.noisy) await compareForward(graph, make(tfl), row);
  });
});

/** Names, shapes and spread of the weights, against what TensorFlow.js itself draws. */
function compareStart(graph: ModelGraph, make: (tf: typeof tfl) => tfl.LayersModel): void {
  const draws = Array.from({ length: 8 }, () => make(tfl).trainableWeights.map((weight) => weight.read().dataSync()));
  const [first] = draws;
  expect(graph.parameters.map(({ shape }) => size(shape))).toEqual(first?.map(({ length }) => length));
  graph.parameters.forEach((parameter, k) => {
    expect(parameter.initialiserOrigin, parameter.name).toBe('default');
    const n = size(parameter.shape);
    const theirs = mean(draws.map((weights) => deviation(weights[k] ?? [])));
    const ours = mean(Array.from({ length: 8 }, (_, seed) => deviation(drawParameter(graph.parameters, k, seed))));
    if (n >= 8)
      expect(Math.abs(ours - theirs), parameter.name).toBeLessThanOrEqual(
        (4 / Math.sqrt(8 * n)) * Math.max(ours, theirs),
      );
  });
}

/** What the graph gives with the same weights and inputs, against TensorFlow.js in training mode. */
async function compareForward(graph: ModelGraph, real: tfl.LayersModel, row: Row): Promise<void> {
  const weights = graph.parameters.map(({ shape }, k) => numbers(size(shape), k + 1));
  real.trainableWeights.forEach((weight, k) =>
    weight.write(tfc.tensor([...(weights[k] ?? [])], weight.shape as number[])),
  );
  const shape = [BATCH, ...row.shape];
  const inputs = graph.inputs.map((_, k) => numbers(size(shape), 100 + k, row.high));
  const tensors = inputs.map((x) => tfc.tensor([...x], shape, row.high === undefined ? 'float32' : 'int32'));
  const wanted = [real.apply(tensors, { training: true })].flat() as tfc.Tensor[];
  const theirs = wanted.map((tensor) => [...tensor.dataSync()]);
  expect(graph.outputs.map((value) => graph.values[value]?.shape)).toEqual(wanted.map((tensor) => tensor.shape));
  await tfc.setBackend('wasm');
  const executor = new Executor(graph, OP_TABLE);
  const pass = executor.forward(
    {
      inputs: inputs.map((x, k) =>
        row.high === undefined
          ? fromElements(x, graph.inputs[k]?.shape ?? [])
          : tfc.tensor([...x], graph.inputs[k]?.shape ?? [], 'int32'),
      ),
      parameters: weights.map((x, k) => fromElements(x, graph.parameters[k]?.shape ?? [])),
    },
    NO_DRAWS,
  );
  pass.outputs.forEach((tensor, k) => {
    const ours = [...tensor.dataSync()];
    const worst = Math.max(...ours.map((value, i) => Math.abs(value - (theirs[k]?.[i] ?? NaN))));
    expect(worst).toBeLessThan(2e-4);
  });
  executor.dispose();
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function deviation(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const centre = mean(list);
  return Math.sqrt(mean(list.map((value) => (value - centre) ** 2)));
}
