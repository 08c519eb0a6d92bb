import type { GraphNode } from '../../graph/graph';
import type { GraphIndex } from '../graphIndex';

/**
 * std * sqrt(fan_in) that keeps the signal's variance through the activation behind a layer: sqrt(2) for ReLU (He et al. 2015, eq. 10),
 * sqrt(2 / (1 + slope^2)) for Leaky ReLU (ibid., eq. 15), 1 for linear, tanh and SELU (LeCun et al. 1998; Klambauer et al. 2017).
 */
export function neededGain(layer: number, index: GraphIndex): number {
  const activation = activationBehind(layer, index);
  switch (activation?.op) {
    case 'relu':
    case 'gelu':
    case 'silu':
    case 'mish':
    case 'hardSwish':
      return Math.SQRT2;
    case 'clip':
      return activation.attributes.min === 0 ? Math.SQRT2 : 1;
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + activation.attributes.slope ** 2));
    default:
      return 1;
  }
}

/** Ops between a layer and its activation that keep the scale of the signal. */
const BETWEEN: ReadonlySet<string> = new Set(['reshape', 'permute', 'identity', 'dropout', 'cast', 'maxPool']);

/** The activation that a layer's output goes to, if it does without a normalisation or another product in between. */
export function activationBehind(layer: number, index: GraphIndex): GraphNode | undefined {
  let node = index.graph.nodes[layer];
  while (node) {
    const readers: readonly number[] = index.readers(node.outputs[0] ?? -1);
    const next: GraphNode | undefined = index.graph.nodes[readers[0] ?? -1];
    if (!next || !BETWEEN.has(next.op)) return next;
    node = next;
  }
  return undefined;
}
