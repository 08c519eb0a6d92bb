import type { ModelGraph } from '../graph/graph';
import type { ParameterReport } from '../report/report';
import { contextOf } from './context';
import type { Diagnosis } from './diagnosis';
import { spanOfParameter } from './names';
import type { GradientTrace } from '../trace/trace';

/** One row a parameter, in the framework's own order. */
export function parameterReports(graph: ModelGraph, trace: GradientTrace, diagnosis: Diagnosis): ParameterReport[] {
  const context = contextOf(graph, trace);
  return graph.parameters.map((parameter, number) => {
    const judged = diagnosis.parameters[number];
    const span = spanOfParameter(number, context);
    return {
      name: parameter.name,
      shape: parameter.shape,
      line: span ? span.range.start.line + 1 : null,
      span,
      verdict: judged?.verdict ?? 'unjudged',
      logRelativeGradient: { start: finite(judged?.start), late: finite(judged?.late) },
      note: judged?.note ?? null,
    };
  });
}

/** JSON holds no infinities: null is exactly zero or not reached. */
export function finite(x: number | undefined): number | null {
  return x !== undefined && Number.isFinite(x) ? x : null;
}
