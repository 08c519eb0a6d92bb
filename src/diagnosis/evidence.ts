import type { ModelGraph } from '../graph/graph';
import type { Evidence } from '../report/report';
import type { GradientTrace } from '../trace/trace';
import type { Diagnosis } from './diagnosis';
import { finite } from './parameterReports';

/** What a verdict rests on; every report carries it. */
export function evidenceOf(
  graph: ModelGraph,
  trace: GradientTrace,
  diagnosis: Diagnosis,
  milliseconds: Evidence['milliseconds'],
): Evidence {
  const { plan } = trace;
  return {
    seeds: trace.seeds.map((seed) => seed.seed),
    steps: Math.max(0, ...trace.seeds.map((seed) => seed.steps)),
    batch: plan.batch,
    optimiser: plan.optimiser.kind,
    learningRate: plan.optimiser.learningRate,
    loss: plan.loss.kind,
    data: dataOf(graph),
    reductions: plan.reductions,
    partial: trace.partial,
    yardstick: finite(diagnosis.yardstick),
    limit: finite(diagnosis.limit),
    undecided: diagnosis.undecided,
    milliseconds,
  };
}

/** The made-up data in words, as the trainer draws them: fresh in every step. */
function dataOf(graph: ModelGraph): string {
  const kinds = new Set(graph.inputs.map((input) => input.kind));
  const inputs = [...(kinds.has('float') ? ['standard normal'] : []), ...(kinds.has('int') ? ['uniform integer'] : [])];
  return inputs.length === 0 ? 'no inputs, random targets' : `${inputs.join(' and ')} inputs, fresh in every step`;
}
