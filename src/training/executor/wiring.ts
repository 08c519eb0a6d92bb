import type { GraphNode, GraphValue, ModelGraph } from '../../graph/graph';
import type { OpName } from '../../graph/ops';
import type { OpRow, OpRows, RowContext } from '../ops/row';
import { ExecutionError } from './errors';

/** Any row, with its op's attributes out of sight: the table guarantees that row and node belong together. */
type AnyRow = OpRow<OpName>;
export type AnyContext = RowContext<OpName>;

/** A node with all that its row needs. */
export interface Step {
  node: GraphNode;
  index: number;
  /** null for `input` and `parameter`, whose tensors are fed. */
  row: AnyRow | null;
  inputValues: readonly GraphValue[];
  outputValues: readonly GraphValue[];
}

/** Ops whose tensors come from the caller. */
export const FED_OPS = ['input', 'parameter'] as const satisfies OpName[];

const isFed = (op: OpName): boolean => FED_OPS.some((fed) => fed === op);

/** One step a node, in the graph's order. Throws for an op without a row. */
export function wire(graph: ModelGraph, rows: OpRows): Step[] {
  const valueAt = (index: number, node: number): GraphValue => {
    const value = graph.values[index];
    if (value === undefined) throw new ExecutionError(`Node ${node} names value ${index}, which does not exist.`, node);
    return value;
  };
  return graph.nodes.map((node, index) => {
    const row = (rows[node.op] ?? null) as AnyRow | null;
    if (row === null && !isFed(node.op)) throw new ExecutionError(`The trainer has no rule for "${node.op}".`, index);
    return {
      node,
      index,
      row,
      inputValues: node.inputs.map((value) => valueAt(value, index)),
      outputValues: node.outputs.map((value) => valueAt(value, index)),
    };
  });
}

/**
 * Which values want a gradient, by value number: float values on a path of differentiable ops from a trainable parameter
 * (or, with `inputs`, from a float input of the model).
 */
export function wantedValues(graph: ModelGraph, steps: readonly Step[], inputs: boolean): boolean[] {
  const wanted = graph.values.map(() => false);
  for (const { node, row, outputValues } of steps) {
    const wants =
      node.op === 'parameter'
        ? (graph.parameters[node.attributes.index]?.trainable ?? false)
        : node.op === 'input'
          ? inputs
          : (row?.backward ?? null) !== null && node.inputs.some((input) => wanted[input]);
    node.outputs.forEach((output, k) => (wanted[output] = wants && outputValues[k]?.dtype === 'float'));
  }
  return wanted;
}
