import type { Framework } from '../../graph/graph';
import { perOutput, type LossContext, type LossOutput } from './loss';

/**
 * The axis of the classes. PyTorch has it second in images ([N, C, H, W]); in sequences ([N, T, C]) training loops
 * flatten all but the last axis before the loss. Keras and TF.js always have it last.
 */
export function classAxis(shape: readonly number[], framework: Framework): number {
  return framework === 'pytorch' && shape.length >= 4 ? 1 : shape.length - 1;
}

/** Runs `row` over every place of the batch, images and sequences; the loss is the mean over places. */
function overPlaces(
  row: (x: Float64Array, target: number, gradient: Float64Array, framework: Framework) => number,
): (output: LossOutput, context: LossContext) => { loss: number; gradient: Float64Array } {
  return ({ elements, shape }, { framework, random }) => {
    const axis = Math.max(0, classAxis(shape, framework));
    const classes = shape[axis] ?? 1;
    const inner = shape.slice(axis + 1).reduce((size, n) => size * n, 1);
    const places = elements.length / classes;
    const gradient = new Float64Array(elements.length);
    const x = new Float64Array(classes);
    const slope = new Float64Array(classes);
    let sum = 0;
    for (let place = 0; place < places; place++) {
      const start = Math.floor(place / inner) * classes * inner + (place % inner);
      for (let c = 0; c < classes; c++) x[c] = elements[start + c * inner] ?? 0;
      slope.fill(0);
      sum += row(x, random.integer(classes), slope, framework);
      for (let c = 0; c < classes; c++) gradient[start + c * inner] = (slope[c] ?? 0) / places;
    }
    return { loss: sum / places, gradient };
  };
}

/** -log softmax(x)[target]; its gradient is softmax(x) minus one-hot. */
export const crossEntropy = perOutput(
  overPlaces((x, target, gradient) => {
    let largest = -Infinity;
    for (const v of x) if (!(v <= largest)) largest = v;
    let total = 0;
    for (let c = 0; c < x.length; c++) {
      const e = Math.exp((x[c] ?? 0) - largest);
      gradient[c] = e;
      total += e;
    }
    let others = 0;
    for (let c = 0; c < x.length; c++) {
      const p = (gradient[c] ?? 0) / total;
      gradient[c] = p;
      if (c !== target) others += p;
    }
    // p - 1 as minus the sum of the other classes: exact where p is so near one that the difference would cancel.
    gradient[target] = -others;
    return Math.log(total) + largest - (x[target] ?? 0);
  }),
);

/** -x[target] on log-probabilities. */
export const negativeLogLikelihood = perOutput(
  overPlaces((x, target, gradient) => {
    gradient[target] = -1;
    return -(x[target] ?? 0);
  }),
);

/**
 * -log p[target] on probabilities. As Keras does, each place is first divided by its sum, then clipped to
 * [1e-7, 1 - 1e-7] (no gradient where the clip acts); frameworks without such a loss are given the same.
 */
export const probabilities = perOutput(
  overPlaces((x, target, gradient) => {
    let total = 0;
    for (const v of x) total += v;
    const p = (x[target] ?? 0) / total;
    const clipped = Math.min(Math.max(p, PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR);
    // A NaN must go on, not be clipped away: `clipped` keeps it, and it is not equal to p.
    const open = !(p !== clipped) || Number.isNaN(p);
    if (open) {
      // d(-log(x_t / sum x))/dx_c = 1/sum - [c = t]/x_t
      gradient.fill(1 / total);
      gradient[target] = 1 / total - 1 / (x[target] ?? 0);
    }
    return -Math.log(clipped);
  }),
);

export const PROBABILITY_FLOOR = 1e-7;
