import type { ModelGraph } from '../graph/graph';
import { lossGraph } from '../trace/fusedLoss';
import type { GradientTrace } from '../trace/trace';
import { GraphIndex } from './graphIndex';
import { measurementWindow, valueGradient, type MeasurementWindow } from './measurementWindow';

/** What every rule and cause looks at. */
export interface DiagnosisContext {
  graph: ModelGraph;
  index: GraphIndex;
  trace: GradientTrace;
  window: MeasurementWindow;
  /** Value numbers of the outputs that the loss reads. */
  read: readonly number[];
  /** log10 RMS of dL/dvalue in the window, computed once a value. */
  gradient: (value: number) => number;
}

export function contextOf(graph: ModelGraph, trace: GradientTrace): DiagnosisContext {
  const window = measurementWindow(trace);
  const { outputs } = lossGraph(graph, trace.plan.loss);
  const gradients = new Map<number, number>();
  return {
    graph,
    index: new GraphIndex(graph),
    trace,
    window,
    gradient: (value) => {
      const known = gradients.get(value) ?? valueGradient(trace, window, value);
      gradients.set(value, known);
      return known;
    },
    read: trace.plan.loss.outputs.flatMap((place) => outputs[place] ?? []),
  };
}
