import { max, min } from 'd3-array';
import type { Row } from './rows';

/** One row's piece of the flow: how wide it enters from the loss' side (below) and leaves to the input's side (above). */
export interface Piece {
  /** Shares of the full width, 0 to 1; null where the gradient there is zero or not known. */
  above: number | null;
  below: number | null;
  /** Decades that the row takes; null where not known. */
  lost: number | null;
}

/** Decades that a full narrowing stands for at least: a healthy net's half decade must not look like a catastrophe. */
const LEAST_RANGE = 3;
/** What the narrowest stretch that still carries a gradient is drawn with. */
const THINNEST = 0.04;
/** Decades in one row from which the loss is written beside it. */
export const NOTABLE = 0.25;

/**
 * The gradient as a flow from the loss at the bottom to the input at the top. Width is the logarithm of the gradient's size: equal
 * narrowing is an equal factor. A row narrows it by what its own op takes.
 */
export function ribbonOf(rows: readonly Row[]): Piece[] {
  const known = rows.flatMap(({ gradientIn, gradientOut }) => [gradientIn, gradientOut].filter((x) => x !== null));
  const high = max(known) ?? 0;
  const low = Math.min(min(known) ?? 0, high - LEAST_RANGE);
  const width = (gradient: number | null) =>
    gradient === null ? null : THINNEST + (1 - THINNEST) * ((gradient - low) / (high - low));
  return rows.map(({ gradientIn, gradientOut, lost }) => ({
    above: width(gradientIn),
    below: width(gradientOut),
    lost,
  }));
}

/** How strongly a loss is coloured, 0 to 1: a factor of ten in one row is the strongest, and halves are faint. */
export const strength = (lost: number | null): number => Math.max(0, Math.min(1, lost ?? 0)) ** 1.5;

/** A loss of decades as a factor: ×0.25. */
export const factor = (lost: number): string => {
  const gain = 10 ** -lost;
  return `×${gain >= 0.01 && gain < 1000 ? Number(gain.toPrecision(2)) : gain.toExponential(0).replace('e+', 'e')}`;
};
