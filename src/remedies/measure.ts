import type { DiagnosedFinding, Diagnosis } from '../diagnosis/diagnosis';
import { median, smallest } from '../diagnosis/statistics';
import type { ModelGraph } from '../graph/graph';
import type { CurvePoint } from '../report/flow';
import type { Measured } from '../report/report';
import type { GradientTrace } from '../trace/trace';

/** One model with what was measured of it. */
export interface MeasuredModel {
  graph: ModelGraph;
  trace: GradientTrace;
  diagnosis: Diagnosis;
}

const FLAGGED: ReadonlySet<string> = new Set(['vanishing', 'dead', 'degenerate']);

/** Names of the weights that a finding is about. */
export function weightsOf(finding: DiagnosedFinding, graph: ModelGraph): ReadonlySet<string> {
  return new Set(finding.parameters.flatMap((parameter) => graph.parameters[parameter]?.name ?? []));
}

/** The figures shown beside a remedy: verdict, worst relative gradient among `weights`, loss at the last step. */
export function measuredOf(model: MeasuredModel, weights: ReadonlySet<string>): Measured {
  const worst = worstGradient(model, weights);
  const loss = median(model.trace.seeds.map((seed) => seed.loss[seed.steps - 1] ?? NaN));
  return {
    verdict: model.diagnosis.verdict,
    logRelativeGradient: Number.isFinite(worst) ? worst : null,
    loss: Number.isFinite(loss) ? loss : null,
  };
}

/** The judged weights' figures, which the panel lays over those of the model as it is. */
export function curveOf({ graph, diagnosis }: MeasuredModel): CurvePoint[] {
  return graph.parameters.flatMap(({ name }, number) => {
    const judged = diagnosis.parameters[number];
    if (!judged || judged.verdict === 'unjudged') return [];
    return [{ name, logRelativeGradient: Number.isFinite(judged.late) ? judged.late : null }];
  });
}

/**
 * Smallest late log10 relative gradient among the named weights; where the edit renamed them all (a layer more in a `Sequential`), among
 * all judged ones.
 */
export function worstGradient({ graph, diagnosis }: MeasuredModel, weights: ReadonlySet<string>): number {
  const judged = graph.parameters.flatMap((parameter, number) => {
    const of = diagnosis.parameters[number];
    return of && of.verdict !== 'unjudged' ? [{ name: parameter.name, late: of.late }] : [];
  });
  const named = judged.filter(({ name }) => weights.has(name));
  return smallest((named.length > 0 ? named : judged).map(({ late }) => late));
}

export function flaggedCount(diagnosis: Diagnosis): number {
  return diagnosis.parameters.filter(({ verdict }) => FLAGGED.has(verdict)).length;
}
