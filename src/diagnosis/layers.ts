import type { GraphNode } from '../graph/graph';
import type { DiagnosisContext } from './context';
import { labelOf, roleOf } from './opLabels';

/** Nodes of one layer: consecutive ones of one framework layer, or a single call of the user's own. */
export interface Layer {
  path: string;
  nodes: GraphNode[];
}

/** From input to output; ops that only move data about are left out. */
export function layersOf(context: DiagnosisContext): Layer[] {
  const layers: Layer[] = [];
  let openModule: number | null = null;
  for (const node of context.graph.nodes) {
    const parameters = parametersOf(node, context);
    if (context.graph.values[node.outputs[0] ?? -1]?.dtype !== 'float') continue;
    if (parameters.length === 0 && ['other', 'sum'].includes(roleOf(node))) continue;
    const module = context.index.module(node.module);
    const last = layers.at(-1);
    // A layer lowered to several nodes (a product and the addition of its bias) stays one row.
    if (last && openModule !== null && openModule === node.module && continues(last, node)) {
      last.nodes.push(node);
      continue;
    }
    layers.push({ path: module?.path ?? '', nodes: [node] });
    openModule = labelOf(node, context.index).name === module?.type ? node.module : null;
  }
  return layers;
}

function continues(layer: Layer, node: GraphNode): boolean {
  const output = layer.nodes.at(-1)?.outputs[0];
  return output !== undefined && node.inputs.includes(output);
}

export function parametersOf(node: GraphNode, { index }: DiagnosisContext): number[] {
  if (node.op === 'parameter') return [];
  return node.inputs.flatMap((value) => index.parameterOf(value) ?? []);
}
