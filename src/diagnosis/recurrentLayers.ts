import type { GraphNode, NodeOf } from '../graph/graph';
import type { SourceSpan } from '../graph/source';
import type { GradientTrace, StateTrace } from '../trace/trace';
import type { DiagnosisContext } from './context';
import { memoryOf, type Memory, UNHEARD } from './memoryHorizon';
import { spanOfParameter } from './names';
import { DECADES_PER_OCTAVE, largest } from './statistics';

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
  /**
   * Whether the first step is heard through a direction of the same layer that runs backward: it reads that step last. False
   * where the backward direction's own state at the first step is not read (`output[:, -1]` of a bidirectional layer).
   */
  heardBackward: boolean;
}

/**
 * The recurrent layers that the loss reaches, in the order of the graph. A direction that runs backward is left out: the
 * last step it reads is the sequence's first.
 */
export function recurrentLayers(context: DiagnosisContext): RecurrentLayer[] {
  const { graph, trace } = context;
  return graph.nodes.flatMap((node, number) => {
    if (node.op !== 'recurrent' || node.attributes.reverse) return [];
    const states = statesOf(number, trace);
    const memory = memoryOf(states.map(({ log2Rms }) => log2Rms));
    if (!memory) return [];
    const readsEveryStep = states.some(({ everyStep }) => everyStep);
    const heardBackward = graph.nodes.some(
      (other, place) => isOpposite(other, node) && hearsFirstStep(statesOf(place, trace)),
    );
    return [{ node, ...placeOf(node, context), memory, readsEveryStep, heardBackward }];
  });
}

function statesOf(number: number, trace: GradientTrace): StateTrace[] {
  return trace.seeds.flatMap((seed) => seed.states?.filter((state) => state.node === number) ?? []);
}

/** The other direction of one bidirectional layer reads the same sequence. */
const isOpposite = (other: GraphNode, node: NodeOf<'recurrent'>): boolean =>
  other.op === 'recurrent' && other.attributes.reverse && other.inputs[0] === node.inputs[0];

/** Whether the first step of the sequence gets at least 1e-2 of the largest gradient in every seed. */
function hearsFirstStep(states: readonly StateTrace[]): boolean {
  return (
    states.length > 0 &&
    states.every(({ log2Rms: [first = -Infinity, ...others] }) => {
      const strongest = largest([first, ...others]);
      return Number.isFinite(strongest) && (first - strongest) * DECADES_PER_OCTAVE >= UNHEARD;
    })
  );
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
  const own = graph.parameters.filter(({ module: number }) => number !== null && number === described?.module);
  const isStack = own.some(({ name }) => /_l[1-9]\d*$/.test(name));
  const suffix = /_l\d+$/.exec(described?.name ?? '')?.[0] ?? '';
  return {
    name: path === '' ? (described?.name ?? '') : `${path}${isStack ? suffix : ''}`,
    span: (first === undefined ? null : spanOfParameter(first, context)) ?? module?.span ?? node.span,
    parameters,
  };
}
