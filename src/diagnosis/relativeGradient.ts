import type { GradientTrace } from '../trace/trace';
import { medianOver, type MeasurementWindow } from './measurementWindow';
import { DECADES_PER_OCTAVE } from './statistics';

/**
 * log10 of |dL/dW| / |W| (L2 norms), median over seeds and steps: what a step of unit learning rate would change, free of
 * the scale of loss and weight. -Infinity: the gradient is exactly zero. NaN: not reached, or W itself is zero throughout.
 */
export function relativeGradient(trace: GradientTrace, window: MeasurementWindow, parameter: number): number {
  return (
    medianOver(trace, window, (seed, step) => {
      const traced = seed.parameters[parameter];
      if (!traced?.reached) return NaN;
      const weight = traced.weight[step] ?? NaN;
      return weight === -Infinity ? NaN : (traced.gradient[step] ?? NaN) - weight;
    }) * DECADES_PER_OCTAVE
  );
}

/** True where some seed saw the loss reach the parameter. */
export function isReached(trace: GradientTrace, parameter: number): boolean {
  return trace.seeds.some((seed) => seed.parameters[parameter]?.reached === true);
}

/**
 * True where dL/dW was exactly zero in the median sample: also for weights that are zero themselves, whose relative
 * gradient is undefined.
 */
export function hasZeroGradient(trace: GradientTrace, window: MeasurementWindow, parameter: number): boolean {
  return medianOver(trace, window, (seed, step) => seed.parameters[parameter]?.gradient[step]) === -Infinity;
}

/** log10 of the root mean square of the parameter's elements; -Infinity where they are zero. */
export function logRootMeanSquare(
  trace: GradientTrace,
  window: MeasurementWindow,
  parameter: number,
  elements: number,
): number {
  const norm = medianOver(trace, window, (seed, step) => seed.parameters[parameter]?.weight[step]);
  return norm * DECADES_PER_OCTAVE - Math.log10(elements) / 2;
}
