import type { GraphNode, ModelGraph } from '../graph/graph';
import type { LayerReport } from '../report/report';
import type { GradientTrace } from '../trace/trace';
import { contextOf, type DiagnosisContext } from './context';
import { medianOver } from './measurementWindow';
import { labelOf, roleOf } from './opLabels';
import { finite } from './parameterReports';

/** Nodes of one layer: consecutive ones of one framework layer, or a single call of the user's own. */
interface Layer {
  path: string;
  nodes: GraphNode[];
}

/** The layers of the gradient-flow chart, from input to output; ops that only move data about are left out. */
export function layerReports(graph: ModelGraph, trace: GradientTrace): LayerReport[] {
  const context = contextOf(graph, trace);
  return layersOf(context).flatMap((layer) => {
    const last = layer.nodes.at(-1);
    const [first] = layer.nodes;
    const output = last?.outputs[0];
    if (!first || !last || output === undefined) return [];
    const main = layer.nodes.find((node) => roleOf(node) !== 'other') ?? first;
    const label = labelOf(main, context.index);
    return [
      {
        path: layer.path,
        type: label.name,
        span: label.span,
        parameters: [...new Set(layer.nodes.flatMap((node) => parametersOf(node, context)))],
        outputShape: graph.values[output]?.shape ?? [],
        logGradient: finite(context.gradient(output)),
        logBackwardGain: finite(backwardGain(first, output, context)),
        activation: activationOf(output, context),
      },
    ];
  });
}

function layersOf(context: DiagnosisContext): Layer[] {
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

function parametersOf(node: GraphNode, { index }: DiagnosisContext): number[] {
  if (node.op === 'parameter') return [];
  return node.inputs.flatMap((value) => index.parameterOf(value) ?? []);
}

/**
 * log10 of RMS(dL/d input) / RMS(dL/d output). NaN where others read the input too: its gradient is then a sum that this layer
 * does not answer for alone.
 */
function backwardGain(first: GraphNode, output: number, { index, gradient }: DiagnosisContext): number {
  const inputs = first.inputs.filter((value) => index.parameterOf(value) === null);
  const [input] = inputs;
  if (input === undefined || inputs.length > 1 || index.readers(input).length > 1) return NaN;
  return gradient(input) - gradient(output);
}

function activationOf(output: number, { trace, window }: DiagnosisContext): LayerReport['activation'] {
  const read = (figure: 'mean' | 'deviation' | 'saturated' | 'dead') =>
    finite(medianOver(trace, window, (seed, step) => seed.values[output]?.[figure][step]));
  const mean = read('mean');
  const deviation = read('deviation');
  return mean === null || deviation === null
    ? null
    : { mean, deviation, saturated: read('saturated'), dead: read('dead') };
}
