import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../kernels/heap';
import { floats } from '../ops/tensors';
import type { TensorStore } from './store';
import type { Step } from './wiring';

const isFinite = (tensor: Tensor): boolean => {
  const backend = heap();
  return Number.isFinite(backend.kernels.sumOfSquares(backend.address(tensor), tensor.size));
};

/**
 * The first node that makes a NaN or an infinity. Infinities that the model writes itself (the -inf of an attention
 * mask) are passed over as long as they only travel on: they count from the first NaN that comes of them.
 */
export function firstNonFinite(steps: readonly Step[], store: TensorStore): number | null {
  const intended = new Set<number>();
  for (const { node, index, outputValues } of steps) {
    const inherits = node.op === 'constant' || node.inputs.some((input) => intended.has(input));
    for (const [k, value] of node.outputs.entries()) {
      if (outputValues[k]?.dtype !== 'float' || !store.has(value) || isFinite(store.get(value))) continue;
      if (!inherits || floats(store.get(value)).some(Number.isNaN)) return index;
      intended.add(value);
    }
  }
  return null;
}
