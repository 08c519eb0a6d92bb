import type { Framework } from '../../graph/graph';
import type { Random } from '../random';
import { PROBABILITY_FLOOR } from './classes';
import { elementwise } from './loss';

const normal = (random: Random) => random.normal();
const bit = (random: Random) => random.integer(2);

export const meanSquaredError = elementwise(
  normal,
  (x, t) => (x - t) ** 2,
  (x, t) => 2 * (x - t),
);

export const meanAbsoluteError = elementwise(
  normal,
  (x, t) => Math.abs(x - t),
  (x, t) => (Number.isNaN(x) ? NaN : Math.sign(x - t)),
);

/** Huber's loss with delta 1, the default of PyTorch's `SmoothL1Loss`/`HuberLoss` and of Keras. */
export const huber = elementwise(
  normal,
  (x, t) => (Math.abs(x - t) < 1 ? (x - t) ** 2 / 2 : Math.abs(x - t) - 0.5),
  (x, t) => (Number.isNaN(x) ? NaN : Math.max(-1, Math.min(1, x - t))),
);

/** Cross-entropy of one logit: log(1 + e^x) - t x, in the form that does not overflow. */
export const binaryCrossEntropyOnLogits = elementwise(
  bit,
  (x, t) => Math.max(x, 0) - x * t + Math.log1p(Math.exp(-Math.abs(x))),
  // sigma(x) - t, as -sigma(-x) for t = 1: exact where the logit is far on the right side.
  (x, t) => (t === 0 ? 1 / (1 + Math.exp(-x)) : -1 / (1 + Math.exp(x))),
);

/** Cross-entropy of one probability, each framework with its own guard at 0 and 1. */
export const binaryCrossEntropy = elementwise(
  bit,
  (p, t, framework) => GUARDS[framework].value(p, t),
  (p, t, framework) => GUARDS[framework].slope(p, t),
);

interface Guard {
  value: (p: number, t: number) => number;
  slope: (p: number, t: number) => number;
}

/** PyTorch's `binary_cross_entropy`: logarithms no lower than -100, gradient (p - t) / max(p (1 - p), 1e-12). */
const pytorch: Guard = {
  value: (p, t) => -Math.max(Math.log(t === 1 ? p : 1 - p), -100),
  slope: (p, t) => (p - t) / Math.max(p * (1 - p), 1e-12),
};

/** Keras and TF.js clip the probability first, so there is no gradient beyond the clip. */
const clipped: Guard = {
  value: (p, t) => -Math.log(t === 1 ? clip(p) : 1 - clip(p)),
  slope: (p, t) => (p < clip(p) || p > clip(p) ? 0 : t === 1 ? -1 / p : 1 / (1 - p)),
};

const clip = (p: number) => Math.min(Math.max(p, PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR);

const GUARDS: Record<Framework, Guard> = { pytorch, keras: clipped, tfjs: clipped };
