import * as path from 'node:path';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { buildKernels } from '../../../../scripts/build/kernels.mjs';
import type { DType, NodeOf } from '../../../../src/graph/graph';
import { readsOf } from '../../../../src/trace/retention';
import type { OpAttributes, OpName } from '../../../../src/graph/ops';
import { bootBackend } from '../../../../src/training/backend';
import type { DrawSource, OpRow } from '../../../../src/training/ops/row';
import { OP_TABLE } from '../../../../src/training/ops/table';
import { allocate, elements, fromElements, storageOf } from '../../../../src/training/ops/tensors';
import { NO_DRAWS, uniform } from '../executor/graphs';
import { sizeOf, type Grid } from './grid';

export const boot = async (): Promise<void> => {
  await buildKernels();
  await bootBackend({ directory: path.resolve('dist', 'wasm') });
};

export interface Operand {
  shape: number[];
  dtype?: DType;
  /** Draws in [-1, 1) where left off. */
  values?: readonly number[];
}

export interface RowCase<O extends OpName> {
  op: O;
  attributes: OpAttributes<O>;
  inputs: Operand[];
  /** The op in float64, on the float32 operands. */
  reference: (...inputs: Grid[]) => Grid;
  draws?: DrawSource;
}

/**
 * Holds a row against a reference: forward to float32 accuracy, backward against central differences of the reference in
 * float64. Every float operand must get a gradient.
 */
export function checkRow<O extends OpName>({ op, attributes, inputs, reference, draws }: RowCase<O>): void {
  const next = uniform(JSON.stringify([op, attributes, inputs]).length);
  const operands = inputs.map(({ shape, dtype, values }) => ({
    shape,
    dtype: dtype ?? 'float',
    values: Array.from(values ?? Array.from({ length: sizeOf(shape) }, next), Math.fround),
  }));
  const result = reference(...operands);
  const dy = Array.from(result.values, () => Math.fround(next()));
  const made = runRow(op, attributes, operands, [{ shape: result.shape }], [dy], draws);
  close(made.outputs[0]!, result.values, 3e-7, `${op} forward`);
  expect(made.gradients.map((gradient) => gradient !== null)).toEqual(operands.map(({ dtype }) => dtype === 'float'));
  made.gradients.forEach((gradient, k) => {
    if (gradient === null) return;
    const loss = (values: number[]) => dot(reference(...operands.with(k, { ...operands[k]!, values })).values, dy);
    close(gradient, differences(loss, operands[k]!.values), 3e-6, `${op} gradient ${k}`);
  });
}

/**
 * The row's own results and gradients for given output gradients, as plain numbers. Fails where shapes or dtypes are not the
 * graph's, and where the row leaves tensors behind.
 */
export function runRow<O extends OpName>(
  op: O,
  attributes: OpAttributes<O>,
  operands: Operand[],
  outputs: { shape: number[]; dtype?: DType }[],
  outputGradients: (readonly number[] | null)[] = outputs.map(({ shape }) => new Array<number>(sizeOf(shape)).fill(1)),
  draws: DrawSource = NO_DRAWS,
): { outputs: number[][]; gradients: (number[] | null)[] } {
  const before = memory().numTensors;
  const inputValues = operands.map(({ shape, dtype }) => ({ shape, dtype: dtype ?? 'float' }));
  const outputValues = outputs.map(({ shape, dtype }) => ({ shape, dtype: dtype ?? 'float' }));
  const node = {
    op,
    attributes,
    inputs: operands.map((_, k) => k),
    outputs: [],
    module: null,
    span: null,
  } as unknown as NodeOf<O>;
  const context = { node, inputValues, outputValues, draws };
  const row = OP_TABLE[op] as unknown as OpRow<O>;
  const inputs = operands.map(({ values }, k) => filled(inputValues[k]!, values ?? []));
  const { outputs: made, saved = [] } = row.forward(inputs, context);
  expect(made.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    outputValues.map(({ shape, dtype }) => ({ shape, dtype: storageOf(dtype) })),
  );
  const dy = outputGradients.map((values, k) => (values === null ? null : fromElements(values, outputs[k]!.shape)));
  const wanted = inputValues.map(({ dtype }) => dtype === 'float');
  const values = made.map((tensor) => [...elements(tensor)]);
  // The backward rule may read no more than the trainer keeps for it.
  const reads = readsOf(op);
  if (!reads.inputs) for (const tensor of inputs) tensor.dispose();
  if (!reads.outputs) for (const tensor of made) tensor.dispose();
  const gradients = row.backward?.({ inputs, outputs: made, saved, outputGradients: dy, wanted }, context) ?? [];
  gradients.forEach((gradient, k) => {
    if (gradient !== null) expect(gradient.shape).toEqual(wanted[k] === true ? inputValues[k]!.shape : 'no gradient');
  });
  const result = {
    outputs: values,
    gradients: gradients.map((gradient) => (gradient === null ? null : [...elements(gradient)])),
  };
  for (const tensor of [...inputs, ...made, ...saved, ...dy, ...gradients]) tensor?.dispose();
  expect(memory().numTensors, 'tensors left behind').toBe(before);
  return result;
}

function filled(value: { shape: number[]; dtype: DType }, values: readonly number[]): Tensor {
  const tensor = allocate(value);
  elements(tensor).set(values);
  return tensor;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

/** Central differences, with one Richardson step. */
function differences(loss: (values: number[]) => number, values: readonly number[]): number[] {
  return values.map((v, i) => {
    const slope = (h: number) => (loss([...values].with(i, v + h)) - loss([...values].with(i, v - h))) / (2 * h);
    const h = 2 ** -10 * Math.max(Math.abs(v), 2 ** -4);
    return (4 * slope(h / 2) - slope(h)) / 3;
  });
}

function close(got: readonly number[], wanted: readonly number[], tolerance: number, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs).filter(Number.isFinite), 1e-30);
  got.forEach((v, i) => {
    const w = wanted[i]!;
    if (Object.is(v, w) || v === w) return;
    expect(Math.abs(v - w) / scale, `${what}, element ${i}: ${v}, not ${w}`).toBeLessThan(tolerance);
  });
}
