import { median } from '../diagnosis/statistics';
import type { ModelGraph } from '../graph/graph';
import type { Measured } from '../report/report';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';

export type Learnt = NonNullable<Measured['learnt']>;

/**
 * A few steps on noise tell whether a model learns, not how fast: worse is a last loss that is larger by more than this share, after a fall
 * that is smaller by more than a quarter.
 */
const TOLERANCE = 0.05;
const LESS_LEARNT = 0.75;

/**
 * Trains as planned, from the first seed, but on one batch again and again: targets that can be learnt whatever they are, where those of the
 * diagnosis are fresh noise.
 */
export async function learn(
  graph: ModelGraph,
  plan: TrainingPlan,
  train: (graph: ModelGraph, plan: TrainingPlan) => Promise<GradientTrace>,
): Promise<Learnt> {
  const trace = await train(graph, { ...plan, seeds: plan.seeds.slice(0, 1), repeated: true });
  const at = (place: (steps: number) => number) => {
    const loss = median(trace.seeds.map((seed) => seed.loss[place(seed.steps)] ?? NaN));
    return Number.isFinite(loss) ? loss : null;
  };
  return { start: at(() => 0), end: at((steps) => steps - 1) };
}

/** True where the loss ends clearly higher and fell by clearly less. */
export function learnsWorse(after: Learnt, before: Learnt): boolean {
  if (after.end === null) return true;
  if (before.end === null) return false;
  const isHigher = after.end > before.end + TOLERANCE * Math.abs(before.end);
  const fall = ({ start, end }: Learnt) => (start ?? 0) - (end ?? 0);
  return isHigher && fall(after) < LESS_LEARNT * fall(before);
}
