import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../scripts/build/kernels.mjs';
import type { Framework } from '../../../src/graph/graph';
import type { OptimiserPlan } from '../../../src/trace/plan';
import { bootBackend, type HeapBackend } from '../../../src/training/backend';
import { toTensor } from '../../../src/training/feeds';
import { optimiser } from '../../../src/training/optimisers';
import { Random } from '../../../src/training/random';

let backend: HeapBackend;
beforeAll(async () => {
  await buildKernels();
  backend = await bootBackend({ directory: path.resolve('dist', 'wasm') });
});

const plan = (changes: Partial<OptimiserPlan>): OptimiserPlan => ({
  kind: 'adam',
  learningRate: 0.01,
  momentum: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  origin: 'asked',
  ...changes,
});

/** Runs the rule and a float64 reference side by side on the same gradients. */
function compare(
  p: OptimiserPlan,
  framework: Framework,
  scale: number,
  exponent: number,
  reference: (w: number[], g: number[]) => void,
) {
  const size = 5;
  const random = new Random(1);
  const rule = optimiser(p, framework, size);
  const weight = toTensor(
    Float32Array.from({ length: size }, () => random.normal()),
    [size],
  );
  const expected = [...backend.floats(weight)];
  for (let step = 0; step < 40; step++) {
    const gradient = Float32Array.from({ length: size }, () => random.normal() * scale);
    const tensor = toTensor(gradient, [size]);
    rule.update(weight, { tensor, exponent });
    tensor.dispose();
    reference(
      expected,
      [...gradient].map((g) => g * 2 ** exponent),
    );
  }
  expected.forEach((w, i) => expect(backend.floats(weight)[i]).toBeCloseTo(w, 5));
  weight.dispose();
  rule.dispose();
  return expected;
}

function referenceAdam(epsilon: number, hat: boolean) {
  const m = new Array<number>(5).fill(0);
  const v = new Array<number>(5).fill(0);
  let t = 0;
  return (w: number[], gradient: number[]) => {
    t++;
    gradient.forEach((g, i) => {
      m[i] = 0.9 * m[i]! + 0.1 * g;
      v[i] = 0.999 * v[i]! + 0.001 * g * g;
      w[i]! -= hat
        ? ((0.01 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)) * (m[i] / (Math.sqrt(v[i]) + epsilon))
        : 0.01 * (m[i] / (1 - 0.9 ** t) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + epsilon));
    });
  };
}

describe('update rules', () => {
  it('takes plain gradient steps', () => {
    compare(plan({ kind: 'sgd' }), 'pytorch', 1, -3, (w, g) => g.forEach((x, i) => (w[i]! -= 0.01 * x)));
  });

  it('keeps momentum without dampening', () => {
    const velocity = new Array<number>(5).fill(0);
    compare(plan({ kind: 'sgd', momentum: 0.9 }), 'pytorch', 1, 2, (w, g) =>
      g.forEach((x, i) => {
        velocity[i] = 0.9 * velocity[i]! + x;
        w[i]! -= 0.01 * velocity[i];
      }),
    );
  });

  it('takes Adam steps as PyTorch does', () => {
    compare(plan({}), 'pytorch', 1, 0, referenceAdam(1e-8, false));
  });

  // At the size of epsilon the two placements differ by far more than the tolerance.
  it.each<[Framework, boolean]>([
    ['pytorch', false],
    ['tfjs', false],
    ['keras', true],
  ])('places epsilon as %s does', (framework, hat) => {
    const p = plan({ epsilon: 1e-7 });
    const expected = compare(p, framework, 1, -24, referenceAdam(1e-7, hat));
    const other = [...expected];
    const random = new Random(1);
    other.forEach((_, i) => (other[i] = Math.fround(random.normal())));
    const wrong = referenceAdam(1e-7, !hat);
    for (let step = 0; step < 40; step++) {
      wrong(
        other,
        Array.from({ length: 5 }, () => Math.fround(random.normal()) * 2 ** -24),
      );
    }
    expect(Math.max(...other.map((w, i) => Math.abs(w - (expected[i] ?? 0))))).toBeGreaterThan(1e-3);
  });

  it.each([-300, -140, -100, -70])('does not move weights by gradients of 2^%i, far below epsilon', (exponent) => {
    const size = 7;
    for (const kind of ['adam', 'sgd'] as const) {
      const rule = optimiser(plan({ kind, momentum: 0.9 }), 'pytorch', size);
      const weight = toTensor(new Float32Array(size).fill(1), [size]);
      const tensor = toTensor(new Float32Array(size).fill(1), [size]);
      for (let step = 0; step < 30; step++) rule.update(weight, { tensor, exponent });
      expect([...backend.floats(weight)]).toEqual(new Array(size).fill(1));
    }
  });

  it('passes infinities and NaNs on to the weights', () => {
    for (const kind of ['adam', 'sgd'] as const) {
      const weight = toTensor(new Float32Array(5).fill(1), [5]);
      const tensor = toTensor(Float32Array.of(NaN, 1, 1, 1, NaN), [5]);
      optimiser(plan({ kind }), 'pytorch', 5).update(weight, { tensor, exponent: 0 });
      expect([...backend.floats(weight)].map(Number.isNaN)).toEqual([true, false, false, false, true]);
    }
  });
});
