import type { Tensor } from '@tensorflow/tfjs-core';
import { zeros } from '../ops/tensors';
import { type ConvolutionShape, shapeTable } from './convolution';
import { heap } from './heap';
import { product } from './rows';
import { workspace, writeInts } from './workspace';

export type PatchShape = Pick<ConvolutionShape, 'image' | 'kernel' | 'stride' | 'pad' | 'dilation' | 'output'>;

/** x [N, C, ...spatial] as [N, C * taps, positions]. */
export function patches(x: Tensor, shape: PatchShape): Tensor {
  const [batch = 1, channels = 1] = x.shape;
  const result = heap().allocate([batch, channels * product(shape.kernel), product(shape.output)]);
  move('imageToColumns', x, result, batch, channels, shape);
  return result;
}

/** Columns [N, C * taps, positions] added up to a tensor of `target`'s shape [N, C, ...spatial]. */
export function patchesAdjoint(columns: Tensor, shape: PatchShape, target: number[]): Tensor {
  const [batch = 1, channels = 1] = target;
  const result = zeros(target);
  move('columnsToImage', columns, result, batch, channels, shape);
  return result;
}

function move(
  kernel: 'imageToColumns' | 'columnsToImage',
  from: Tensor,
  to: Tensor,
  batch: number,
  channels: number,
  shape: PatchShape,
): void {
  const backend = heap();
  const [table = 0] = workspace(backend, [4 * 18]);
  writeInts(backend, table, shapeTable(shape));
  const positions = product(shape.output);
  const [depth, height] = shape.output;
  for (let n = 0; n < batch; n++) {
    const source = backend.address(from) + (4 * n * from.size) / batch;
    const target = backend.address(to) + (4 * n * to.size) / batch;
    backend.kernels[kernel](source, target, positions, channels, 0, depth * height, table);
  }
}
