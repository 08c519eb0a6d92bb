import { GraphIndex } from '../diagnosis/graphIndex';
import type { GraphNode, ModelGraph } from '../graph/graph';

/** Ops that hand a value on without making something else of it. */
const PASSING: ReadonlySet<string> = new Set([
  ...[
    'reshape',
    'permute',
    'broadcast',
    'identity',
    'cast',
    'slice',
    'tile',
    'concat',
    'pad',
    'neg',
    'dropout',
    'detach',
    'clip',
  ],
  ...['adaptiveAvgPool', 'adaptiveMaxPool', 'maxPool', 'avgPool', 'mean', 'sum', 'resize'],
]);

/** Ops that only make sense of a bounded value: a gate, a mixing weight, a probability. */
const READS_A_MEANING: ReadonlySet<string> = new Set([
  'mul',
  'div',
  'log',
  'log1p',
  'exp',
  'softmax',
  'logSoftmax',
  'pow',
]);

/**
 * True where an activation's output means something by lying between its bounds: it gates another branch, weighs an attention, or is what the
 * model returns. Such a sigmoid or tanh is never swapped.
 */
export function hasMeaning(node: number, index: GraphIndex): boolean {
  const outputs = new Set(index.graph.outputs);
  const pending = [...(index.graph.nodes[node]?.outputs ?? [])];
  const seen = new Set<number>();
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (outputs.has(value)) return true;
    for (const reader of index.readers(value)) {
      const next = index.graph.nodes[reader];
      if (!next) continue;
      if (isFixedScale(next, value, index)) {
        pending.push(...next.outputs);
        continue;
      }
      if (READS_A_MEANING.has(next.op) || readsMix(reader, index)) return true;
      // Additive attention: scores are made of the units by one small product, then weighed by a softmax.
      if (isProduct(next.op) && feedsAttention(reader, index)) return true;
      if (PASSING.has(next.op)) pending.push(...next.outputs);
    }
  }
  return false;
}

/** `2 * tanh(x)`: multiplied by a constant or a parameter, which gates nothing. */
function isFixedScale(node: GraphNode, value: number, index: GraphIndex): boolean {
  if (node.op !== 'mul' && (node.op !== 'div' || node.inputs[0] !== value)) return false;
  const other = node.inputs.find((input) => input !== value);
  if (other === undefined) return false;
  return index.parameterOf(other) !== null || index.producer(other)?.op === 'constant';
}

/** `1 - gate`: a subtraction from a constant. */
function readsMix(reader: number, index: GraphIndex): boolean {
  const node = index.graph.nodes[reader];
  return node?.op === 'sub' && index.producer(node.inputs[0] ?? -1)?.op === 'constant';
}

function isProduct(op: string): boolean {
  return op === 'linear' || op === 'conv' || op === 'matmul' || op === 'einsum';
}

/** A softmax, reached through mere moves of data, whose result weighs something: attention, not the head. */
function feedsAttention(product: number, index: GraphIndex): boolean {
  return reaches(product, index, MOVES, (node) => node.op === 'softmax' && weighs(node, index));
}

function weighs(softmax: GraphNode, index: GraphIndex): boolean {
  const number = index.producers[softmax.outputs[0] ?? -1] ?? -1;
  return reaches(number, index, MOVES, (node) => ['matmul', 'einsum', 'mul'].includes(node.op));
}

const MOVES: ReadonlySet<string> = new Set([
  'reshape',
  'permute',
  'broadcast',
  'slice',
  'add',
  'where',
  'dropout',
  'identity',
]);

/** True where some reader of a node's outputs passes `test`, behind any number of ops in `through`. */
function reaches(
  from: number,
  index: GraphIndex,
  through: ReadonlySet<string>,
  test: (node: GraphNode) => boolean,
): boolean {
  const pending = [...(index.graph.nodes[from]?.outputs ?? [])];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    for (const reader of index.readers(value)) {
      const node = index.graph.nodes[reader];
      if (!node) continue;
      if (test(node)) return true;
      if (through.has(node.op)) pending.push(...node.outputs);
    }
  }
  return false;
}

/** Every node in any of the models that a constructor or call at this place makes, with its model. */
export interface PlacedNode {
  index: GraphIndex;
  node: number;
}

/** Nodes of all models for which `test` holds on the label's place. */
export function nodesWhere(
  graphs: readonly ModelGraph[],
  test: (index: GraphIndex, node: number) => boolean,
): PlacedNode[] {
  return graphs.flatMap((graph) => {
    const index = new GraphIndex(graph);
    return graph.nodes.flatMap((_, node) => (test(index, node) ? [{ index, node }] : []));
  });
}
