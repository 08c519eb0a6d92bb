import type { LossKind, ModelGraph } from '../graph/graph';
import type { LossPlan } from './plan';

const LOGIT_LOSS: Partial<Record<LossKind, LossKind>> = { probs: 'cross-entropy', bce: 'bce-logits' };

/**
 * Whether the framework takes these cross-entropies from what goes into the last softmax or sigmoid, not from the probabilities: Keras on
 * TensorFlow does (`_get_logits` in its `backend/tensorflow/nn.py`), so that a probability of zero still has a gradient. Over one class a softmax
 * has none either way, and binary cross-entropy is fused with a sigmoid alone.
 */
export function isFused(graph: ModelGraph, kinds: readonly LossKind[], outputs: readonly number[]): boolean {
  return (
    graph.framework === 'keras' &&
    outputs.length > 0 &&
    outputs.every((place, i) => logitsOf(graph, place, kinds[i]) >= 0)
  );
}

/** Number of the value that goes into the activation which makes an output; -1 where there is none that a loss is fused with. */
function logitsOf(graph: ModelGraph, place: number, kind: LossKind | undefined): number {
  const value = graph.outputs[place] ?? -1;
  const maker = graph.nodes.find((node) => node.outputs.includes(value));
  const shape = graph.values[value]?.shape ?? [];
  if (!maker) return -1;
  const overClasses = maker.op === 'softmax' && maker.attributes.axis === shape.length - 1 && (shape.at(-1) ?? 1) > 1;
  const fits = kind === 'probs' ? overClasses : kind === 'bce' && maker.op === 'sigmoid';
  return fits ? (maker.inputs[0] ?? -1) : -1;
}

/** The graph with the values that the loss reads as its outputs: logits in place of probabilities where the loss is fused with the activation. */
export function lossGraph(graph: ModelGraph, { kind, kinds, outputs, fused }: LossPlan): ModelGraph {
  if (!fused) return graph;
  const read = new Map(outputs.map((place, i) => [place, logitsOf(graph, place, kinds?.[i] ?? kind)]));
  return { ...graph, outputs: graph.outputs.map((value, place) => read.get(place) ?? value) };
}

/** The kind of loss that is computed of what the loss reads. */
export const computedKind = (kind: LossKind, { fused }: LossPlan): LossKind =>
  fused ? (LOGIT_LOSS[kind] ?? kind) : kind;
