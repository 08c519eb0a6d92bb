import type { GraphNode } from '../graph/graph';
import type { GradientTrace } from '../trace/trace';
import type { DiagnosisContext } from './context';
import { gateOf } from './gates';
import type { GraphIndex } from './graphIndex';
import { medianOver, type MeasurementWindow } from './measurementWindow';

/** What turned the gradient of a reached weight to exactly zero. */
export type ZeroReason =
  /** Units of the ReLU family that never open, after the weight (no gradient comes back) or before it (its input is zero). */
  | { kind: 'dead-units'; nodes: readonly number[]; side: 'after' | 'before' }
  /** Softmax over an axis of one element is the constant 1 (its logarithm 0). */
  | { kind: 'one-unit-softmax'; nodes: readonly number[] }
  /** Normalising a single element leaves its offset, whatever the input. */
  | { kind: 'one-element-norm'; nodes: readonly number[] }
  /** A branch multiplied by a parameter that is zero and stays so. */
  | { kind: 'shut-gate'; nodes: readonly number[]; gates: readonly number[] }
  /** Some other op whose backward pass gave exactly zero, or none was found. */
  | { kind: 'unknown'; nodes: readonly number[] };

/** Ops that give nothing back where their units are closed. */
const CAN_CLOSE: ReadonlySet<string> = new Set([
  'relu',
  'clip',
  'threshold',
  'hardSigmoid',
  'hardSwish',
  'softShrink',
  'hardShrink',
  'maximum',
  'minimum',
]);

/** Searches the trace around a weight's own node for the op that ended the gradient. */
export function whyZero(parameter: number, context: DiagnosisContext): ZeroReason {
  const { index, trace, window, gradient } = context;
  const users = index.usersOf(parameter);
  const ends = users.flatMap((user) => findEnds(user, index, gradient));
  if (ends.length > 0) return reasonOf(ends, index, 'after');
  const zeroInputs = users.flatMap((user) => findZeroSources(user, index, trace, window));
  if (zeroInputs.length > 0) return reasonOf(zeroInputs, index, 'before');
  return { kind: 'unknown', nodes: users };
}

/**
 * True where a weight's gradient of exactly zero is an underflow: in most seeds float32 lost in the forward pass what the weight is fed, or what
 * the units are fed that seem closed. Such a weight vanished; nothing is wrong with its wiring.
 */
export function isUnderflow(parameter: number, reason: ZeroReason, { graph, index, trace }: DiagnosisContext): boolean {
  const nodes = [...index.usersOf(parameter), ...(reason.kind === 'dead-units' ? reason.nodes : [])];
  const fed = nodes.flatMap((number) => dataInputs(graph.nodes[number], index));
  const lost = trace.seeds.filter(({ underflow }) => underflow?.some((value) => fed.includes(value)) === true);
  return lost.length > trace.seeds.length / 2;
}

/** Walks toward the loss through values of zero gradient; returns the nodes whose output still has one, or that end the walk. */
function findEnds(user: number, index: GraphIndex, gradient: (value: number) => number): number[] {
  const { nodes } = index.graph;
  const ends: number[] = [];
  const seen = new Set<number>();
  const pending = (nodes[user]?.outputs ?? []).filter((value) => gradient(value) === -Infinity);
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const reader of index.readers(value)) {
      const node = nodes[reader];
      if (!node) continue;
      if (isOneUnitSoftmax(node, index) || node.outputs.some((output) => gradient(output) > -Infinity))
        ends.push(reader);
      else pending.push(...node.outputs.filter((output) => gradient(output) === -Infinity));
    }
  }
  return [...new Set(ends)].sort((a, b) => a - b);
}

/** Walks toward the input through values that are exactly zero; returns the nodes that made or passed them. */
function findZeroSources(user: number, index: GraphIndex, trace: GradientTrace, window: MeasurementWindow): number[] {
  const isZero = (value: number): boolean =>
    medianOver(trace, window, (seed, step) => seed.values[value]?.mean[step]) === 0 &&
    medianOver(trace, window, (seed, step) => seed.values[value]?.deviation[step]) === 0;
  const makers = new Set<number>();
  const pending = dataInputs(index.graph.nodes[user], index).filter(isZero);
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const producer = index.producers[value] ?? -1;
    if (makers.has(producer)) continue;
    makers.add(producer);
    pending.push(...dataInputs(index.graph.nodes[producer], index).filter(isZero));
  }
  return [...makers].sort((a, b) => a - b);
}

function dataInputs(node: GraphNode | undefined, index: GraphIndex): number[] {
  return node?.inputs.filter((value) => index.parameterOf(value) === null) ?? [];
}

function reasonOf(nodes: readonly number[], index: GraphIndex, side: 'after' | 'before'): ZeroReason {
  const every = (test: (node: GraphNode) => boolean) =>
    nodes.every((number) => {
      const node = index.graph.nodes[number];
      return node !== undefined && test(node);
    });
  if (every((node) => isOneUnitSoftmax(node, index))) return { kind: 'one-unit-softmax', nodes };
  if (every((node) => isOneElementNorm(node, index))) return { kind: 'one-element-norm', nodes };
  const closing = nodes.filter((number) => CAN_CLOSE.has(index.graph.nodes[number]?.op ?? ''));
  if (closing.length > 0) return { kind: 'dead-units', nodes: closing, side };
  const gates = nodes.flatMap((number) => gatesOf(index.graph.nodes[number], index));
  if (gates.length > 0) return { kind: 'shut-gate', nodes, gates };
  return { kind: 'unknown', nodes };
}

function gatesOf(node: GraphNode | undefined, index: GraphIndex): number[] {
  return node?.inputs.flatMap((_, place) => gateOf(node, place, index) ?? []) ?? [];
}

function isOneUnitSoftmax(node: GraphNode, index: GraphIndex): boolean {
  if (node.op !== 'softmax' && node.op !== 'logSoftmax') return false;
  return index.graph.values[node.outputs[0] ?? -1]?.shape[node.attributes.axis] === 1;
}

function isOneElementNorm(node: GraphNode, index: GraphIndex): boolean {
  const shape = index.graph.values[node.inputs[0] ?? -1]?.shape ?? [];
  const count = (axes: readonly number[]) => axes.reduce((product, axis) => product * (shape[axis] ?? 1), 1);
  switch (node.op) {
    case 'layerNorm':
      return count(node.attributes.axes) === 1;
    case 'batchNorm':
      return count(shape.map((_, axis) => axis).filter((axis) => axis !== node.attributes.axis)) === 1;
    case 'groupNorm': {
      const perSample = count(shape.map((_, axis) => axis).slice(1));
      return perSample === node.attributes.groups;
    }
    default:
      return false;
  }
}
