import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { memory, setBackend, type Tensor, tensor, tidy, valueAndGrads } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

export interface Given {
  shape: number[];
  values: readonly number[];
}

/** Distinct numbers in [-1, 1), rounded to float32. */
export function given(shape: number[], seed: number): Given {
  const size = shape.reduce((all, n) => all * n, 1);
  return {
    shape,
    values: Array.from({ length: size }, (_, i) => {
      const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
      return Math.fround(2 * (x - Math.floor(x)) - 1);
    }),
  };
}

/** Numbers of a range of 16, so far apart that a small step does not change their order. */
export function spaced(shape: number[]): Given {
  const size = shape.reduce((all, n) => all * n, 1);
  return { shape, values: Array.from({ length: size }, (_, i) => (16 * ((i * 97) % size)) / size) };
}

/** A function of tfjs, on any backend. */
export type Work = (...x: Tensor[]) => Tensor;

export interface Results {
  value: number[];
  shape: number[];
  /** Gradients of the sum of the outputs times fixed weights. */
  gradients: number[][];
}

/** What `work` gives on a backend; with `gradients` false only its value. Fails where it leaves tensors behind. */
export async function on(
  backend: 'cpu' | 'wasm',
  work: Work,
  inputs: readonly Given[],
  gradients = true,
): Promise<Results> {
  await setBackend(backend);
  const before = memory().numTensors;
  const x = inputs.map(({ shape, values }) => tensor([...values], shape));
  const y = tidy(() => work(...x));
  const result: Results = { value: [...y.dataSync()], shape: y.shape, gradients: [] };
  if (gradients) {
    const made = tidy(() => {
      const weights = tensor([...given(y.shape, 99).values], y.shape);
      return valueAndGrads((...z: Tensor[]) =>
        work(...z)
          .mul(weights)
          .sum()
          .asScalar(),
      )(x).grads;
    });
    made.forEach((gradient, i) => {
      expect(gradient.shape).toEqual(inputs[i]!.shape);
      result.gradients.push([...gradient.dataSync()]);
      gradient.dispose();
    });
  }
  for (const each of [...x, y]) each.dispose();
  expect(memory().numTensors, 'tensors left behind').toBe(before);
  return result;
}

/** Central differences of the weighted sum of `work` on a backend, for each input. */
export async function differences(backend: 'cpu' | 'wasm', work: Work, inputs: readonly Given[]): Promise<number[][]> {
  await setBackend(backend);
  const loss = (values: readonly (readonly number[])[]): number => {
    const x = inputs.map(({ shape }, i) => tensor([...values[i]!], shape));
    const y = tidy(() => work(...x));
    const weights = given(y.shape, 99).values;
    const sum = [...y.dataSync()].reduce((all, v, i) => all + v * weights[i]!, 0);
    for (const each of [...x, y]) each.dispose();
    return sum;
  };
  const h = 2 ** -8;
  const all = inputs.map(({ values }) => values);
  return inputs.map(({ values }, k) =>
    values.map((v, i) => {
      const at = (w: number) => loss(all.with(k, [...values].with(i, w)));
      return (at(v + h) - at(v - h)) / (2 * h);
    }),
  );
}

export function close(got: readonly number[], wanted: readonly number[], tolerance: number, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs), 1e-6);
  const worst = Math.max(0, ...got.map((v, i) => Math.abs(v - wanted[i]!) / scale));
  expect(worst, what).toBeLessThan(tolerance);
}
