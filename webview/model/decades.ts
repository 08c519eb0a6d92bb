import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import type { ModelReport } from '../../src/report/report';
import type { Leaf } from './leaves';

export interface Reference {
  kind: 'yardstick' | 'limit';
  /** log10 of a relative gradient. */
  value: number;
}

/** The chart's axis of relative gradients, in whole decades. */
export interface Decades {
  low: number;
  high: number;
  references: Reference[];
  /** Whether some weight is exactly zero: it stands apart, left of the axis, because a logarithm has no zero. */
  hasZero: boolean;
}

/** Pixels that the label of a tick takes with some air. */
const TICK_WIDTH = 48;
/** Share of the width left of the axis for figures that are exactly zero. */
const ZERO_LANE = 0.07;
const MARGIN = 0.03;

/** Wide enough for every figure, reference and curve that is laid over. */
export function decadesOf(
  leaves: readonly Leaf[],
  evidence: ModelReport['evidence'],
  others: readonly (number | null)[] = [],
): Decades {
  const weights = leaves.flatMap(({ weight }) => weight ?? []);
  const references: Reference[] = [];
  if (evidence?.limit != null) references.push({ kind: 'limit', value: evidence.limit });
  if (evidence?.yardstick != null) references.push({ kind: 'yardstick', value: evidence.yardstick });
  const figures = [
    ...weights.flatMap(({ late, start, low, high }) => [late, start, low, high]),
    ...references.map(({ value }) => value),
    ...others,
  ];
  const [low = -1, high = 0] = extent(figures.filter((x): x is number => x !== null));
  return {
    low: Math.floor(low),
    // Adding zero turns the -0 of Math.ceil into 0.
    high: Math.max(Math.ceil(high), Math.floor(low) + 1) + 0,
    references,
    hasZero: weights.some(({ late }) => late === null) || others.includes(null),
  };
}

/** Whole decades to label on an axis of so many pixels. */
export function ticksOf({ low, high }: Pick<Decades, 'low' | 'high'>, width: number): number[] {
  const most = Math.max(2, Math.floor(width / TICK_WIDTH));
  return scaleLinear([low, high], [0, width]).ticks(most).filter(Number.isInteger);
}

/** log10 figure -> pixels from the left; null is the lane of exact zeros. */
export function placement({ low, high, hasZero }: Decades, width: number): (value: number | null) => number {
  const from = hasZero ? ZERO_LANE + MARGIN : MARGIN;
  const scale = scaleLinear([low, high], [from * width, (1 - MARGIN) * width]);
  return (value) => (value === null ? (ZERO_LANE / 2) * width : scale(value));
}
