import type { GraphNode, ModelGraph } from '../graph/graph';
import type { LayerReport } from '../report/report';
import type { GradientTrace } from '../trace/trace';
import { contextOf, type DiagnosisContext } from './context';
import { layersOf, parametersOf } from './layers';
import { medianOver } from './measurementWindow';
import { labelOf, roleOf } from './opLabels';
import { finite } from './parameterReports';

/** The layers of the gradient-flow chart, from input to output; ops that only move data about are left out. */
export function layerReports(graph: ModelGraph, trace: GradientTrace): LayerReport[] {
  const context = contextOf(graph, trace);
  return layersOf(context).flatMap((layer) => {
    const [first] = layer.nodes;
    const output = layer.nodes.at(-1)?.outputs[0];
    if (!first || output === undefined) return [];
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
