import { largest } from './statistics';

/** Decades under the yardstick at which a weight counts as vanished. */
export const VANISHING_DECADES = 3;
/** log10 relative gradient under which a weight counts as vanished whatever the yardstick. */
export const VANISHING_FLOOR = -7;
/**
 * Decades by which the limit lies lower where step 0 alone is read. Measured in five single seeds each of the conformance pack's clear
 * cases at the smallest batch: in the 72 healthy ones the worst weight lies up to 0.75 decades lower against the limit at step 0
 * than in steps 5 to 30; of the 55 runs of the 11 vanishing ones, 54 start 1.66 decades or more under it. See docs/diagnosis.md.
 */
export const MARGIN_AT_INITIALISATION = 0.8;
/**
 * log10 that the yardstick counts as at most where step 0 alone is read. At initialisation batch normalisation makes gradients grow toward the
 * input (Yang et al. 2019, "A mean field theory of batch normalization"), far above the weights' own size in deep residual nets of a small batch; the
 * others are not small for that.
 */
export const LARGEST_YARDSTICK_AT_INITIALISATION = 0;

export interface Yardstick {
  /** log10; NaN where there is no weight to judge. */
  yardstick: number;
  /** log10 under which a weight counts as vanished; NaN where there is no weight to judge. */
  limit: number;
  /** log10 from which on a weight is healthy; between `limit` and this too few steps were run to tell. Else the limit itself. */
  healthyFrom: number;
  /** Number of the parameter that sets it, or null. */
  parameter: number | null;
}

export interface YardstickCandidate {
  parameter: number;
  late: number;
  /** std * sqrt(fan_in) of its initialiser is under `SMALL_START`. */
  startsSmall: boolean;
}

/**
 * The largest late relative gradient among weights that do not start unusually small: a weight of deviation 0.01 has a large
 * gradient relative to itself without learning better than the others. Where all start small, they measure each other.
 */
export function findYardstick(candidates: readonly YardstickCandidate[], atInitialisation: boolean): Yardstick {
  const ordinary = candidates.filter((candidate) => !candidate.startsSmall);
  const eligible = ordinary.length > 0 ? ordinary : candidates;
  const yardstick = largest(eligible.map((candidate) => candidate.late));
  const parameter = eligible.find((candidate) => candidate.late === yardstick)?.parameter ?? null;
  const healthyFrom = Number.isNaN(yardstick) ? NaN : Math.max(yardstick - VANISHING_DECADES, VANISHING_FLOOR);
  const limit = atInitialisation
    ? Math.max(Math.min(yardstick, LARGEST_YARDSTICK_AT_INITIALISATION) - VANISHING_DECADES, VANISHING_FLOOR) -
      MARGIN_AT_INITIALISATION
    : healthyFrom;
  return { yardstick, limit, healthyFrom, parameter };
}
