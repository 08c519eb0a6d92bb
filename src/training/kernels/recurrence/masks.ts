import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../heap';

/** What multiplies the two operands of each gate's products, [gates, N, F] and [gates, N, H], the same at every step; null for ones. */
export interface Masks {
  input: Tensor | null;
  recurrent: Tensor | null;
}

export const NO_MASKS: Masks = { input: null, recurrent: null };

/** The first `steps` blocks [N, K] of a sequence times a gate's mask, as a new tensor; the sequence itself without a mask. */
export function maskedRows(sequence: Tensor, mask: Tensor | null, gate: number, steps: number): Tensor {
  if (mask === null) return sequence;
  const backend = heap();
  const [, batch = 1, columns = 1] = mask.shape;
  const size = batch * columns;
  const result = backend.allocate([steps, batch, columns]);
  const [from, by, to] = [backend.floats(sequence), backend.floats(mask), backend.floats(result)];
  for (let at = 0; at < steps * size; at++) to[at] = (from[at] ?? NaN) * (by[gate * size + (at % size)] ?? NaN);
  return result;
}

/** to += from, in place, both of the same size. */
export function addInto(from: Tensor, to: Tensor): void {
  const backend = heap();
  const [added, sum] = [backend.floats(from), backend.floats(to)];
  for (let at = 0; at < added.length; at++) sum[at] = (sum[at] ?? NaN) + (added[at] ?? NaN);
}
