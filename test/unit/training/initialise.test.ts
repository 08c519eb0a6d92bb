import { describe, expect, it } from 'vitest';
import type { GraphParameter } from '../../../src/graph/graph';
import type { Initialiser } from '../../../src/graph/initialiser';
import { drawParameter, initialise } from '../../../src/training/initialise/initialise';
import { Random } from '../../../src/training/random';

const draw = (initialiser: Initialiser, shape: number[], seed = 0) =>
  initialise(initialiser, shape, new Random(seed, 99));

function moments(x: Float32Array): { mean: number; std: number; min: number; max: number } {
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  const std = Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / x.length);
  return { mean, std, min: x.reduce((a, b) => Math.min(a, b)), max: x.reduce((a, b) => Math.max(a, b)) };
}

describe('initialise', () => {
  it('draws uniform elements in their range', () => {
    const m = moments(draw({ kind: 'uniform', low: -0.5, high: 0.3 }, [100, 200]));
    expect(m.mean).toBeCloseTo(-0.1, 2);
    expect(m.std).toBeCloseTo(0.8 / Math.sqrt(12), 2);
    expect(m.min).toBeGreaterThanOrEqual(-0.5);
    expect(m.max).toBeLessThanOrEqual(Math.fround(0.3));
  });

  it('draws normal elements', () => {
    const m = moments(draw({ kind: 'normal', mean: 2, std: 0.02 }, [200, 200]));
    expect(m.mean).toBeCloseTo(2, 3);
    expect(m.std).toBeCloseTo(0.02, 3);
  });

  it('redraws what falls outside a truncated normal', () => {
    // Keras' he_normal: std of the cut distribution is 0.87962566 of the normal's before the cut at two deviations.
    const m = moments(draw({ kind: 'truncatedNormal', mean: 1, std: 0.5, low: 0, high: 2 }, [200, 500]));
    expect(m.mean).toBeCloseTo(1, 2);
    expect(m.std / 0.5).toBeCloseTo(0.87962566, 2);
    expect(m.min).toBeGreaterThanOrEqual(0);
    expect(m.max).toBeLessThanOrEqual(2);
  });

  it('reaches a truncation far out in the tail', () => {
    const x = draw({ kind: 'truncatedNormal', mean: 0, std: 1, low: 8, high: 9 }, [5_000]);
    const m = moments(x);
    expect(m.min).toBeGreaterThanOrEqual(8);
    expect(m.max).toBeLessThanOrEqual(9);
    // Mean of a normal beyond 8: phi(8)/Q(8) = 8.1213.
    expect(m.mean).toBeCloseTo(8.121, 1);
  });

  it('fills constants, also those that JSON lacks', () => {
    expect([...draw({ kind: 'constant', value: 0.25 }, [3])]).toEqual([0.25, 0.25, 0.25]);
    expect([...draw({ kind: 'constant', value: '-inf' }, [1])]).toEqual([-Infinity]);
  });

  it.each([
    ['wide, PyTorch', [6, 4, 3], 6],
    ['tall, PyTorch', [20, 4], 20],
    ['tall, Keras', [3, 3, 2, 8], 18],
    ['wide, Keras', [2, 3, 10], 6],
  ])('draws orthogonal rows or columns: %s', (_, shape, rows) => {
    const gain = 1.5;
    const x = draw({ kind: 'orthogonal', gain, rows }, shape);
    const columns = x.length / rows;
    const at = (r: number, c: number) => x[r * columns + c] ?? 0;
    const count = Math.min(rows, columns);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        let sum = 0;
        for (let k = 0; k < Math.max(rows, columns); k++)
          sum += rows < columns ? at(i, k) * at(j, k) : at(k, i) * at(k, j);
        expect(sum).toBeCloseTo(i === j ? gain * gain : 0, 5);
      }
    }
  });

  it('fixes the sign of orthogonal draws, so that they favour no direction', () => {
    // Without the fix Householder's first column would always point the same way.
    const positive = Array.from({ length: 400 }, (_, seed) =>
      draw({ kind: 'orthogonal', gain: 1, rows: 3 }, [3, 3], seed),
    );
    for (let i = 0; i < 9; i++) {
      const share = positive.filter((x) => (x[i] ?? 0) > 0).length / 400;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.13);
    }
  });

  it('sets identities on the last two dims', () => {
    expect([...draw({ kind: 'identity', gain: 2 }, [2, 2, 3])]).toEqual([2, 0, 0, 0, 2, 0, 2, 0, 0, 0, 2, 0]);
  });

  it('sets the kernel centre for dirac, group by group', () => {
    const x = draw({ kind: 'dirac', groups: 2 }, [4, 2, 3]);
    const ones = [...x].flatMap((v, i) => (v === 1 ? [i] : []));
    // out 0 -> in 0, out 1 -> in 1, and again in the second group; centre of 3 is 1.
    expect(ones).toEqual([1, 1 * 6 + 3 + 1, 2 * 6 + 1, 3 * 6 + 3 + 1]);
    expect(x.reduce((a, b) => a + b)).toBe(4);
  });

  it('zeroes a share of each column for sparse', () => {
    const x = draw({ kind: 'sparse', sparsity: 0.3, std: 0.1 }, [10, 7]);
    for (let c = 0; c < 7; c++) {
      expect(Array.from({ length: 10 }, (_, r) => x[r * 7 + c]).filter((v) => v === 0)).toHaveLength(3);
    }
  });

  it('takes exact values and refuses a wrong count', () => {
    expect([...draw({ kind: 'values', values: [1, 'inf', -3] }, [3])]).toEqual([1, Infinity, -3]);
    expect(() => draw({ kind: 'values', values: [1, 2] }, [3])).toThrow('2 values for a parameter of 3 elements');
  });

  it('scales and shifts a base', () => {
    const base = draw({ kind: 'normal', mean: 0, std: 1 }, [50]);
    const x = draw({ kind: 'affine', scale: 0.1, shift: 3, base: { kind: 'normal', mean: 0, std: 1 } }, [50]);
    x.forEach((v, i) => expect(v).toBeCloseTo(0.1 * (base[i] ?? 0) + 3, 6));
  });

  it('overwrites regions', () => {
    const x = draw(
      {
        kind: 'regions',
        base: { kind: 'constant', value: 1 },
        regions: [
          { start: [1, 0], stop: [2, 3], fill: { kind: 'constant', value: 0 } },
          { start: [0, 2], stop: [3, 3], fill: { kind: 'values', values: [7, 8, 9] } },
        ],
      },
      [3, 3],
    );
    expect([...x]).toEqual([1, 1, 7, 0, 0, 8, 1, 1, 9]);
  });

  it('draws an unknown initialiser as assumed', () => {
    const assumed: Initialiser = { kind: 'constant', value: 4 };
    expect([...draw({ kind: 'unknown', reason: 'checkpoint', assumed }, [2])]).toEqual([4, 4]);
  });

  it('depends on seed and parameter number alone, and on the original in a copy', () => {
    const parameter = (copyOf?: number): GraphParameter => ({
      name: 'w',
      shape: [3],
      trainable: true,
      initialiser: { kind: 'normal', mean: 0, std: 1 },
      initialiserOrigin: 'default',
      initialiserSpan: null,
      module: null,
      span: null,
      ...(copyOf === undefined ? {} : { copyOf }),
    });
    const parameters = [parameter(), parameter(), parameter(0), parameter()];
    const first = (number: number, seed: number) => drawParameter(parameters, number, seed)[0];
    expect(first(1, 4)).toBe(first(1, 4));
    expect(first(2, 4)).toBe(first(0, 4));
    expect(first(3, 4)).toBe(drawParameter(parameters.toSpliced(1, 1, parameter()), 3, 4)[0]);
    expect(new Set([first(0, 4), first(1, 4), first(3, 4), first(0, 5), first(1, 0)]).size).toBe(5);
  });
});
