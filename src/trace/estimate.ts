import type { GraphNode, GraphValue, ModelGraph } from '../graph/graph';
import type { OpAttributes, OpName } from '../graph/ops';

export interface Estimate {
  /** Floating-point operations of one forward and backward pass. */
  flops: number;
  /** Peak bytes of one step: weights, gradients, optimiser slots, activations kept for the backward pass. */
  bytes: number;
  /** Bytes of the activations alone. */
  activationBytes: number;
  /** Time of one step of `batch` samples on one core of a current machine; right within a factor of two for most models. */
  milliseconds: (batch: number) => number;
}

/**
 * Milliseconds each, fitted to fifteen models of the conformance pack from a five-class perceptron to a 21-million-parameter ResNet:
 * products run near 10 GFLOP/s, each activation is passed over about ten times at 1 ns (forward, backward, measurement),
 * each parameter costs 4 ns (norms and update), and each node 40 us however small it is.
 */
const RATES = { flops: 1e-7, activation: 1e-5, parameter: 4e-6, node: 0.04 };

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
  const shapes: Shapes = {
    inputs: node.inputs.map((value) => values[value]?.shape ?? []),
    outputs: node.outputs.map((value) => values[value]?.shape ?? []),
  };
  const cost = COSTS[node.op] ?? outputs;
  // Safe: the node's op chose the row, so its attributes are that row's.
  return (cost as Cost<OpName>)(shapes, node.attributes);
}

const BYTES: Record<GraphValue['dtype'], number> = { float: 4, int: 4, bool: 1 };
/** Weight, gradient, two moments of Adam, all float32. */
const BYTES_PER_PARAMETER = 16;

/** What one training step of `graph` costs, from shapes alone: nothing is allocated, whatever the sizes. */
export function estimate(graph: ModelGraph): Estimate {
  const forward = graph.nodes.reduce((sum, node) => sum + nodeFlops(node, graph.values), 0);
  const stored = new Set(graph.nodes.filter((node) => node.op === 'parameter').flatMap((node) => node.outputs));
  let activations = 0;
  let largest = 0;
  graph.values.forEach((value, number) => {
    if (stored.has(number)) return;
    const bytes = product(value.shape) * BYTES[value.dtype];
    activations += bytes;
    largest = Math.max(largest, bytes);
  });
  const parameters = graph.parameters.reduce((sum, parameter) => sum + product(parameter.shape), 0);
  // The backward pass does about twice the forward's work: one product for the input's gradient, one for the weight's.
  // Beside the kept activations it holds a few gradients at a time.
  const flops = 3 * forward;
  const samples = Math.max(1, graph.inputs[0]?.shape[0] ?? 1);
  const perSample = (flops * RATES.flops + (activations / BYTES.float) * RATES.activation) / samples;
  const fixed = parameters * RATES.parameter + graph.nodes.length * RATES.node;
  return {
    flops,
    bytes: BYTES_PER_PARAMETER * parameters + activations + 3 * largest,
    activationBytes: activations,
    milliseconds: (batch) => batch * perSample + fixed,
  };
}

/** What tfjs' WASM heap can hold, less room for fragmentation and working memory. */
export const MEMORY_LIMIT = 1.5 * 2 ** 30;

/** One sentence why the model cannot be trained here, with the estimate; null where it can. */
export function refusal(graph: ModelGraph): string | null {
  const { bytes } = estimate(graph);
  if (bytes <= MEMORY_LIMIT) return null;
  const parameters = graph.parameters.reduce((sum, parameter) => sum + product(parameter.shape), 0);
  return (
    `Training one step needs about ${gibibytes(bytes)} (${count(parameters)} parameters and the activations of a batch of ` +
    `${graph.inputs[0]?.shape[0] ?? 1}); the limit is ${gibibytes(MEMORY_LIMIT)}.`
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toLocaleString('en-GB', { maximumSignificantDigits: 2 })} GiB`;
}

function count(n: number): string {
  return n < 1e15 ? n.toLocaleString('en-GB') : n.toExponential(1);
}
