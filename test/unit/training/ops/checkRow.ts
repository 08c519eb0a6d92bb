import * as path from 'node:path';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { buildKernels } from '../../../../scripts/build/kernels.mjs';
import type { DType, NodeOf } from '../../../../src/graph/graph';
import type { OpAttributes, OpName } from '../../../../src/graph/ops';
import { bootBackend } from '../../../../src/training/backend';
import type { DrawSource, OpRow } from '../../../../src/training/ops/row';
import { OP_TABLE } from '../../../../src/training/ops/table';
import { allocate, elements, fromElements } from '../../../../src/training/ops/tensors';
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
  outputs?: { shape: number[]; dtype?: DType }[];
  /** The op in float64, on the float32 operands. */
  reference: (...inputs: Grid[]) => Grid | Grid[];
  draws?: DrawSource;
  /** Largest error of a forward element, relative to the result's largest one. */
  forwardTolerance?: number;
}

/**
 * Holds a row against a reference: forward to float32 accuracy, backward against central differences of the reference in
 * float64. Gives the gradients. Fails where the row leaves tensors behind.
 */
export function checkRow<O extends OpName>(test: RowCase<O>): (number[] | null)[] {
  const before = memory().numTensors;
  const next = uniform(JSON.stringify([test.op, test.attributes, test.inputs]).length);
  const grids = test.inputs.map(({ shape, values }) => ({
    shape,
    values: Array.from(values ?? Array.from({ length: sizeOf(shape) }, next), Math.fround),
  }));
  const results = [test.reference(...grids)].flat();
  const dtypes = test.inputs.map(({ dtype }) => dtype ?? 'float');
  const outputs = (test.outputs ?? results).map((output, k) => ({
    shape: output.shape,
    dtype: ('dtype' in output ? output.dtype : undefined) ?? 'float',
    reference: results[k]!,
  }));
  const inputValues = grids.map(({ shape }, k) => ({ shape, dtype: dtypes[k]! }));
  const context = {
    node: {
      op: test.op,
      attributes: test.attributes,
      inputs: grids.map((_, k) => k),
      outputs: [],
      module: null,
      span: null,
    } as unknown as NodeOf<O>,
    inputValues,
    outputValues: outputs.map(({ shape, dtype }) => ({ shape, dtype })),
    draws: test.draws ?? NO_DRAWS,
  };
  const row = OP_TABLE[test.op] as unknown as OpRow<O>;
  const inputs = grids.map(({ values }, k) => filled(inputValues[k]!, values));

  const forward = row.forward(inputs, context);
  expect(forward.outputs.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
  forward.outputs.forEach((tensor, k) => {
    expect(tensor.dtype).toBe({ float: 'float32', int: 'int32', bool: 'bool' }[outputs[k]!.dtype]);
    close([...elements(tensor)], results[k]!.values, test.forwardTolerance ?? 3e-7, `${test.op} forward ${k}`);
  });

  let made: (number[] | null)[] = [];
  if (row.backward !== null && outputs.some(({ dtype }) => dtype === 'float')) {
    const dy = outputs.map(({ shape, dtype }) =>
      dtype === 'float' ? Array.from({ length: sizeOf(shape) }, () => Math.fround(next())) : null,
    );
    const outputGradients = dy.map((values, k) => (values === null ? null : fromElements(values, outputs[k]!.shape)));
    const wanted = dtypes.map((dtype) => dtype === 'float');
    const gradients = row.backward(
      { inputs, outputs: forward.outputs, saved: forward.saved ?? [], outputGradients, wanted },
      context,
    );
    gradients.forEach((gradient, k) =>
      expect(gradient?.shape ?? null).toEqual(wanted[k] ? inputValues[k]!.shape : null),
    );
    made = gradients.map((gradient) => (gradient === null ? null : [...elements(gradient)]));
    made.forEach((gradient, k) => {
      if (gradient === null) return;
      const loss = (values: number[]) => {
        const moved = grids.with(k, { ...grids[k]!, values });
        return [test.reference(...moved)].flat().reduce((sum, y, o) => sum + dot(y.values, dy[o] ?? []), 0);
      };
      close(gradient, differences(loss, grids[k]!.values), 3e-6, `${test.op} gradient ${k}`);
    });
    for (const tensor of [...gradients, ...outputGradients]) tensor?.dispose();
  }
  for (const tensor of [...inputs, ...forward.outputs, ...(forward.saved ?? [])]) tensor.dispose();
  expect(memory().numTensors, 'tensors left behind').toBe(before);
  return made;
}

/** The row's own results and gradients for given output gradients, as plain numbers. */
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
  const dy = outputGradients.map((values, k) => (values === null ? null : fromElements(values, outputs[k]!.shape)));
  const wanted = inputValues.map(({ dtype }) => dtype === 'float');
  const gradients = row.backward?.({ inputs, outputs: made, saved, outputGradients: dy, wanted }, context) ?? [];
  const result = {
    outputs: made.map((tensor) => [...elements(tensor)]),
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

const dot = (a: readonly number[], b: readonly number[]): number =>
  b.length === 0 ? 0 : a.reduce((sum, v, i) => sum + v * b[i]!, 0);

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
