import type { GradientTrace, SeedTrace } from '../trace/trace';
import { DECADES_PER_OCTAVE, median } from './statistics';

/** First step that counts as late: Adam's step sizes have settled and warm-up effects of zero gates have passed. */
export const FIRST_LATE_STEP = 5;

/** Which steps a verdict reads. */
export interface MeasurementWindow {
  /** First and last step (inclusive) that were run in some seed. */
  first: number;
  last: number;
  /** True where fewer than six steps were run: the verdict then reads step 0 alone and says so. */
  atInitialisation: boolean;
}

/** Late steps (5 to the last) where at least one seed got there, else step 0 alone. */
export function measurementWindow(trace: GradientTrace): MeasurementWindow {
  const steps = Math.max(0, ...trace.seeds.map((seed) => seed.steps));
  return steps > FIRST_LATE_STEP
    ? { first: FIRST_LATE_STEP, last: steps - 1, atInitialisation: false }
    : { first: 0, last: 0, atInitialisation: true };
}

/** The window of step 0. */
export const START: MeasurementWindow = { first: 0, last: 0, atInitialisation: true };

/** Median over seeds and the window's steps of a per-step figure; NaN samples are left out. */
export function medianOver(
  trace: GradientTrace,
  window: MeasurementWindow,
  figure: (seed: SeedTrace, step: number) => number | undefined,
): number {
  const samples: number[] = [];
  for (const seed of trace.seeds) {
    for (let step = window.first; step <= window.last && step < seed.steps; step++) {
      samples.push(figure(seed, step) ?? NaN);
    }
  }
  return median(samples);
}

/** log10 of the root mean square of dL/dvalue: -Infinity exactly zero, NaN not reached. */
export function valueGradient(trace: GradientTrace, window: MeasurementWindow, value: number): number {
  return medianOver(trace, window, (seed, step) => seed.values[value]?.gradient[step]) * DECADES_PER_OCTAVE;
}
