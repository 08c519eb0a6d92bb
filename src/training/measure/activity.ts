import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../kernels/heap';
import type { Interval } from './slopes';

/** How often pre-activations fall into flat parts, by unit. */
export interface Activity {
  /** Share of elements in the saturated parts. */
  saturated: number;
  /** Share of units all of whose elements lie in closed parts. */
  dead: number;
}

/**
 * @param tensor pre-activations
 * @param axis where the units lie
 */
export function activity(
  tensor: Tensor,
  axis: number,
  saturated: readonly Interval[],
  closed: readonly Interval[],
): Activity {
  const count = saturated.reduce((sum, [from, to]) => sum + countWithin(tensor, from, to), 0);
  const elements = heap().floats(tensor);
  return {
    saturated: count / tensor.size,
    dead: closed.length === 0 ? 0 : deadShare(elements, tensor.shape, axis, closed),
  };
}

function deadShare(
  elements: Float32Array,
  shape: readonly number[],
  axis: number,
  closed: readonly Interval[],
): number {
  const units = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((size, n) => size * n, 1);
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    if (isDead(elements, unit * inner, units * inner, inner, closed)) dead++;
  }
  return dead / units;
}

/** Most units open within the first few elements, so that this rarely reads far. */
function isDead(
  elements: Float32Array,
  first: number,
  stride: number,
  inner: number,
  closed: readonly Interval[],
): boolean {
  for (let start = first; start < elements.length; start += stride) {
    for (let i = start; i < start + inner; i++) {
      const x = elements[i] ?? 0;
      if (!closed.some(([from, to]) => x >= from && x < to)) return false;
    }
  }
  return true;
}

function countWithin(tensor: Tensor, from: number, to: number): number {
  const backend = heap();
  return backend.kernels.countWithin(backend.address(tensor), tensor.size, from, to);
}
