import type { ModelGraph } from '../graph/graph';
import type { InputRequest } from '../graph/reading';
import type { TrainingPlan } from '../trace/plan';
import { plan, planImage, type PlanOptions } from '../trace/planning';
import { isSameNet } from '../trace/smallerImage';
import type { Reading } from './reading';

/** A graph with the batch and image that its plan wants. */
export interface Fitted {
  graph: ModelGraph;
  planned: TrainingPlan;
  /** What the reader is to be asked for where the image was made smaller. */
  inputs?: InputRequest[];
}

type Reads = Pick<Reading, 'withBatch' | 'hasGivenInputs'>;

/** Plans the training of a model as it was read, and reads it again where the plan wants another batch or a smaller image. */
export async function fitted(entry: string, graph: ModelGraph, reading: Reads, options: PlanOptions): Promise<Fitted> {
  // Inputs that someone gave are kept as they are.
  const image = reading.hasGivenInputs ? null : planImage(graph, options);
  if (image !== null) {
    const { shape, kind } = image.input;
    const inputs: InputRequest[] = [{ shape, kind }];
    const small = await reading.withBatch(entry, shape[0] ?? 1, inputs);
    if ('nodes' in small && isSameNet(small, graph)) {
      const { planned, graph: made } = await batched(entry, asFound(small, graph), reading, options, inputs);
      return { graph: made, planned: { ...planned, reductions: [image.reduction, ...planned.reductions] }, inputs };
    }
  }
  return batched(entry, graph, reading, options);
}

async function batched(
  entry: string,
  graph: ModelGraph,
  reading: Reads,
  options: PlanOptions,
  inputs?: InputRequest[],
): Promise<Fitted> {
  const planned = plan(graph, options);
  if (planned.batch === graph.inputs[0]?.shape[0]) return { graph, planned };
  const other = await reading.withBatch(entry, planned.batch, inputs);
  if (!('nodes' in other)) return { graph, planned };
  return { graph: inputs === undefined ? other : asFound(other, graph), planned };
}

/** A graph whose inputs were asked for, with what the first reading said of where they come from. */
function asFound(graph: ModelGraph, first: ModelGraph): ModelGraph {
  const inputs = graph.inputs.map((input, i) => {
    const { origin, reason } = first.inputs[i] ?? input;
    return { ...input, origin, reason };
  });
  return { ...graph, inputs, guesses: first.guesses };
}
