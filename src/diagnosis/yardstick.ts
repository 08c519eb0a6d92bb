import { largest } from './statistics';

/** Decades under the yardstick at which a weight counts as vanished. */
export const VANISHING_DECADES = 3;
/** log10 relative gradient under which a weight counts as vanished whatever the yardstick. */
export const VANISHING_FLOOR = -7;

export interface Yardstick {
  /** log10; NaN where there is no weight to judge. */
  yardstick: number;
  /** log10 under which a weight counts as vanished; NaN where there is no weight to judge. */
  limit: number;
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
export function findYardstick(candidates: readonly YardstickCandidate[]): Yardstick {
  const ordinary = candidates.filter((candidate) => !candidate.startsSmall);
  const eligible = ordinary.length > 0 ? ordinary : candidates;
  const yardstick = largest(eligible.map((candidate) => candidate.late));
  const parameter = eligible.find((candidate) => candidate.late === yardstick)?.parameter ?? null;
  const limit = Number.isNaN(yardstick) ? NaN : Math.max(yardstick - VANISHING_DECADES, VANISHING_FLOOR);
  return { yardstick, limit, parameter };
}
