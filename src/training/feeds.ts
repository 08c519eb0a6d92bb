import type { Tensor } from '@tensorflow/tfjs-core';
import type { Scaled } from './executor/scaled';
import { heap } from './kernels/heap';

/** A tensor on the heap with these elements. */
export function toTensor(elements: Float32Array | Int32Array, shape: readonly number[]): Tensor {
  const backend = heap();
  if (elements instanceof Float32Array) {
    const tensor = backend.allocate([...shape], 'float32');
    backend.floats(tensor).set(elements);
    return tensor;
  }
  const tensor = backend.allocate([...shape], 'int32');
  backend.ints(tensor).set(elements);
  return tensor;
}

/**
 * A float64 gradient as a tensor and a power of two: the largest element comes to lie in [1, 2), and elements too small
 * for float32 beside it become zero instead of slow denormals (they are under 2^-126 of the largest).
 */
export function toScaled(gradient: Float64Array, shape: readonly number[]): Scaled {
  let largest = 0;
  for (const x of gradient) largest = Math.max(largest, Math.abs(x));
  const exponent = largest > 0 && Number.isFinite(largest) ? Math.floor(Math.log2(largest)) : 0;
  // In two factors: one power of two alone may leave float64's range.
  const half = Math.trunc(-exponent / 2);
  const [first, second] = [2 ** half, 2 ** (-exponent - half)];
  const elements = new Float32Array(gradient.length);
  for (let i = 0; i < elements.length; i++) {
    const x = (gradient[i] ?? 0) * first * second;
    elements[i] = Math.abs(x) < SMALLEST_NORMAL ? 0 : x;
  }
  return { tensor: toTensor(elements, shape), exponent };
}

const SMALLEST_NORMAL = 2 ** -126;
