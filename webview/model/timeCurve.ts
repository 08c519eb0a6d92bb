import { min } from 'd3-array';
import type { TimeReport } from '../../src/report/report';
import { printable } from './figures';

/** The gradient's way back through one recurrent layer, by lag: how many steps before the last. */
export interface TimeCurve {
  layer: string;
  /** log10 relative to the last step, lag 0 first; null is exactly zero. */
  byLag: (number | null)[];
  /** First lag under a hundredth; null where it never is. */
  horizon: number | null;
  /** Whole decade under all figures, at least three down. */
  low: number;
  sentence: string;
}

/** The figure under which a step counts as forgotten, log10. */
export const FORGOTTEN = -2;
const LEAST_DECADES = 3;

export function timeCurveOf({ layer, logGradient, horizon, halfLife, steps, readsEveryStep }: TimeReport): TimeCurve {
  const byLag = [...logGradient].reverse();
  const low = Math.min(-LEAST_DECADES, Math.floor(min(byLag.filter((x) => x !== null)) ?? 0));
  const reach =
    horizon === null
      ? `reaches all ${steps} steps`
      : `is under a hundredth from ${horizon} ${horizon === 1 ? 'step' : 'steps'} back on`;
  const half = halfLife === null ? '' : ` It halves every ${Number(halfLife.toPrecision(2))} steps.`;
  const reads = readsEveryStep ? ' The loss reads each step, so far steps need not be remembered.' : '';
  return {
    layer: printable(layer),
    byLag,
    horizon,
    low,
    sentence: `The gradient of ${printable(layer)} ${reach}.${half}${reads}`,
  };
}
