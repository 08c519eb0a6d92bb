import type { NodeOf } from '../graph/graph';
import type { SourceSpan } from '../graph/source';
import type { DiagnosisContext } from './context';
import { memoryOf, type Memory } from './memoryHorizon';
import { spanOfParameter } from './names';

/** One forward direction of one recurrent layer with what was measured along time. */
export interface RecurrentLayer {
  node: NodeOf<'recurrent'>;
  name: string;
  span: SourceSpan | null;
  /** Numbers into `graph.parameters`. */
  parameters: number[];
  memory: Memory;
  /** Whether the model's own loss reads an output at each of the layer's steps. */
  readsEveryStep: boolean;
}

/**
 * The recurrent layers that the loss reaches, in the order of the graph. A direction that runs backward is left out: the
 * last step it reads is the sequence's first.
 */
export function recurrentLayers(context: DiagnosisContext): RecurrentLayer[] {
  const { graph, trace } = context;
  return graph.nodes.flatMap((node, number) => {
    if (node.op !== 'recurrent' || node.attributes.reverse) return [];
    const states = trace.seeds.flatMap((seed) => seed.states?.filter((state) => state.node === number) ?? []);
    const memory = memoryOf(states.map(({ log2Rms }) => log2Rms));
    if (!memory) return [];
    return [{ node, ...placeOf(node, context), memory, readsEveryStep: states.some(({ everyStep }) => everyStep) }];
  });
}

/** PyTorch stacks layers in one module and tells them apart in the names of their weights: `weight_ih_l1`. */
function placeOf(
  node: NodeOf<'recurrent'>,
  context: DiagnosisContext,
): Pick<RecurrentLayer, 'name' | 'span' | 'parameters'> {
  const { graph, index } = context;
  const parameters = node.inputs.flatMap((value) => index.parameterOf(value) ?? []);
  const [first] = parameters;
  const described = first === undefined ? undefined : graph.parameters[first];
  const module = index.module(described?.module ?? node.module);
  const path = module?.path ?? '';
  const stacked = /_l\d+$/.exec(described?.name ?? '')?.[0] ?? '';
  return {
    name: path === '' ? (described?.name ?? '') : `${path}${stacked}`,
    span: (first === undefined ? null : spanOfParameter(first, context)) ?? module?.span ?? node.span,
    parameters,
  };
}
