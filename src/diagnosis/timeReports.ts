import type { ModelGraph } from '../graph/graph';
import type { TimeReport } from '../report/report';
import type { GradientTrace } from '../trace/trace';
import { contextOf } from './context';
import { finite } from './parameterReports';
import { recurrentLayers } from './recurrentLayers';

/** One row a recurrent layer: how far back its gradient reaches. */
export function timeReports(graph: ModelGraph, trace: GradientTrace): TimeReport[] {
  return recurrentLayers(contextOf(graph, trace)).map(({ name, span, parameters, memory, readsEveryStep }) => ({
    layer: name,
    span,
    parameters,
    steps: memory.log10.length,
    logGradient: memory.log10.map(finite),
    horizon: memory.horizon,
    halfLife: memory.halfLife,
    vanishing: memory.vanishing,
    readsEveryStep,
  }));
}
