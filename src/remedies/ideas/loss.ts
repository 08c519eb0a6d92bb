import { headOf } from '../../trace/head';
import type { Change, Idea, LossName } from '../idea';
import type { RemedyScope } from '../scope';

/**
 * The cross-entropy that belongs to the activation of the head, in place of a squared or absolute error: behind a sigmoid or softmax those have the
 * activation's own slope as a factor, which is next to nothing where the head is sure and wrong (Golik, Doetsch and Ney, "Cross-entropy vs. squared
 * error training", 2013).
 */
export function ideasForPairing({ graph }: RemedyScope): Idea[] {
  const kind = graph.recipe.loss?.kind;
  if ((kind !== 'mse' && kind !== 'mae') || graph.outputs.length !== 1) return [];
  const head = headOf(graph, 0);
  if (head === 'unit-interval') return [{ id: 'loss/binary', changes: lossChange('binary', graph) }];
  return head === 'probabilities' ? [{ id: 'loss/categorical', changes: lossChange('categorical', graph) }] : [];
}

/** The change of the loss that the file names; none where it names none. */
export function lossChange(to: LossName, { recipe }: RemedyScope['graph']): Change[] {
  const span = recipe.loss?.span;
  return span ? [{ kind: 'loss', to, places: [{ span }] }] : [];
}
