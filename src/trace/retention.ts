import type { ModelGraph } from '../graph/graph';
import type { OpName } from '../graph/ops';

/** Which elements an op's backward rule reads; shapes are known without them. */
export interface Reads {
  inputs: boolean;
  outputs: boolean;
}

const NOTHING: Reads = { inputs: false, outputs: false };
const INPUTS: Reads = { inputs: true, outputs: false };
const OUTPUTS: Reads = { inputs: false, outputs: true };

/** As the rows in `training/ops` are written; an op that is not named here reads all. */
const READS: Partial<Record<OpName, Reads>> = {
  add: NOTHING,
  sub: NOTHING,
  identity: NOTHING,
  detach: NOTHING,
  reshape: NOTHING,
  permute: NOTHING,
  broadcast: NOTHING,
  tile: NOTHING,
  concat: NOTHING,
  slice: NOTHING,
  dropout: NOTHING,
  maxPool: NOTHING,
  avgPool: NOTHING,
  adaptiveMaxPool: NOTHING,
  adaptiveAvgPool: NOTHING,
  resize: NOTHING,
  linear: INPUTS,
  conv: INPUTS,
  convTranspose: INPUTS,
  matmul: INPUTS,
  attention: INPUTS,
  recurrent: INPUTS,
  batchNorm: INPUTS,
  layerNorm: INPUTS,
  groupNorm: INPUTS,
  rmsNorm: INPUTS,
  leakyRelu: INPUTS,
  elu: INPUTS,
  sigmoid: INPUTS,
  tanh: INPUTS,
  silu: INPUTS,
  gelu: INPUTS,
  relu: OUTPUTS,
  clip: OUTPUTS,
  softmax: OUTPUTS,
  logSoftmax: OUTPUTS,
};

const ALL: Reads = { inputs: true, outputs: true };
export const readsOf = (op: OpName): Reads => READS[op] ?? ALL;

/**
 * By value number, whether its elements must outlive the forward pass: where a backward rule reads them, or where they are
 * the model's output. The others may go once the last node that takes them has run.
 */
export function keptValues({ nodes, values, outputs }: ModelGraph): boolean[] {
  const kept = values.map(() => false);
  for (const value of outputs) kept[value] = true;
  for (const node of nodes) {
    const reads = readsOf(node.op);
    if (reads.inputs) for (const value of node.inputs) kept[value] = true;
    if (reads.outputs) for (const value of node.outputs) kept[value] = true;
  }
  return kept;
}

/** For each node the values that are not kept and that nothing after it takes. */
export function lastUses(graph: ModelGraph): number[][] {
  const kept = keptValues(graph);
  const last = new Map<number, number>();
  graph.nodes.forEach(({ inputs, outputs }, node) => {
    for (const value of [...inputs, ...outputs]) if (kept[value] !== true) last.set(value, node);
  });
  const result: number[][] = graph.nodes.map(() => []);
  for (const [value, node] of last) result[node]?.push(value);
  return result;
}

/** Ops whose output is a second handle on the elements of their first input. */
const ALIASES = new Set<OpName>(['identity', 'reshape', 'detach']);

/** Number of the value whose elements each value's are. */
export function storageOf({ nodes, values }: ModelGraph): number[] {
  const storage = values.map((_, value) => value);
  for (const { op, inputs, outputs } of nodes) {
    const [input] = inputs;
    if (!ALIASES.has(op) || input === undefined) continue;
    for (const output of outputs) storage[output] = storage[input] ?? input;
  }
  return storage;
}
