import type { Idea, LayerPlace, Place } from '../idea';
import type { RemedyScope } from '../scope';
import { unique } from './places';

/**
 * Ways to lengthen the memory of recurrent layers. Gated cells alone do not: with gates half open they forget within a few steps, so the gate's
 * bias goes with them. Reading all steps cures whatever the cell.
 */
export function ideasForTime(scope: RemedyScope): Idea[] {
  const { graph, index } = scope;
  const nodes = graph.nodes.flatMap((node) => (node.op === 'recurrent' && !node.attributes.reverse ? [node] : []));
  const places = nodes.flatMap((node) => {
    const module = index.module(node.module);
    return module?.span ? [{ span: module.span, type: module.type, initialiser: null }] : [];
  });
  const layers: LayerPlace[] = unique(places);
  const steps = Math.max(...nodes.map((node) => graph.values[node.outputs[0] ?? -1]?.shape[1] ?? 1));
  if (layers.length === 0 || steps < 2) return [];
  const isPlain = nodes.every(({ attributes }) => attributes.cell === 'rnn');
  const bias = { kind: 'gateBias', steps, layers } as const;
  const readAll: Idea = {
    id: 'read-all-steps',
    changes: [{ kind: 'readAllSteps', layers: lastLayer(scope, layers), reads: lastStepReads(scope) }],
  };
  if (!isPlain) return [{ id: 'gate-bias', changes: [bias] }, readAll];
  const swap = (to: 'lstm' | 'gru'): Idea => ({
    id: `recurrent-cell/${to}+gate-bias`,
    changes: [{ kind: 'recurrentCell', to, layers }, bias],
  });
  const alone = (to: 'lstm' | 'gru'): Idea => ({
    id: `recurrent-cell/${to}`,
    changes: [{ kind: 'recurrentCell', to, layers }],
  });
  return [swap('lstm'), swap('gru'), readAll, alone('lstm'), alone('gru')];
}

/** The recurrent layer nearest to the loss. */
function lastLayer({ graph, index }: RemedyScope, layers: readonly LayerPlace[]): LayerPlace[] {
  const last = graph.nodes.findLast(({ op }) => op === 'recurrent');
  const span = JSON.stringify(index.module(last?.module ?? null)?.span);
  return layers.filter((layer) => JSON.stringify(layer.span) === span);
}

/** Where single steps are taken out of the sequence that a recurrent layer gives. */
function lastStepReads({ graph, index }: RemedyScope): Place[] {
  const sequences = graph.nodes.flatMap((node) => (node.op === 'recurrent' ? [node.outputs[0] ?? -1] : []));
  const reads = sequences.flatMap((sequence) => readers(sequence));
  return unique(reads);

  function readers(value: number): Place[] {
    return index.readers(value).flatMap((number) => {
      const node = graph.nodes[number];
      if (!node) return [];
      if (node.op === 'slice') return node.span ? [{ span: node.span }] : [];
      return ['permute', 'concat', 'dropout'].includes(node.op) ? readers(node.outputs[0] ?? -1) : [];
    });
  }
}
