import type { Tensor } from '@tensorflow/tfjs-core';
import { operand } from '../kernels/rows';
import { foldInto, groupsOf, type Groups } from './groups';
import type { OpRow, OpRows } from './row';
import { allocateFloats, allocateOutput, elements, floats } from './tensors';

type Reducing = 'sum' | 'mean' | 'max' | 'min' | 'prod' | 'logSumExp' | 'any' | 'all';

/** What a reduction needs to know of its operand and result. */
interface Reduced {
  groups: Groups;
  /** The operand's elements. */
  x: ArrayLike<number>;
}

interface Reduction {
  /** One result for each group, in float64. */
  value: (reduced: Reduced) => Float64Array;
  /** dy/dx of each element; `y` are the (float32) results and `notes` what `prepare` made of them. */
  slope?: (x: number, y: number, note: number, count: number) => number;
  /** One number a group that the slopes share. */
  prepare?: (reduced: Reduced, y: Float32Array) => Float64Array;
}

function reduction<O extends Reducing>({ value, slope, prepare }: Reduction): OpRow<O> {
  const groupsFor = (x: Tensor, axes: readonly number[]) => groupsOf(x.shape, axes);
  return {
    forward(inputs, { node, outputValues }) {
      const x = operand(inputs, 0);
      const y = allocateOutput(outputValues);
      elements(y).set(value({ groups: groupsFor(x, node.attributes.axes), x: elements(x) }));
      return { outputs: [y] };
    },
    backward:
      slope === undefined
        ? null
        : ({ inputs, outputs, outputGradients: [dy] }, { node }) => {
            if (!dy) return [null];
            const [x, y] = [operand(inputs, 0), operand(outputs, 0)];
            const dx = allocateFloats(x.shape);
            const groups = groupsFor(x, node.attributes.axes);
            const [from, made, gradient, to] = [floats(x), floats(y), floats(dy), floats(dx)];
            const notes = prepare?.({ groups, x: from }, made);
            groups.forEach((i, g) => {
              to[i] = (gradient[g] ?? 0) * slope(from[i] ?? 0, made[g] ?? 0, notes?.[g] ?? 0, groups.count);
            });
            return [dx];
          },
  };
}

const fold =
  (start: number, step: (total: number, x: number) => number) =>
  ({ groups, x }: Reduced) =>
    foldInto(new Float64Array(groups.size).fill(start), groups, x, step);

const largest = fold(-Infinity, (best, x) => (x > best || Number.isNaN(x) ? x : best));
const smallest = fold(Infinity, (best, x) => (x < best || Number.isNaN(x) ? x : best));

/** How many elements of each group equal its result. */
const ties = ({ groups, x }: Reduced, y: Float32Array): Float64Array => {
  const counts = new Float64Array(groups.size);
  groups.forEach((i, g) => {
    if (x[i] === y[g]) counts[g] = (counts[g] ?? 0) + 1;
  });
  return counts;
};

/** Equal extremes share the gradient evenly (PyTorch's amax, TensorFlow's reduce_max). */
const shared = (x: number, y: number, count: number): number => (x === y ? 1 / count : 0);

function mean({ groups, x }: Reduced): Float64Array {
  return fold(0, (total, v) => total + v)({ groups, x }).map((total) => total / groups.count);
}

/** log sum e^x, by the largest element so that nothing overflows. */
function logSumExp(reduced: Reduced): Float64Array {
  const { groups, x } = reduced;
  const peaks = largest(reduced).map((peak) => (Number.isFinite(peak) ? peak : 0));
  const sums = new Float64Array(groups.size);
  groups.forEach((i, g) => (sums[g] = (sums[g] ?? 0) + Math.exp((x[i] ?? 0) - (peaks[g] ?? 0))));
  return sums.map((total, g) => Math.log(total) + (peaks[g] ?? 0));
}

const product = fold(1, (total, x) => total * x);

/**
 * The product of the other elements: of all of them over x, or, where exactly one element is zero, of the others for that
 * one and zero for them.
 */
const prod: OpRow<'prod'> = {
  ...reduction<'prod'>({ value: product }),
  backward({ inputs, outputGradients: [dy] }, { node }) {
    if (!dy) return [null];
    const x = operand(inputs, 0);
    const dx = allocateFloats(x.shape);
    const groups = groupsOf(x.shape, node.attributes.axes);
    const [from, gradient, to] = [floats(x), floats(dy), floats(dx)];
    const zeros = fold(0, (total, v) => total + (v === 0 ? 1 : 0))({ groups, x: from });
    const others = fold(1, (total, v) => (v === 0 ? total : total * v))({ groups, x: from });
    groups.forEach((i, g) => {
      const v = from[i] ?? 0;
      const missing = zeros[g] ?? 0;
      const slope = missing === 0 ? (others[g] ?? 0) / v : missing === 1 && v === 0 ? (others[g] ?? 0) : 0;
      to[i] = (gradient[g] ?? 0) * slope;
    });
    return [dx];
  },
};

/** Reductions over axes, in float64. */
export const REDUCTION_ROWS = {
  sum: reduction<'sum'>({ value: fold(0, (total, x) => total + x), slope: () => 1 }),
  mean: reduction<'mean'>({ value: mean, slope: (_x, _y, _note, count) => 1 / count }),
  max: reduction<'max'>({ value: largest, prepare: ties, slope: shared }),
  min: reduction<'min'>({ value: smallest, prepare: ties, slope: shared }),
  prod,
  logSumExp: reduction<'logSumExp'>({ value: logSumExp, slope: (x, y) => Math.exp(x - y) }),
  any: reduction<'any'>({ value: fold(0, (total, x) => (x !== 0 ? 1 : total)) }),
  all: reduction<'all'>({ value: fold(1, (total, x) => (x === 0 ? 0 : total)) }),
} satisfies OpRows;
