import { createHash } from 'node:crypto';
import type { ModelGraph } from '../graph/graph';
import type { TrainingPlan } from '../trace/plan';

/** What says where something stands or why it was chosen; it does not touch a single number of the training. */
const PLACES = new Set(['span', 'initialiserSpan', 'reason', 'guesses', 'reductions', 'recipe', 'origin']);

/**
 * The key under which a trace may be used again: the graph without its places in the source, and the plan. An edited
 * comment or a renamed file trains nothing, and two proofs that yield the same graph share one trace.
 */
export function traceKey(graph: ModelGraph, plan: TrainingPlan): string {
  const text = JSON.stringify({ graph, plan }, (name, value: unknown) => (PLACES.has(name) ? undefined : value));
  return createHash('sha256').update(text).digest('hex');
}
