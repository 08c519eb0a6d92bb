import {
  Erf,
  Sigmoid,
  Slice,
  slice_util,
  type SliceAttrs,
  Softmax,
  type SoftmaxAttrs,
  Softplus,
  Sum,
  type SumAttrs,
  Tanh,
  Transpose,
  type TransposeAttrs,
  util,
} from '@tensorflow/tfjs-core';
import { permuted } from '../kernels/layout';
import { ACTIVATION_ROWS } from '../ops/activations';
import { ELEMENTWISE_ROWS } from '../ops/elementwise';
import { REDUCTION_ROWS } from '../ops/reductions';
import { SHAPE_ROWS } from '../ops/shapes';
import { SOFTMAX_ROWS } from '../ops/softmax';
import { forward, type OwnKernel } from './rowKernel';

/** Kernels that are slow in tfjs' own build: it copies whole inputs, or computes them in plain C without lanes. */
export const ELEMENT_KERNELS: readonly OwnKernel[] = [
  {
    kernelName: Tanh,
    run: (inputs) => {
      const x = inputs.get('x');
      return forward({ op: 'tanh', row: ACTIVATION_ROWS.tanh, attributes: {}, output: x.shape }, [x]);
    },
  },
  {
    kernelName: Sigmoid,
    run: (inputs) => {
      const x = inputs.get('x');
      return forward({ op: 'sigmoid', row: ACTIVATION_ROWS.sigmoid, attributes: {}, output: x.shape }, [x]);
    },
  },
  {
    kernelName: Softplus,
    run: (inputs) => {
      const x = inputs.get('x');
      const attributes = { beta: 1, threshold: 20 };
      return forward({ op: 'softPlus', row: ACTIVATION_ROWS.softPlus, attributes, output: x.shape }, [x]);
    },
  },
  {
    kernelName: Erf,
    run: (inputs) => {
      const x = inputs.get('x');
      return forward({ op: 'erf', row: ELEMENTWISE_ROWS.erf, attributes: {}, output: x.shape }, [x]);
    },
  },
  {
    kernelName: Softmax,
    run: (inputs, given) => {
      const x = inputs.get('logits');
      const { dim } = given as SoftmaxAttrs;
      const axis = dim < 0 ? dim + x.shape.length : dim;
      return forward({ op: 'softmax', row: SOFTMAX_ROWS.softmax, attributes: { axis }, output: x.shape }, [x]);
    },
  },
  {
    kernelName: Sum,
    run: (inputs, given) => {
      const x = inputs.get('x');
      const { axis, keepDims } = given as SumAttrs;
      const axes = util.parseAxisParam(axis, x.shape);
      const output = x.shape.map((n, i) => (axes.includes(i) ? 1 : n)).filter((_, i) => keepDims || !axes.includes(i));
      return forward({ op: 'sum', row: REDUCTION_ROWS.sum, attributes: { axes, keepDims }, output }, [x]);
    },
  },
  {
    kernelName: Slice,
    run: (inputs, given) => {
      const x = inputs.get('x');
      const { begin, size } = given as SliceAttrs;
      const [start = [], output = []] = slice_util.parseSliceParams(x, begin, size);
      const stop = start.map((from, i) => from + (output[i] ?? 0));
      const attributes = { start, stop, step: start.map(() => 1) };
      return forward({ op: 'slice', row: SHAPE_ROWS.slice, attributes, output }, [x]);
    },
  },
  {
    kernelName: Transpose,
    run: (inputs, given) => permuted(inputs.get('x'), (given as TransposeAttrs).perm),
  },
];
