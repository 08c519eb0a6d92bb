import { readsOf } from '../../../../src/trace/retention';
import * as path from 'node:path';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { buildKernels } from '../../../../scripts/build/kernels.mjs';
import type { NodeOf } from '../../../../src/graph/graph';
import type { OpAttributes, OpName } from '../../../../src/graph/ops';
import { bootBackend, heap, type HeapBackend } from '../../../../src/training/backend';
import type { DrawSource, OpRow, RowContext } from '../../../../src/training/ops/row';

/** A dense array of doubles in C order. */
export interface Dense {
  shape: number[];
  data: Float64Array;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1);

export function dense(shape: readonly number[], value: (index: number) => number = () => 0): Dense {
  return { shape: [...shape], data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => value(i)) };
}

/** Calls `visit` with every multi-index of `shape`, in C order. */
export function eachIndex(shape: readonly number[], visit: (index: number[], flat: number) => void): void {
  const index = shape.map(() => 0);
  for (let flat = 0; flat < sizeOf(shape); flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

export const flatIndex = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((flat, size, axis) => flat * size + index[axis]!, 0);

/** Reads a cell, 0 outside. */
export function cell({ shape, data }: Dense, index: readonly number[]): number {
  if (index.some((i, axis) => i < 0 || i >= shape[axis]!)) return 0;
  return data[flatIndex(shape, index)]!;
}

/** Fixed pseudo-random floats in (-1, 1), all distinct, rounded to float32. */
export function noise(size: number, seed: number): number[] {
  return Array.from({ length: size }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return Math.fround(2 * (x - Math.floor(x)) - 1);
  });
}

export const boot = async (): Promise<HeapBackend> => {
  await buildKernels();
  return bootBackend({ directory: path.resolve('dist', 'wasm') });
};

export function tensorOf({ shape, data }: Dense): Tensor {
  const tensor = heap().allocate([...shape]);
  heap().floats(tensor).set(data);
  return tensor;
}

export const draws: DrawSource = {
  draw: () => new Float32Array(),
  keep: () => null,
};

/** The context of a node whose output has the shape given. */
export function contextOf<O extends OpName>(
  op: O,
  attributes: OpAttributes<O>,
  inputs: readonly (readonly number[])[],
  ...outputs: readonly (readonly number[])[]
): RowContext<O> {
  const node: NodeOf<O> = {
    op,
    attributes,
    inputs: inputs.map((_, i) => i),
    outputs: outputs.map((_, i) => inputs.length + i),
    module: null,
    span: null,
  };
  return {
    node,
    inputValues: inputs.map((shape) => ({ shape: [...shape], dtype: 'float' })),
    outputValues: outputs.map((shape) => ({ shape: [...shape], dtype: 'float' })),
    draws,
  };
}

export interface RowCase<O extends OpName> {
  op: O;
  row: OpRow<O>;
  attributes: OpAttributes<O>;
  inputs: readonly Dense[];
  /** The op by its definition, in float64: its output, or all of them. */
  reference: (inputs: readonly Dense[]) => Dense | Dense[];
  /** Inputs whose gradient is asked for; all if left off. */
  wanted?: readonly boolean[];
  /** Relative to the largest element. */
  tolerance?: number;
}

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((m, v) => Math.max(m, Math.abs(v)), 0);

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  expect(actual.length, `${what}: elements`).toBe(wanted.length);
  const scale = largest(wanted) || 1;
  let worst = 0;
  let place = 0;
  for (let i = 0; i < wanted.length; i++) {
    const error = Math.abs(actual[i]! - wanted[i]!) / scale;
    if (!(error <= worst)) [worst, place] = [error, i];
  }
  expect(worst, `${what}: element ${place} is ${actual[place]!}, wanted ${wanted[place]!}`).toBeLessThan(tolerance);
}

const asList = (result: Dense | Dense[]): Dense[] => (Array.isArray(result) ? result : [result]);

/** How many elements of a gradient are held against finite differences; beyond, they are picked evenly. */
const PROBES = 20;

/** Derivatives of sum(reference(inputs) * weights) by some elements of one input: central differences in float64. */
function differences(
  reference: RowCase<OpName>['reference'],
  inputs: readonly Dense[],
  weights: readonly Dense[],
  of: number,
): { places: number[]; slopes: number[] } {
  const step = 1e-5;
  const loss = (): number =>
    asList(reference(inputs)).reduce(
      (all, { data }, k) => data.reduce((sum, v, i) => sum + v * weights[k]!.data[i]!, all),
      0,
    );
  const { data } = inputs[of]!;
  const count = Math.min(PROBES, data.length);
  const places = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * data.length) / count));
  const slopes = places.map((place) => {
    const value = data[place]!;
    data[place] = value + step;
    const above = loss();
    data[place] = value - step;
    const below = loss();
    data[place] = value;
    return (above - below) / (2 * step);
  });
  return { places, slopes };
}

/** Holds a row's forward rule against its definition, its gradient against finite differences, and counts tensors. */
export function checkRow<O extends OpName>({
  op,
  row,
  attributes,
  inputs,
  reference,
  wanted,
  tolerance = 2e-6,
}: RowCase<O>): void {
  const before = memory().numTensors;
  const expected = asList(reference(inputs));
  const context = contextOf(
    op,
    attributes,
    inputs.map(({ shape }) => shape),
    ...expected.map(({ shape }) => shape),
  );
  const tensors = inputs.map(tensorOf);
  const { outputs, saved = [] } = row.forward(tensors, context);
  expect(outputs.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  expected.forEach(({ data }, k) => expectClose(heap().floats(outputs[k]!), data, tolerance, `output ${k}`));
  const weights = expected.map(({ shape }, k) => random(shape, 77 + k));
  const wants = wanted ?? inputs.map(() => true);
  const dy = weights.map(tensorOf);
  // The backward rule may read no more than the trainer keeps for it.
  const reads = readsOf(op);
  if (!reads.inputs) for (const tensor of tensors) tensor.dispose();
  if (!reads.outputs) for (const tensor of outputs) tensor.dispose();
  const gradients = row.backward!({ inputs: tensors, outputs, saved, outputGradients: dy, wanted: wants }, context);
  inputs.forEach((input, i) => {
    if (!wants[i]!) return;
    const gradient = gradients[i]!;
    expect(gradient.shape, `shape of gradient ${i}`).toEqual(input.shape);
    const { places, slopes } = differences(reference, inputs, weights, i);
    const probed = places.map((place) => heap().floats(gradient)[place]!);
    expectClose(probed, slopes, 10 * tolerance, `gradient ${i} at ${places.join()}`);
  });
  // Untouched by the kernels.
  if (reads.inputs)
    inputs.forEach((input, i) => expect(Array.from(heap().floats(tensors[i]!))).toEqual(Array.from(input.data)));
  const nothing = row.backward!(
    { inputs: tensors, outputs, saved, outputGradients: dy.map(() => null), wanted: wants },
    context,
  );
  expect(nothing.every((gradient) => gradient === null)).toBe(true);
  for (const tensor of [...tensors, ...outputs, ...saved, ...dy, ...gradients]) tensor?.dispose();
  expect(memory().numTensors, 'leaked tensors').toBe(before);
}

export const random = (shape: readonly number[], seed: number, map: (x: number) => number = (x) => x): Dense => {
  const values = noise(sizeOf(shape), seed);
  return dense(shape, (i) => Math.fround(map(values[i]!)));
};
