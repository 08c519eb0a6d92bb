import type { GradientTrace } from '../trace/trace';

/** Traces of the same plan with different seeds, as one. The seeds' order is that of the arguments. */
export function mergeTraces(first: GradientTrace, ...others: GradientTrace[]): GradientTrace {
  const all = [first, ...others];
  return {
    plan: { ...first.plan, seeds: all.flatMap((trace) => trace.plan.seeds) },
    seeds: all.flatMap((trace) => trace.seeds),
    partial: all.some((trace) => trace.partial),
  };
}
