import type { GradientTrace, NonFinite } from '../../trace/trace';
import { median } from '../statistics';
import { MARGIN_AT_INITIALISATION } from '../yardstick';

/** Decades by which rel may grow from the last layers to the first. */
export const EXPLODING_DECADES = 3;
/** log10 of the yardstick from which gradients count as exploding: a thousand times the weights. */
export const EXPLODING_YARDSTICK = 3;

export type Explosion =
  | { kind: 'non-finite'; at: NonFinite; seeds: number }
  /** `earliest` and `latest`: parameter numbers at the two ends; `decades`: growth toward the input. */
  | { kind: 'growth'; decades: number; earliest: number; latest: number }
  | { kind: 'magnitude'; parameter: number };

export interface OrderedWeight {
  parameter: number;
  late: number;
}

/**
 * Exploding: values stop being finite, the yardstick exceeds 1e3, or rel grows by more than three decades toward the input
 * (medians of the first and last quarter of the weights, so that one odd layer decides nothing; Pascanu et al. 2013 for the mechanism).
 * `weights` in the order of the graph, those that start unusually small left out. Where step 0 alone is read, both limits lie higher by the margin that
 * vanishing has there: a batch-normalised ResNet-152 starts at 1.1e3 on four samples, and trains.
 */
export function findExplosion(
  trace: GradientTrace,
  weights: readonly OrderedWeight[],
  yardstick: { yardstick: number; parameter: number | null },
  atInitialisation: boolean,
): Explosion | null {
  const broken = trace.seeds.flatMap((seed) => (seed.nonFinite ? [seed.nonFinite] : []));
  const first = broken.reduce<NonFinite | null>((best, at) => (!best || at.step < best.step ? at : best), null);
  if (first) return { kind: 'non-finite', at: first, seeds: broken.length };
  const margin = atInitialisation ? MARGIN_AT_INITIALISATION : 0;
  if (yardstick.parameter !== null && yardstick.yardstick > EXPLODING_YARDSTICK + margin) {
    return { kind: 'magnitude', parameter: yardstick.parameter };
  }
  return findGrowth(
    weights.filter((weight) => Number.isFinite(weight.late)),
    EXPLODING_DECADES + margin,
  );
}

function findGrowth(weights: readonly OrderedWeight[], limit: number): Explosion | null {
  const quarter = Math.max(1, Math.floor(weights.length / 4));
  const earliest = weights[0];
  const latest = weights.at(-1);
  if (!earliest || !latest || weights.length < 2) return null;
  const early = median(weights.slice(0, quarter).map((weight) => weight.late));
  const last = median(weights.slice(-quarter).map((weight) => weight.late));
  const decades = early - last;
  return decades > limit ? { kind: 'growth', decades, earliest: earliest.parameter, latest: latest.parameter } : null;
}
