import type { GraphNode, GraphValue, ModelGraph } from '../graph/graph';
import type { OpAttributes, OpName } from '../graph/ops';
import { keptValues, storageOf } from './retention';

export interface Estimate {
  /** Floating-point operations of one forward and backward pass. */
  flops: number;
  /** Peak bytes of training on `batch` samples: weights, gradients, optimiser slots, activations kept for the backward pass. */
  bytes: (batch: number) => number;
  /** The same for one backward pass at the initialisation, without an optimiser. */
  bytesAtStart: (batch: number) => number;
  /** Time of one step of `batch` samples on one core of a current machine; right within a factor of two for most models. */
  milliseconds: (batch: number) => number;
}

/**
 * Milliseconds each, fitted to the ten models of `npm run bench -- training` on the plain SIMD build, with a fifth to spare:
 * products run at 20 GFLOP/s, each activation is passed over about ten times at 0.4 ns (forward, backward, measurement),
 * each parameter costs 4 ns (norms and update), and each node 40 us however small it is.
 */
const RATES = { flops: 5e-8, activation: 4e-6, parameter: 4e-6, node: 0.04 };

interface Shapes {
  inputs: readonly (readonly number[])[];
  outputs: readonly (readonly number[])[];
}
type Cost<O extends OpName> = (shapes: Shapes, attributes: OpAttributes<O>) => number;

const product = (numbers: readonly number[]) => numbers.reduce((size, n) => size * n, 1);
const sizes = (shapes: readonly (readonly number[])[]) => shapes.reduce((sum, shape) => sum + product(shape), 0);
const outputs: Cost<OpName> = ({ outputs: made }) => sizes(made);
const none: Cost<OpName> = () => 0;
/** Operations on each output element, counted roughly: exp and its kin as ten. */
const each =
  (operations: number): Cost<OpName> =>
  ({ outputs: made }) =>
    operations * sizes(made);

/** Multiply-adds of a convolution per element of its larger-channel side, times two. */
const window =
  (side: 'input' | 'output', weightInputAxis: (rank: number) => number): Cost<OpName> =>
  ({ inputs: [x = [], weight = []], outputs: [y = []] }) => {
    const reach = product(weight) / (weight[weightInputAxis(weight.length)] ?? 1);
    return 2 * product(side === 'input' ? x : y) * reach;
  };

const pool: Cost<'maxPool' | 'avgPool'> = ({ outputs: made }, { kernel }) => sizes(made) * product(kernel);

/** Floating-point operations of the forward rule; ops that are not named here cost one operation an output element. */
const COSTS: { [O in OpName]?: Cost<O> } = {
  input: none,
  parameter: none,
  constant: none,
  identity: none,
  reshape: none,
  linear: ({ inputs: [x = [], weight = []] }) => 2 * (product(x) / (x.at(-1) ?? 1)) * product(weight),
  matmul: ({ inputs: [a = []], outputs: [y = []] }, { transposeA }) =>
    2 * product(y) * (a.at(transposeA ? -2 : -1) ?? 1),
  einsum: ({ inputs }, { equation }) => {
    const dims = new Map<string, number>();
    const terms = (equation.split('->')[0] ?? '').replaceAll(' ', '').split(',');
    terms.forEach((term, i) => Array.from(term, (letter, axis) => dims.set(letter, inputs[i]?.[axis] ?? 1)));
    return 2 * product([...dims.values()]);
  },
  conv: (shapes, { weightLayout }) =>
    window('output', (rank) => (weightLayout === 'outInKernel' ? 0 : rank - 1))(shapes, {}),
  convTranspose: (shapes, { weightLayout }) =>
    window('input', (rank) => (weightLayout === 'inOutKernel' ? 0 : rank - 1))(shapes, {}),
  maxPool: pool,
  avgPool: pool,
  adaptiveAvgPool: ({ inputs }) => sizes(inputs),
  adaptiveMaxPool: ({ inputs }) => sizes(inputs),
  attention: ({ inputs: [q = [], k = [], v = []] }) => {
    const scores = (product(q) / (q.at(-1) ?? 1)) * (k.at(-2) ?? 1);
    return scores * (2 * (q.at(-1) ?? 1) + 2 * (v.at(-1) ?? 1) + 12);
  },
  recurrent: ({ inputs: [x = []] }, { cell, hidden }) => {
    const gates = { rnn: 1, gru: 3, lstm: 4 }[cell];
    return 2 * (product(x) / (x.at(-1) ?? 1)) * gates * hidden * ((x.at(-1) ?? 1) + hidden);
  },
  batchNorm: each(8),
  batchNormFixed: each(4),
  layerNorm: each(8),
  rmsNorm: each(6),
  groupNorm: each(8),
  softmax: each(14),
  logSoftmax: each(14),
  sigmoid: each(10),
  tanh: each(10),
  gelu: each(20),
  silu: each(12),
  mish: each(25),
  exp: each(10),
  log: each(10),
  erf: each(20),
  sum: ({ inputs }) => sizes(inputs),
  mean: ({ inputs }) => sizes(inputs),
  variance: ({ inputs }) => 3 * sizes(inputs),
  standardDeviation: ({ inputs }) => 3 * sizes(inputs),
};

function nodeFlops(node: GraphNode, values: readonly GraphValue[]): number {
  const cost = COSTS[node.op] ?? outputs;
  // Safe: the node's op chose the row, so its attributes are that row's.
  return (cost as Cost<OpName>)(shapesOf(node, values), node.attributes);
}

function shapesOf(node: GraphNode, values: readonly GraphValue[]): Shapes {
  const of = (numbers: readonly number[]) => numbers.map((value) => values[value]?.shape ?? []);
  return { inputs: of(node.inputs), outputs: of(node.outputs) };
}

const BYTES: Record<GraphValue['dtype'], number> = { float: 4, int: 4, bool: 1 };
/** Weight, gradient and (when it learns) two moments of Adam, all float32. */
const BYTES_PER_PARAMETER = { training: 16, start: 8 };

/** Bytes beside its inputs and outputs that a node keeps for its backward rule, for each element of its first output. */
const SAVED: { [O in OpName]?: Cost<O> } = {
  maxPool: outputs,
  adaptiveMaxPool: outputs,
  dropout: outputs,
  // The input in another order, the gates before their functions, states, memory and the GRU's product.
  recurrent: ({ inputs: [x = []], outputs: [y = []] }, { cell }) =>
    product(x) + product(y) * { rnn: 2, gru: 5, lstm: 6 }[cell],
  attention: ({ inputs: [q = [], k = []] }) => (product(q) / (q.at(-1) ?? 1)) * (k.at(-2) ?? 1),
};

/** What one training step of `graph` costs, from shapes alone: nothing is allocated, whatever the sizes. */
export function estimate(graph: ModelGraph): Estimate {
  const forward = graph.nodes.reduce((sum, node) => sum + nodeFlops(node, graph.values), 0);
  const { made, kept, largest } = activations(graph);
  const parameters = graph.parameters.reduce((sum, parameter) => sum + product(parameter.shape), 0);
  // The backward pass does about twice the forward's work: one product for the input's gradient, one for the weight's.
  const flops = 3 * forward;
  const samples = Math.max(1, graph.inputs[0]?.shape[0] ?? 1);
  const perSample = (flops * RATES.flops + made * RATES.activation) / samples;
  const fixed = parameters * RATES.parameter + graph.nodes.length * RATES.node;
  // Beside the kept activations the backward pass holds a few gradients and working memory at a time.
  const bytesPerSample = (kept + 4 * largest) / samples;
  return {
    flops,
    bytes: (batch) => ROOM + SPARE * (BYTES_PER_PARAMETER.training * parameters + batch * bytesPerSample),
    bytesAtStart: (batch) => ROOM + SPARE * (BYTES_PER_PARAMETER.start * parameters + batch * bytesPerSample),
    milliseconds: (batch) => batch * perSample + fixed,
  };
}

/** Working memory of the kernels and tfjs' own. */
const ROOM = 4 * 2 ** 20;
/** The heap grows by a fifth at a time and never shrinks, with gaps between its blocks. */
const SPARE = 1.25;

/** Elements that the forward pass makes, bytes of those that wait for the backward pass, and of the largest. */
function activations(graph: ModelGraph): { made: number; kept: number; largest: number } {
  const stored = new Set(graph.nodes.filter((node) => node.op === 'parameter').flatMap((node) => node.outputs));
  const storage = storageOf(graph);
  const waits = new Set<number>();
  keptValues(graph).forEach((isKept, value) => {
    if (isKept) waits.add(storage[value] ?? value);
  });
  let [made, kept, largest] = [0, 0, 0];
  graph.values.forEach((value, number) => {
    if (stored.has(number)) return;
    const bytes = product(value.shape) * BYTES[value.dtype];
    made += product(value.shape);
    largest = Math.max(largest, bytes);
    if (storage[number] === number && waits.has(number)) kept += bytes;
  });
  for (const node of graph.nodes) {
    const saved = SAVED[node.op] as Cost<OpName> | undefined;
    if (saved !== undefined) kept += BYTES.float * saved(shapesOf(node, graph.values), node.attributes);
  }
  return { made, kept, largest };
}

/** What a trainer may take of memory. */
export const MEMORY_LIMIT = 2 ** 30;

/** One sentence why the model cannot be trained here for so many steps, with the estimate; null where it can. */
export function refusal(graph: ModelGraph, steps: number): string | null {
  const { bytes, bytesAtStart } = estimate(graph);
  const batch = graph.inputs[0]?.shape[0] ?? 1;
  const needed = (steps > 1 ? bytes : bytesAtStart)(batch);
  if (needed <= MEMORY_LIMIT) return null;
  const parameters = graph.parameters.reduce((sum, parameter) => sum + product(parameter.shape), 0);
  const work = steps > 1 ? 'Training one step' : 'One backward pass';
  return (
    `${work} needs about ${gibibytes(needed)} (${count(parameters)} parameters and the activations of a batch of ` +
    `${batch}); the limit is ${gibibytes(MEMORY_LIMIT)}.`
  );
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toLocaleString('en-GB', { maximumSignificantDigits: 2 })} GiB`;
}

function count(n: number): string {
  return n < 1e15 ? n.toLocaleString('en-GB') : n.toExponential(1);
}
