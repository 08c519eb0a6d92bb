import { median } from '../diagnosis/statistics';
import type { ModelGraph } from '../graph/graph';
import type { Measured } from '../report/report';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';

export type Learnt = NonNullable<Measured['learnt']>;

/** Share of the loss before any step by which the last one may be larger: a few steps on noise tell whether a model learns, not how fast. */
const TOLERANCE = 0.1;

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

/** True where the loss ends clearly higher than it did before the edit; losses of another kind are compared by the share that is left of them. */
export function learnsWorse(after: Learnt, before: Learnt, sameLoss = true): boolean {
  if (after.end === null) return true;
  if (before.end === null) return false;
  if (!sameLoss && after.start && before.start) return after.end / after.start > before.end / before.start + TOLERANCE;
  return after.end > before.end + TOLERANCE * Math.abs(before.start ?? before.end);
}
