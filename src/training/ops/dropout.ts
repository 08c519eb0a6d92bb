import type { Tensor } from '@tensorflow/tfjs-core';
import { operand } from '../kernels/rows';
import type { OpRows, RowContext } from './row';
import { broadcastStrides, forEachRun, stridesOf, walk } from './strides';
import { alias, allocateFloats, floats, fromElements, sizeOf } from './tensors';

/** -scale * alpha of SELU: the value that a dropped unit takes in alpha dropout (Klambauer et al. 2017). */
const SATURATION = -1.7580993408473766;

/** x is multiplied by `kept` or `dropped` and moved by the offset that goes with it. */
interface Affine {
  kept: { scale: number; offset: number };
  dropped: { scale: number; offset: number };
}

function affine(rate: number, alpha: boolean): Affine {
  const none = { scale: 0, offset: 0 };
  if (rate >= 1) return { kept: none, dropped: none };
  if (!alpha) return { kept: { scale: 1 / (1 - rate), offset: 0 }, dropped: none };
  // a and b keep mean 0 and variance 1: a = ((1 - p)(1 + p s^2))^-1/2, b = -a p s.
  const a = 1 / Math.sqrt((1 - rate) * (1 + rate * SATURATION ** 2));
  const b = -a * rate * SATURATION;
  return { kept: { scale: a, offset: b }, dropped: { scale: 0, offset: a * SATURATION + b } };
}

/** Applies one side of the affine map by the mask, which may be shared along axes. */
function masked(x: Tensor, mask: Tensor, { kept, dropped }: Affine, withOffset: boolean): Tensor {
  const y = allocateFloats(x.shape);
  const [source, keeps, target] = [floats(x), floats(mask), floats(y)];
  const offsets = withOffset ? [dropped.offset, kept.offset] : [0, 0];
  const cells = walk(x.shape, [stridesOf(x.shape), broadcastStrides(mask.shape, x.shape)]);
  forEachRun(cells, (count, cell, at, stride) => {
    let m = at[1] ?? 0;
    const step = stride[1] ?? 0;
    for (let i = cell; i < cell + count; i++, m += step) {
      const keep = (keeps[m] ?? 0) !== 0;
      target[i] = keep ? (source[i] ?? 0) * kept.scale + (offsets[1] ?? 0) : (offsets[0] ?? 0);
    }
  });
  return y;
}

const maskShape = (shape: readonly number[], { node }: RowContext<'dropout'>): number[] =>
  shape.map((size, axis) => (node.attributes.sharedAxes.includes(axis) ? 1 : size));

export const DROPOUT_ROWS = {
  dropout: {
    forward(inputs, context) {
      const x = operand(inputs, 0);
      const { rate, alpha, draw } = context.node.attributes;
      const shape = maskShape(x.shape, context);
      const keep = rate === 0 ? null : context.draws.keep(draw, rate, sizeOf(shape));
      if (keep === null) return { outputs: [alias(x)] };
      const mask = fromElements(keep, shape);
      return { outputs: [masked(x, mask, affine(rate, alpha), true)], saved: [mask] };
    },
    backward({ outputGradients: [dy], saved: [mask] }, { node }) {
      if (!dy) return [null];
      if (mask === undefined) return [alias(dy)];
      return [masked(dy, mask, affine(node.attributes.rate, node.attributes.alpha), false)];
    },
  },
} satisfies OpRows;
