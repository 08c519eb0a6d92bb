import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from './heap';
import { product } from './rows';
import { workspace, writeInts } from './workspace';

/** A new tensor with the axes of a float or int32 tensor in the order given, any rank. */
export function permuted(x: Tensor, order: readonly number[]): Tensor {
  const backend = heap();
  const shape = order.map((axis) => x.shape[axis] ?? 0);
  const result = backend.allocate(shape, x.dtype === 'int32' ? 'int32' : 'float32');
  if (x.size === 0) return result;
  const strides = x.shape.map((_, axis) => product(x.shape.slice(axis + 1)));
  const rows = order.flatMap((axis, i) => [shape[i] ?? 0, strides[axis] ?? 0, 0]);
  const rank = Math.max(1, order.length);
  const [table = 0] = workspace(backend, [12 * rank]);
  writeInts(backend, table, order.length === 0 ? [1, 1, 0] : rows);
  backend.kernels.permute(backend.address(x), backend.address(result), rank, table);
  return result;
}

/** [N, ...spatial, C] as a new [N, C, ...spatial]. */
export function toChannelsFirst(x: Tensor): Tensor {
  const backend = heap();
  const [batch = 1, ...rest] = x.shape;
  const channels = rest.at(-1) ?? 1;
  const spatial = rest.slice(0, -1);
  const result = backend.allocate([batch, channels, ...spatial]);
  backend.kernels.transpose(backend.address(x), backend.address(result), batch, product(spatial), channels);
  return result;
}

/** [N, C, ...spatial] as a new [N, ...spatial, C]. */
export function toChannelsLast(x: Tensor): Tensor {
  const backend = heap();
  const [batch = 1, channels = 1, ...spatial] = x.shape;
  const result = backend.allocate([batch, ...spatial, channels]);
  backend.kernels.transpose(backend.address(x), backend.address(result), batch, channels, product(spatial));
  return result;
}

/** A kernel [...spatial, a, b] as [b, a, ...spatial], or the other way round: the first two and last two change places. */
export function kernelFirst(w: Tensor): Tensor {
  const rank = w.shape.length;
  return permuted(w, [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, i) => i)]);
}

/** [b, a, ...spatial] as [...spatial, a, b]. */
export function kernelLast(w: Tensor): Tensor {
  const rank = w.shape.length;
  return permuted(w, [...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1, 0]);
}
