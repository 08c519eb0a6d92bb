import type { ModelGraph } from '../graph/graph';
import type { GradientTrace } from '../trace/trace';
import { GraphIndex } from './graphIndex';
import { measurementWindow, type MeasurementWindow } from './measurementWindow';

/** What every rule and cause looks at. */
export interface DiagnosisContext {
  graph: ModelGraph;
  index: GraphIndex;
  trace: GradientTrace;
  window: MeasurementWindow;
  /** Value numbers of the outputs that the loss reads. */
  read: readonly number[];
}

export function contextOf(graph: ModelGraph, trace: GradientTrace): DiagnosisContext {
  return {
    graph,
    index: new GraphIndex(graph),
    trace,
    window: measurementWindow(trace),
    read: trace.plan.loss.outputs.flatMap((place) => graph.outputs[place] ?? []),
  };
}
