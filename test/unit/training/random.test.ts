import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/training/random';

/** Standard normal distribution function (Abramowitz and Stegun 7.1.26 is not enough here: series and continued fraction). */
function phi(x: number): number {
  const a = Math.abs(x);
  let tail: number;
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let k = 1; k < 100; k++) sum += term *= (a * a) / (2 * k + 1);
    tail = 0.5 - (sum * Math.exp((-a * a) / 2)) / Math.sqrt(2 * Math.PI);
  } else {
    let fraction = a;
    for (let k = 60; k > 0; k--) fraction = a + k / fraction;
    tail = Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI) / fraction;
  }
  return x > 0 ? 1 - tail : tail;
}

/** Largest distance between the draws' distribution and `cdf` (Kolmogorov and Smirnov). */
function distance(draws: Float64Array, cdf: (x: number) => number): number {
  const sorted = draws.sort();
  return sorted.reduce((worst, x, i) => {
    const p = cdf(x);
    return Math.max(worst, Math.abs(p - i / sorted.length), Math.abs(p - (i + 1) / sorted.length));
  }, 0);
}

const n = 200_000;
/** Exceeded by chance once in a million. */
const limit = 2.7 / Math.sqrt(n);

describe('Random', () => {
  it('gives every bit equally often', () => {
    const random = new Random(1);
    const counts = new Array<number>(32).fill(0);
    for (let i = 0; i < n; i++) {
      const bits = random.bits();
      for (let b = 0; b < 32; b++) counts[b]! += (bits >>> b) & 1;
    }
    for (const count of counts) expect(Math.abs(count / n - 0.5)).toBeLessThan(2.5 / Math.sqrt(n));
  });

  it('draws uniforms that are uniform', () => {
    const random = new Random(2, 7);
    expect(
      distance(
        Float64Array.from({ length: n }, () => random.uniform()),
        (x) => x,
      ),
    ).toBeLessThan(limit);
  });

  it('draws normals that are normal, tails included', () => {
    const random = new Random(3);
    const draws = Float64Array.from({ length: n }, () => random.normal());
    const beyond = draws.filter((x) => Math.abs(x) > 3.5).length;
    expect(distance(draws, phi)).toBeLessThan(limit);
    const expected = n * 2 * phi(-3.5);
    expect(Math.abs(beyond - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it('draws whole numbers evenly', () => {
    const random = new Random(4);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('is the same for the same path and unrelated for neighbouring ones', () => {
    const draw = (...path: number[]) => {
      const random = new Random(...path);
      return Array.from({ length: 2_000 }, () => random.normal());
    };
    expect(draw(5, 1, 2)).toEqual(draw(5, 1, 2));
    const first = draw(5, 1, 2);
    for (const other of [draw(5, 1, 3), draw(6, 1, 2), draw(5, 2, 1), draw(5, 1, -3), draw(5, 1)]) {
      const correlation = first.reduce((sum, x, i) => sum + x * (other[i] ?? 0), 0) / first.length;
      expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(first.length));
    }
  });
});
