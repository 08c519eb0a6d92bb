import type { OpAttributes } from '../../graph/ops';
import { resampled, type Taps, tapsOf } from '../kernels/resampling';
import { backwardScope, forwardScope, operand } from '../kernels/rows';
import type { OpRow, OpRows } from './row';
import { alias } from './tensors';

/** One resampling an axis that changes: interpolation of images is separable. */
function plan(
  shape: readonly number[],
  attributes: OpAttributes<'resize'>,
): { axis: number; length: number; taps: Taps }[] {
  const { size, mode, coordinates, scale, layout } = attributes;
  const first = layout === 'channelsFirst' ? 2 : 1;
  return size.map((output, i) => {
    const length = shape[first + i] ?? 1;
    return { axis: first + i, length, taps: tapsOf(length, output, mode, coordinates, scale?.[i] ?? null) };
  });
}

/** Interpolation to another size, as torch.nn.functional.interpolate without antialiasing. */
const resize: OpRow<'resize'> = {
  forward: (inputs, { node }) =>
    forwardScope(() => {
      const x = operand(inputs, 0);
      const y = plan(x.shape, node.attributes).reduce((image, { axis, taps }) => resampled(image, axis, taps), x);
      return { outputs: [y === x ? alias(x) : y] };
    }),

  backward: (given, { node }) =>
    backwardScope(given, (dy) => {
      const steps = plan(operand(given.inputs, 0).shape, node.attributes).reverse();
      const dx = steps.reduce((image, { axis, taps, length }) => resampled(image, axis, taps, length), dy);
      return [dx === dy ? alias(dy) : dx];
    }),
};

export const RESIZE_ROWS = { resize } satisfies OpRows;
