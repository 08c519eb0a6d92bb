import type { GraphNode, ModelGraph } from '../../graph/graph';

/** Ops after which the units lie where they lay before. */
const TRANSPARENT = new Set<GraphNode['op']>([
  ...(['identity', 'dropout', 'add', 'sub', 'mul', 'div', 'relu', 'sigmoid', 'tanh', 'gelu', 'silu'] as const),
  ...(['leakyRelu', 'elu', 'clip', 'resize', 'pad', 'detach'] as const),
]);

/** The node that makes each value. */
export type Makers = ReadonlyMap<number, GraphNode>;

export function makersOf(graph: ModelGraph): Makers {
  return new Map(graph.nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
}

/**
 * The axis along which a layer's units (neurons, channels) lie: as the op before says that makes them, seen through
 * elementwise ops; the second of images in PyTorch and the last of everything else where none says it.
 */
export function unitAxis(graph: ModelGraph, makers: Makers, value: number): number {
  const rank = graph.values[value]?.shape.length ?? 0;
  let node = makers.get(value);
  // Bounded by the number of nodes, since every step goes to an earlier one.
  while (node !== undefined) {
    const axis = axisOf(node, rank);
    if (axis !== null) return axis;
    if (!TRANSPARENT.has(node.op)) break;
    node = makers.get(node.inputs[0] ?? -1);
  }
  return graph.framework === 'pytorch' && rank >= 4 ? 1 : Math.max(0, rank - 1);
}

function axisOf(node: GraphNode, rank: number): number | null {
  switch (node.op) {
    case 'conv':
    case 'convTranspose':
    case 'maxPool':
    case 'avgPool':
      return node.attributes.layout === 'channelsFirst' ? 1 : rank - 1;
    case 'batchNorm':
    case 'batchNormFixed':
    case 'groupNorm':
      return node.attributes.axis;
    case 'linear':
    case 'layerNorm':
    case 'embedding':
    case 'recurrent':
      return rank - 1;
    default:
      return null;
  }
}
