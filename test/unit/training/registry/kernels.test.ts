import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerGradients } from '../../../../src/training/registry/gradients';
import { OWN_KERNELS, registerKernels } from '../../../../src/training/registry/register';
import { boot } from '../kernels/rowCheck';
import { close, differences, given, spaced, type Given, on, type Work } from './against';

beforeAll(async () => {
  await boot();
  registerGradients();
});
afterAll(() => tf.setBackend('wasm'));

interface Case {
  work: Work;
  inputs: Given[];
  /** Kernels of ours that value and gradients run through. */
  through: string[];
  /** Where tfjs' cpu backend has no gradient, or a wrong one: only its value is compared. */
  cpu?: 'value';
}

const four = (t: tf.Tensor) => t as tf.Tensor4D;
const five = (t: tf.Tensor) => t as tf.Tensor5D;

const CONV2D = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];
const DEPTHWISE = [
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
];
const CASES: Record<string, Case> = {
  'conv2d, same, stride 2': {
    work: (x, w) => tf.conv2d(four(x), four(w), 2, 'same'),
    inputs: [given([2, 7, 6, 3], 1), given([3, 3, 3, 4], 2)],
    through: CONV2D,
  },
  'conv2d, valid, uneven strides': {
    work: (x, w) => tf.conv2d(four(x), four(w), [1, 2], 'valid'),
    inputs: [given([1, 6, 7, 2], 1), given([3, 2, 2, 3], 2)],
    through: CONV2D,
  },
  'conv2d, explicit pads': {
    work: (x, w) =>
      tf.conv2d(four(x), four(w), 1, [
        [0, 0],
        [2, 1],
        [0, 1],
        [0, 0],
      ]),
    inputs: [given([1, 5, 4, 2], 1), given([3, 2, 2, 3], 2)],
    through: CONV2D,
  },
  'conv2d, dilated': {
    work: (x, w) => tf.conv2d(four(x), four(w), 1, 'same', 'NHWC', [2, 3]),
    inputs: [given([2, 7, 7, 2], 1), given([3, 2, 2, 3], 2)],
    through: CONV2D,
    cpu: 'value',
  },
  'conv2d, channels first': {
    work: (x, w) => tf.conv2d(four(x), four(w), 1, 'same', 'NCHW'),
    inputs: [given([2, 3, 5, 4], 1), given([3, 3, 3, 2], 2)],
    through: CONV2D,
  },
  conv1d: {
    work: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 2, 'same'),
    inputs: [given([2, 9, 3], 1), given([4, 3, 2], 2)],
    through: CONV2D,
  },
  conv2dTranspose: {
    work: (x, w) => tf.conv2dTranspose(four(x), four(w), [2, 8, 6, 3], 2, 'same'),
    inputs: [given([2, 4, 3, 2], 1), given([3, 3, 3, 2], 2)],
    through: CONV2D,
  },
  conv3d: {
    work: (x, w) => tf.conv3d(five(x), five(w), [1, 2, 1], 'same'),
    inputs: [given([1, 3, 4, 5, 2], 1), given([2, 3, 2, 2, 3], 2)],
    through: ['Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
  },
  'depthwiseConv2d, multiplier 2': {
    work: (x, w) => tf.depthwiseConv2d(four(x), four(w), 2, 'same'),
    inputs: [given([2, 7, 6, 3], 1), given([3, 3, 3, 2], 2)],
    through: DEPTHWISE,
  },
  'depthwiseConv2d, dilated': {
    work: (x, w) => tf.depthwiseConv2d(four(x), four(w), 1, 'same', 'NHWC', 2),
    inputs: [given([1, 7, 6, 3], 1), given([3, 3, 3, 1], 2)],
    through: DEPTHWISE,
    cpu: 'value',
  },
  separableConv2d: {
    work: (x, d, p) => tf.separableConv2d(four(x), four(d), four(p), 1, 'same'),
    inputs: [given([1, 5, 5, 2], 1), given([3, 3, 2, 2], 2), given([1, 1, 4, 3], 3)],
    through: [...CONV2D, ...DEPTHWISE],
  },
  'maxPool without a positive value': {
    work: (x) => tf.maxPool(four(x.sub(17)), 3, 2, 'same'),
    inputs: [spaced([2, 7, 6, 3])],
    through: ['MaxPool', 'MaxPoolGrad'],
  },
  'maxPool3d without a positive value': {
    work: (x) => tf.maxPool3d(five(x.sub(17)), 2, 2, 'valid'),
    inputs: [spaced([1, 4, 4, 5, 2])],
    through: ['MaxPool3D', 'MaxPool3DGrad'],
  },
  // tfjs' own gradient divides by the whole window at the borders.
  avgPool3d: {
    work: (x) => tf.avgPool3d(five(x), 2, 1, 'same'),
    inputs: [given([1, 3, 4, 3, 2], 1)],
    through: ['AvgPool3D', 'AvgPool3DGrad'],
    cpu: 'value',
  },
  avgPool: {
    work: (x) => tf.avgPool(four(x), 3, 2, 'same'),
    inputs: [given([2, 7, 6, 3], 1)],
    through: ['AvgPool', 'AvgPoolGrad'],
    cpu: 'value',
  },
  resizeBilinear: {
    work: (x) => tf.image.resizeBilinear(four(x), [7, 5]),
    inputs: [given([2, 4, 4, 2], 1)],
    through: [],
  },
  'matMul of matrices, both transposed': {
    work: (a, b) => tf.matMul(a, b, true, true),
    inputs: [given([4, 3], 1), given([5, 4], 2)],
    through: ['BatchMatMul'],
  },
  'matMul of batches': {
    work: (a, b) => tf.matMul(a, b, false, true),
    inputs: [given([2, 3, 3, 4], 1), given([2, 3, 5, 4], 2)],
    through: ['BatchMatMul'],
  },
  'matMul, batches broadcast': {
    work: (a, b) => tf.matMul(a, b),
    inputs: [given([3, 2, 4], 1), given([1, 4, 5], 2)],
    through: ['BatchMatMul'],
  },
  einsum: {
    work: (a, b) => tf.einsum('bij,bjk->bik', a, b),
    inputs: [given([2, 3, 4], 1), given([2, 4, 5], 2)],
    through: ['Einsum', 'EinsumGrad'],
    cpu: 'value',
  },
  gather: {
    work: (x) => tf.gather(x, tf.tensor1d([3, 0, 3, 1], 'int32')),
    inputs: [given([5, 3], 1)],
    through: ['UnsortedSegmentSum'],
  },
  softmax: { work: (x) => tf.softmax(x), inputs: [given([3, 4, 5], 1)], through: ['Softmax'] },
  'tanh of sigmoid': {
    work: (x) => tf.tanh(tf.sigmoid(x.mul(5))),
    inputs: [given([3, 5], 1)],
    through: ['Tanh', 'Sigmoid', 'Identity'],
  },
  'softplus, erf': { work: (x) => tf.erf(tf.softplus(x)), inputs: [given([4, 5], 1)], through: ['Softplus', 'Erf'] },
  'sums over axes': {
    work: (x) => tf.sum(x, [0, -1], true).add(tf.sum(x, 1).sum()),
    inputs: [given([3, 4, 2], 1)],
    through: ['Sum'],
  },
  'slices, split': {
    work: (x) => {
      const [a, b] = tf.split(tf.slice(x, [1, 0], [2, -1]), 2, 1);
      return a!.mul(b!);
    },
    inputs: [given([4, 6], 1)],
    through: ['Slice'],
  },
  transpose: { work: (x) => tf.transpose(x, [2, 0, 1]), inputs: [given([3, 4, 2], 1)], through: ['Transpose'] },
};

describe("tfjs' kernels of ours", () => {
  it.each(Object.entries(CASES))('%s', async (_, { work, inputs, cpu }) => {
    const ours = await on('wasm', work, inputs);
    const theirs = await on('cpu', work, inputs, cpu !== 'value');
    expect(ours.shape).toEqual(theirs.shape);
    close(ours.value, theirs.value, 2e-6, 'value');
    theirs.gradients.forEach((gradient, i) => close(ours.gradients[i]!, gradient, 5e-6, `gradient ${i} on cpu`));
    const slopes = await differences('wasm', work, inputs);
    slopes.forEach((slope, i) => close(ours.gradients[i]!, slope, 3e-3, `gradient ${i} by differences`));
  });

  it('each serve at least one of the cases above', async () => {
    const served = new Set<string>();
    await tf.setBackend('wasm');
    for (const [name, { work, inputs, through }] of Object.entries(CASES)) {
      const { kernelNames } = await tf.profile(() => {
        const x = inputs.map(({ shape, values }) => tf.tensor([...values], shape));
        tf.dispose(
          tf.valueAndGrads((...z: tf.Tensor[]) =>
            work(...z)
              .sum()
              .asScalar(),
          )(x),
        );
        return x;
      });
      expect(kernelNames, name).toEqual(expect.arrayContaining(through));
      for (const kernel of through) served.add(kernel);
    }
    expect(OWN_KERNELS.map(({ kernelName }) => kernelName).filter((name) => !served.has(name))).toEqual([]);
  });

  it('leave other dtypes to tfjs', async () => {
    await tf.setBackend('wasm');
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32');
    const sum = tf.sum(x, 0);
    const turned = tf.transpose(x);
    expect([sum.dtype, ...sum.dataSync()]).toEqual(['int32', 4, 6]);
    expect([turned.dtype, ...turned.dataSync()]).toEqual(['int32', 1, 3, 2, 4]);
    tf.dispose([x, sum, turned]);
  });

  it('say which input of theirs has a dtype that nobody serves', () => {
    const x = tf.tensor2d([1, 2], [2, 1]);
    const run = () => tf.engine().runKernel('UnsortedSegmentSum', { x, segmentIds: x }, { numSegments: 2 });
    expect(run).toThrow('"segmentIds" must be int32, not float32');
    x.dispose();
  });

  it('are registered once', () => {
    const before = tf.getKernel('Conv2D', 'wasm');
    registerKernels();
    registerGradients();
    expect(tf.getKernel('Conv2D', 'wasm')).toBe(before);
  });
});
