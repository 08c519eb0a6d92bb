import type { GraphIndex } from '../graphIndex';
import { initialMoments } from '../initialScale';

/** Ops that treat all units of a layer alike, so that equal units stay equal through them. */
const ALIKE: ReadonlySet<string> = new Set([
  ...[
    'relu',
    'leakyRelu',
    'elu',
    'celu',
    'selu',
    'gelu',
    'silu',
    'mish',
    'sigmoid',
    'hardSigmoid',
    'hardSwish',
    'tanh',
  ],
  ...['softPlus', 'softSign', 'clip', 'identity', 'batchNorm', 'layerNorm', 'maxPool', 'avgPool'],
]);

/**
 * Degenerate by symmetry: all units of a layer start alike (constant weights and biases in, constant weights out), so they get
 * the same gradient for ever and the layer acts as a single unit (Goodfellow et al., Deep Learning, 8.4). Returns the parameters that are
 * the incoming weights of such layers. A constant head on random features is harmless and not among them.
 */
export function equalWeights(index: GraphIndex): Set<number> {
  const { graph } = index;
  const found = new Set<number>();
  for (const node of graph.nodes) {
    if (node.op !== 'linear' && node.op !== 'conv') continue;
    const weight = index.parameterOf(node.inputs[1] ?? -1);
    if (weight === null || !isConstant(weight, index)) continue;
    const bias = node.inputs[2] === undefined ? null : index.parameterOf(node.inputs[2]);
    if (bias !== null && !isConstant(bias, index)) continue;
    if (unitsOf(node.outputs[0] ?? -1, index) < 2) continue;
    const next = nextProducts(node.outputs[0] ?? -1, index);
    if (next && next.length > 0 && next.every((number) => isConstant(number, index))) found.add(weight);
  }
  return found;
}

function unitsOf(value: number, index: GraphIndex): number {
  const producer = index.producer(value);
  const shape = index.graph.values[value]?.shape ?? [];
  const channels = producer?.op === 'conv' && producer.attributes.layout === 'channelsFirst' ? shape[1] : shape.at(-1);
  return channels ?? 1;
}

function isConstant(parameter: number, index: GraphIndex): boolean {
  const described = index.graph.parameters[parameter];
  return described !== undefined && initialMoments(described.initialiser, described.shape).variance === 0;
}

/** Weights of the next layers reached through ops that keep equal units equal; null where something else reads the value. */
function nextProducts(value: number, index: GraphIndex): number[] | null {
  const weights: number[] = [];
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const reader of index.readers(next)) {
      const node = index.graph.nodes[reader];
      if (!node) continue;
      if (ALIKE.has(node.op)) pending.push(...node.outputs);
      else {
        const weight = node.op === 'linear' || node.op === 'conv' ? index.parameterOf(node.inputs[1] ?? -1) : null;
        if (weight === null) return null;
        weights.push(weight);
      }
    }
  }
  return weights;
}
