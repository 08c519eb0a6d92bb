import { area, line } from 'd3-shape';
import { type Overlay, overlayAt } from './compare';
import type { Row } from './rows';

/** Rows of a window with their place from the top of the chart. */
export interface PlacedRow {
  row: Row;
  /** Middle of the row in pixels. */
  y: number;
}

type X = (value: number | null) => number;

/** Weights that the rules judge: the curve runs through these alone. */
const isJudged = ({ verdict, late }: Row) => late !== undefined && verdict !== 'unjudged' && verdict !== 'waking';

/** The late figures as one line; a figure of exactly zero is in the lane of zeros, and breaks the line. */
export function latePath(placed: readonly PlacedRow[], x: X, at: (row: Row) => number | null | undefined): string {
  const judged = placed.filter(({ row }) => isJudged(row) && at(row) !== undefined);
  return (
    line<PlacedRow>()
      .defined(({ row }) => at(row) !== null)
      .x(({ row }) => x(at(row) ?? null))
      .y(({ y }) => y)(judged) ?? ''
  );
}

/** From the smallest to the largest figure over seeds and steps. */
export function bandPath(placed: readonly PlacedRow[], x: X): string {
  return (
    area<PlacedRow>()
      .defined(({ row }) => row.low !== null && row.high !== null)
      .x0(({ row }) => x(row.low))
      .x1(({ row }) => x(row.high))
      .y(({ y }) => y)(placed.filter(({ row }) => isJudged(row))) ?? ''
  );
}

export function overlayPath(placed: readonly PlacedRow[], x: X, overlay: Overlay): string {
  const known = placed.filter(({ row }) => overlayAt(overlay, row) !== undefined);
  return (
    line<PlacedRow>()
      .defined(({ row }) => overlayAt(overlay, row) !== null)
      .x(({ row }) => x(overlayAt(overlay, row) ?? null))
      .y(({ y }) => y)(known) ?? ''
  );
}

/** Dots as one path of points with round caps, where there are too many for elements of their own. */
export function dotsPath(placed: readonly PlacedRow[], x: X, at: (row: Row) => number | null | undefined): string {
  return placed
    .flatMap(({ row, y }) => {
      const value = at(row);
      return value === undefined ? [] : [`M${x(value).toFixed(1)},${y.toFixed(1)}h.01`];
    })
    .join('');
}

/** A row's figure at a step, or the late one where `step` is null. Of a folded group the smallest. */
export function figureAt(step: number | null): (row: Row) => number | null | undefined {
  if (step === null) return ({ late }) => late;
  return ({ leaf, group, folded }) => {
    if (leaf) return leaf.weight ? (leaf.weight.steps[step] ?? null) : undefined;
    if (!group || !folded) return undefined;
    const figures = group.leaves.flatMap(({ weight }) => (weight ? [weight.steps[step] ?? null] : []));
    if (figures.length === 0) return undefined;
    return figures.includes(null) ? null : Math.min(...figures.filter((figure) => figure !== null));
  };
}
