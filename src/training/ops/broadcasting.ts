import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpName } from '../../graph/ops';
import { heap } from '../kernels/heap';
import { channelSums } from '../kernels/matrix';
import { operand, product } from '../kernels/rows';
import type { OpRow } from './row';
import { broadcastStrides, forEachRun, stridesOf, walk, type Walk } from './strides';
import { alias, allocateOutput, elements, floats, fromElements, sizeOf } from './tensors';

/** A function of two numbers and its partial derivatives, in float64; `y` is the (float32) result. */
export interface Pair {
  value: (a: number, b: number) => number;
  /** null where the function is flat by definition: the gradient is then zero. */
  slopeA: ((a: number, b: number, y: number) => number) | null;
  slopeB: ((a: number, b: number, y: number) => number) | null;
}

/** The loop over a result of `shape`: operands are the result itself, a and b. */
export const pairWalk = (a: Tensor, b: Tensor, shape: readonly number[]): Walk =>
  walk(shape, [stridesOf(shape), broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)]);

/** Row of an op on two operands that broadcast against each other. */
export function pair<O extends OpName>({ value, slopeA, slopeB }: Pair): OpRow<O> {
  const slopes = [slopeA, slopeB];
  return {
    forward: (inputs, { outputValues }) => {
      const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
      const y = allocateOutput(outputValues);
      const [left, right, to] = [elements(a), elements(b), elements(y)];
      forEachRun(pairWalk(a, b, y.shape), (count, cell, offsets, strides) => {
        let [, i = 0, j = 0] = offsets;
        const [, di = 0, dj = 0] = strides;
        for (let k = cell; k < cell + count; k++, i += di, j += dj) to[k] = value(left[i] ?? 0, right[j] ?? 0);
      });
      return { outputs: [y] };
    },
    backward: ({ inputs, outputs, outputGradients: [dy], wanted }) => {
      if (!dy) return [null, null];
      const [a, b, y] = [operand(inputs, 0), operand(inputs, 1), operand(outputs, 0)];
      return slopes.map((slope, side) => {
        if (wanted[side] !== true) return null;
        const own = side === 0 ? a : b;
        const sums = new Float64Array(own.size);
        if (slope !== null) {
          const [left, right, made, gradient] = [elements(a), elements(b), elements(y), floats(dy)];
          forEachRun(pairWalk(a, b, y.shape), (count, cell, offsets, strides) => {
            let [, i = 0, j = 0] = offsets;
            const [, di = 0, dj = 0] = strides;
            for (let k = cell; k < cell + count; k++, i += di, j += dj) {
              const at = side === 0 ? i : j;
              sums[at] = (sums[at] ?? 0) + (gradient[k] ?? 0) * slope(left[i] ?? 0, right[j] ?? 0, made[k] ?? 0);
            }
          });
        }
        return fromElements(sums, own.shape);
      });
    },
  };
}

/** A comparison or logical op: a bool result, nothing to differentiate. */
export const comparison = <O extends OpName>(holds: (a: number, b: number) => boolean): OpRow<O> => ({
  ...pair<O>({ value: (a, b) => (holds(a, b) ? 1 : 0), slopeA: null, slopeB: null }),
  backward: null,
});

/** The gradient of a value that was broadcast to `dy`'s shape: `factor` times the sums over its repeated axes. */
export function reducedTo(shape: readonly number[], dy: Tensor, factor = 1): Tensor {
  if (factor === 1 && sizeOf(shape) === dy.size) return alias(dy, shape);
  const blocks = factor === 1 ? repeatedAround(shape, dy.shape) : null;
  if (blocks !== null) return channelSums(heap(), dy, blocks, [...shape]);
  const gradient = floats(dy);
  const sums = new Float64Array(sizeOf(shape));
  const cells = walk(dy.shape, [stridesOf(dy.shape), broadcastStrides(shape, dy.shape)]);
  forEachRun(cells, (count, cell, offsets, strides) => {
    let [, at = 0] = offsets;
    const [, step = 0] = strides;
    if (step === 0) {
      let total = 0;
      for (let k = cell; k < cell + count; k++) total += gradient[k] ?? 0;
      sums[at] = (sums[at] ?? 0) + total;
    } else {
      for (let k = cell; k < cell + count; k++, at += step) sums[at] = (sums[at] ?? 0) + (gradient[k] ?? 0);
    }
  });
  if (factor !== 1) for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) * factor;
  return fromElements(sums, shape);
}

/**
 * Sizes of the axes before, of and after the value's own where it was repeated along leading and trailing axes alone; null
 * where repeated axes lie between its own.
 */
function repeatedAround(shape: readonly number[], whole: readonly number[]): [number, number, number] | null {
  const repeated = whole.map((size, axis) => size !== (shape[axis - whole.length + shape.length] ?? 1));
  const first = repeated.indexOf(false);
  const last = repeated.lastIndexOf(false);
  if (first < 0) return [1, 1, product(whole)];
  if (repeated.slice(first, last + 1).includes(true)) return null;
  return [product(whole.slice(0, first)), product(whole.slice(first, last + 1)), product(whole.slice(last + 1))];
}
