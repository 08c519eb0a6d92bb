import { DECADES_PER_OCTAVE, median } from './statistics';

/** log10 of the share of the last step's gradient under which a step no longer counts as heard. */
export const UNHEARD = -2;

/** How a recurrent layer's gradient falls from the last step back. */
export interface Memory {
  /** log10 of RMS(dL/dh_t) relative to the last step's, in the order of the steps; -Infinity: exactly zero. */
  log10: number[];
  /** First lag at which it is under 1e-2; null where it never is. */
  horizon: number | null;
  /** Steps in which it halves; null where it does not fall. */
  halfLife: number | null;
  /** Whether it is under 1e-2 at the first step (it need not be there although it was on the way). */
  vanishing: boolean;
}

/**
 * Reads log2 of RMS(dL/dh_t) of one layer, one array a seed: the median over the seeds, relative to the last step. null
 * where the last step gets no gradient (or none that is finite), since nothing can be measured against it.
 */
export function memoryOf(seeds: readonly Float64Array[]): Memory | null {
  const measurable = seeds.filter((log2) => Number.isFinite(log2.at(-1)));
  const steps = measurable[0]?.length ?? 0;
  if (steps < 2) return null;
  const log10 = Array.from(
    { length: steps },
    (_, t) => median(measurable.map((log2) => (log2[t] ?? NaN) - (log2.at(-1) ?? NaN))) * DECADES_PER_OCTAVE,
  );
  if (log10.some((decades) => Number.isNaN(decades) || decades === Infinity)) return null;
  const lag = log10.toReversed().findIndex((decades) => decades < UNHEARD);
  return {
    log10,
    horizon: lag < 0 ? null : lag,
    halfLife: halfLifeOf(log10),
    vanishing: (log10[0] ?? 0) < UNHEARD,
  };
}

/** From the slope of the least-squares line through the steps that have a gradient at all. */
function halfLifeOf(log10: readonly number[]): number | null {
  const points = log10.flatMap((y, x) => (Number.isFinite(y) ? [{ x, y }] : []));
  const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const [centreX, centreY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const slope =
    points.reduce((sum, { x, y }) => sum + (x - centreX) * (y - centreY), 0) /
    points.reduce((sum, { x }) => sum + (x - centreX) ** 2, 0);
  return slope > 0 ? DECADES_PER_OCTAVE / slope : null;
}
