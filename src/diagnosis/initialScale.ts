import type { Framework } from '../graph/graph';
import type { Initialiser } from '../graph/initialiser';
import { scalarToNumber } from '../graph/scalar';
import { erf } from './errorFunction';
import { regionMoments } from './regionMoments';

/** Mean and variance (divided by n) of a tensor's elements, expected over the draws of its initialiser. */
export interface Moments {
  mean: number;
  variance: number;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Standard deviation (divided by n) of a tensor's elements as its initialiser draws them. */
export function initialDeviation(initialiser: Initialiser, shape: readonly number[]): number {
  return Math.sqrt(initialMoments(initialiser, shape).variance);
}

/** Exact moments of every kind of initialiser; the formulas are stated beside each kind. */
export function initialMoments(initialiser: Initialiser, shape: readonly number[]): Moments {
  switch (initialiser.kind) {
    case 'uniform':
      // Var U(a, b) = (b - a)^2 / 12
      return {
        mean: (initialiser.low + initialiser.high) / 2,
        variance: (initialiser.high - initialiser.low) ** 2 / 12,
      };
    case 'normal':
      return { mean: initialiser.mean, variance: initialiser.std ** 2 };
    case 'truncatedNormal':
      return truncatedNormal(initialiser);
    case 'constant':
      return { mean: scalarToNumber(initialiser.value), variance: 0 };
    case 'orthogonal':
      return orthogonal(initialiser.gain, initialiser.rows, elementCount(shape));
    case 'identity':
      return ones(Math.min(shape.at(-1) ?? 1, shape.at(-2) ?? 1), initialiser.gain, matrixSize(shape));
    case 'dirac':
      return dirac(initialiser.groups, shape);
    case 'sparse':
      return sparse(initialiser.sparsity, initialiser.std, shape);
    case 'values':
      return sampleMoments(initialiser.values.map(scalarToNumber));
    case 'affine': {
      const base = initialMoments(initialiser.base, shape);
      return {
        mean: initialiser.scale * base.mean + initialiser.shift,
        variance: initialiser.scale ** 2 * base.variance,
      };
    }
    case 'regions':
      return regionMoments(initialiser, shape, initialMoments);
    case 'unknown':
      return initialMoments(initialiser.assumed, shape);
  }
}

/** N(mean, std^2) cut to [low, high]: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, 10.1. */
function truncatedNormal(cut: { mean: number; std: number; low: number; high: number }): Moments {
  if (cut.std === 0) return { mean: cut.mean, variance: 0 };
  const a = (cut.low - cut.mean) / cut.std;
  const b = (cut.high - cut.mean) / cut.std;
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const mass = (erf(b / Math.SQRT2) - erf(a / Math.SQRT2)) / 2;
  const tilt = (density(a) - density(b)) / mass;
  return {
    mean: cut.mean + cut.std * tilt,
    variance: cut.std ** 2 * (1 + (a * density(a) - b * density(b)) / mass - tilt ** 2),
  };
}

/** An orthonormal rows x cols matrix holds min(rows, cols) unit vectors, so its elements have mean square 1 / max(rows, cols). */
function orthogonal(gain: number, rows: number, count: number): Moments {
  return { mean: 0, variance: gain ** 2 / Math.max(rows, count / rows) };
}

/** `count` elements of value `gain` among `size`, the rest zero. */
function ones(count: number, gain: number, size: number): Moments {
  const share = count / size;
  return { mean: gain * share, variance: gain ** 2 * share * (1 - share) };
}

function matrixSize(shape: readonly number[]): number {
  return (shape.at(-1) ?? 1) * (shape.at(-2) ?? 1);
}

/** One 1 for each of the min(out / groups, in) leading channels of each group. */
function dirac(groups: number, shape: readonly number[]): Moments {
  const [out = 1, perGroup = 1] = shape;
  return ones(groups * Math.min(out / groups, perGroup), 1, elementCount(shape));
}

/** `nn.init.sparse_` zeroes ceil(sparsity * rows) elements of each column. */
function sparse(sparsity: number, std: number, shape: readonly number[]): Moments {
  const rows = shape[0] ?? 1;
  return { mean: 0, variance: std ** 2 * (1 - Math.ceil(sparsity * rows) / rows) };
}

function sampleMoments(values: readonly number[]): Moments {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
}

/** Incoming connections of one unit; a [1, n, d] table (position embeddings, class tokens) counts d. */
export function fanIn(shape: readonly number[], framework: Framework): number {
  if (shape.length === 3 && shape[0] === 1) return shape[2] ?? 1;
  return elementCount(framework === 'pytorch' ? shape.slice(1) : shape.slice(0, -1));
}

/** std * sqrt(fan_in) below which a weight starts unusually small; 1 keeps the variance of a linear layer. */
export const SMALL_START = 0.25;

/** The factor by which a layer's initial weights scale the signal's standard deviation: std * sqrt(fan_in). */
export function initialGain(initialiser: Initialiser, shape: readonly number[], framework: Framework): number {
  return initialDeviation(initialiser, shape) * Math.sqrt(fanIn(shape, framework));
}
