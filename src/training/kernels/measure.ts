import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from './heap';

/** log2 of the L2 norm of a float tensor, summed in float64: -Infinity for exactly zero, NaN or Infinity where elements are. */
export function log2Norm(tensor: Tensor): number {
  const backend = heap();
  return Math.log2(backend.kernels.sumOfSquares(backend.address(tensor), tensor.size)) / 2;
}

/** log2 of the root mean square; -Infinity for zero and for a tensor without elements. */
export function log2Rms(tensor: Tensor): number {
  return tensor.size === 0 ? -Infinity : log2Norm(tensor) - Math.log2(tensor.size) / 2;
}

/** Largest absolute element; 0 for a tensor without elements, NaN if any element is NaN. */
export function maxAbs(tensor: Tensor): number {
  const backend = heap();
  return backend.kernels.largest(backend.address(tensor), tensor.size);
}

/** How many elements are exactly zero (either sign). */
export function zeroCount(tensor: Tensor): number {
  const backend = heap();
  return backend.kernels.zeros(backend.address(tensor), tensor.size);
}

/** Mean and standard deviation (divided by n) in float64, in two passes. NaN for a tensor without elements. */
export function moments(tensor: Tensor): { mean: number; deviation: number } {
  const backend = heap();
  const address = backend.address(tensor);
  const mean = backend.kernels.sumOf(address, tensor.size) / tensor.size;
  return { mean, deviation: Math.sqrt(backend.kernels.squaredDistances(address, tensor.size, mean) / tensor.size) };
}

/**
 * A new tensor of `tensor * 2^exponent`. Exact where no element leaves float32's normal range.
 * `exponent` is an integer; steps beyond 2^±126 are taken in several multiplications.
 */
export function scaleByPowerOfTwo(tensor: Tensor, exponent: number): Tensor {
  const backend = heap();
  const result = backend.allocate(tensor.shape);
  const target = backend.address(result);
  let source = backend.address(tensor);
  let left = exponent;
  do {
    const step = Math.max(-126, Math.min(126, left));
    backend.kernels.scale(source, target, tensor.size, 2 ** step);
    left -= step;
    source = target;
  } while (left !== 0);
  return result;
}
