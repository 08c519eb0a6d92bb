import type { Tensor } from '@tensorflow/tfjs-core';
import type { HeapBackend } from './heap';
import { workspace } from './workspace';

/** A matrix somewhere on the heap; strides count elements. */
export interface Matrix {
  address: number;
  row: number;
  column: number;
}

export const transposed = ({ address, row, column }: Matrix): Matrix => ({ address, row: column, column: row });

export interface Sizes {
  m: number;
  n: number;
  k: number;
}

/** c[m, n] = a[m, k] x b[k, n], or += where `accumulate`. c's columns must be contiguous. */
export function multiplyInto(
  backend: HeapBackend,
  a: Matrix,
  b: Matrix,
  c: Matrix,
  { m, n, k }: Sizes,
  accumulate: boolean,
  scratch = matrixScratch(backend),
): void {
  if (c.column !== 1) throw new RangeError('The columns of a product must be contiguous.');
  const { address: x, row: xRow, column: xColumn } = a;
  const { address: y, row: yRow, column: yColumn } = b;
  backend.kernels.gemm(x, xRow, xColumn, y, yRow, yColumn, c.address, c.row, m, n, k, accumulate ? 1 : 0, scratch);
}

function matrixScratch(backend: HeapBackend): number {
  const [address = 0] = workspace(backend, [backend.kernels.gemmScratch()]);
  return address;
}

/** A float tensor of float64 sums at `address`. */
export function fromDoubles(backend: HeapBackend, address: number, shape: number[]): Tensor {
  const result = backend.allocate(shape);
  backend.floats(result).set(new Float64Array(backend.heapMemory.buffer, address, result.size));
  return result;
}

/** Sums of x [outer, channels, inner] over all but the channels, in float64, as a tensor of `shape`. */
export function channelSums(
  backend: HeapBackend,
  x: Tensor,
  [outer, channels, inner]: readonly [number, number, number],
  shape: number[],
): Tensor {
  const [sums = 0] = workspace(backend, [8 * channels]);
  backend.kernels.channelSums(backend.address(x), sums, outer, channels, inner);
  return fromDoubles(backend, sums, shape);
}
