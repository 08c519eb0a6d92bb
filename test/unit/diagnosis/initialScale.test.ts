import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erf } from '../../../src/diagnosis/errorFunction';
import { fanIn, initialDeviation, initialMoments } from '../../../src/diagnosis/initialScale';
import type { Initialiser } from '../../../src/graph/initialiser';

/** Mean and deviation of a list of elements. */
function momentsOf(elements: readonly number[]) {
  const mean = elements.reduce((sum, x) => sum + x, 0) / elements.length;
  return { mean, deviation: Math.sqrt(elements.reduce((sum, x) => sum + (x - mean) ** 2, 0) / elements.length) };
}

describe('the error function', () => {
  it.each([
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.6, 0.9997639655834707],
    [4, 0.9999999845827421],
    [-1, -0.8427007929497149],
  ])('erf(%f)', (x, y) => expect(erf(x)).toBeCloseTo(y, 13));
});

describe('deviation of an initialiser', () => {
  it('knows the plain distributions', () => {
    expect(initialDeviation({ kind: 'uniform', low: -0.5, high: 0.5 }, [4])).toBeCloseTo(Math.sqrt(1 / 12), 12);
    expect(initialDeviation({ kind: 'normal', mean: 3, std: 0.2 }, [4])).toBe(0.2);
    expect(initialDeviation({ kind: 'constant', value: 'inf' }, [4])).toBe(0);
    expect(initialMoments({ kind: 'constant', value: 2 }, [4])).toEqual({ mean: 2, variance: 0 });
  });

  it('cuts a normal as Keras does: two deviations leave 0.8796 of it', () => {
    const cut: Initialiser = { kind: 'truncatedNormal', mean: 0, std: 1, low: -2, high: 2 };
    expect(initialDeviation(cut, [1])).toBeCloseTo(0.87962566103423978, 12);
    const oneSided: Initialiser = { kind: 'truncatedNormal', mean: 0, std: 1, low: 0, high: 40 };
    expect(initialMoments(oneSided, [1]).mean).toBeCloseTo(Math.sqrt(2 / Math.PI), 12);
    expect(initialMoments(oneSided, [1]).variance).toBeCloseTo(1 - 2 / Math.PI, 12);
  });

  it('spreads the unit vectors of an orthogonal matrix', () => {
    expect(initialDeviation({ kind: 'orthogonal', gain: 2, rows: 16 }, [16, 4])).toBeCloseTo(2 / 4, 12);
    expect(initialDeviation({ kind: 'orthogonal', gain: 1, rows: 4 }, [4, 3, 3, 3])).toBeCloseTo(1 / Math.sqrt(27), 12);
  });

  it('counts the ones of identity and dirac, and the zeros of sparse', () => {
    const identity = momentsOf([3, 0, 0, 0, 3, 0]);
    expect(initialDeviation({ kind: 'identity', gain: 3 }, [2, 3])).toBeCloseTo(identity.deviation, 12);
    // dirac_ on [4, 2, 3] with two groups: two ones in each group of 2 x 2 x 3.
    const dirac = momentsOf([...Array<number>(4).fill(1), ...Array<number>(20).fill(0)]);
    expect(initialDeviation({ kind: 'dirac', groups: 2 }, [4, 2, 3])).toBeCloseTo(dirac.deviation, 12);
    expect(initialDeviation({ kind: 'sparse', sparsity: 0.25, std: 1 }, [10, 5])).toBeCloseTo(Math.sqrt(0.7), 12);
  });

  it('scales, shifts, and reads exact values', () => {
    const base: Initialiser = { kind: 'values', values: [1, 2, 3, 6] };
    const { mean, deviation } = momentsOf([1, 2, 3, 6]);
    const moved: Initialiser = { kind: 'affine', scale: -0.5, shift: 10, base };
    expect(initialMoments(moved, [4]).mean).toBeCloseTo(10 - mean / 2, 12);
    expect(initialDeviation(moved, [4])).toBeCloseTo(deviation / 2, 12);
    expect(initialDeviation({ kind: 'unknown', reason: 'a checkpoint', assumed: base }, [4])).toBeCloseTo(
      deviation,
      12,
    );
  });

  it('paints regions in order, the later one on top', () => {
    const interval = fc.tuple(fc.nat(5), fc.nat(5)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const region = fc.tuple(interval, interval, fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.array(region, { maxLength: 4 }), (regions) => {
        const painted = Array.from({ length: 25 }, (_, i) => {
          const [row, column] = [Math.floor(i / 5), i % 5];
          const last = regions.findLast(([[r0, r1], [c0, c1]]) => row >= r0 && row < r1 && column >= c0 && column < c1);
          return last ? last[2] : 1;
        });
        const initialiser: Initialiser = {
          kind: 'regions',
          base: { kind: 'constant', value: 1 },
          regions: regions.map(([[r0, r1], [c0, c1], value]) => ({
            start: [r0, c0],
            stop: [r1, c1],
            fill: { kind: 'constant', value },
          })),
        };
        const expected = momentsOf(painted);
        expect(initialMoments(initialiser, [5, 5]).mean).toBeCloseTo(expected.mean, 10);
        expect(initialDeviation(initialiser, [5, 5])).toBeCloseTo(expected.deviation, 6);
      }),
    );
  });
});

describe('fan-in', () => {
  it('reads the layout of each framework, and d for a table', () => {
    expect(fanIn([8, 3, 5, 5], 'pytorch')).toBe(75);
    expect(fanIn([5, 5, 3, 8], 'keras')).toBe(75);
    expect(fanIn([1, 17, 64], 'pytorch')).toBe(64);
    expect(fanIn([1, 17, 64], 'tfjs')).toBe(64);
  });
});
