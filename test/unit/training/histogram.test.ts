import { describe, expect, test } from 'vitest';
import { isCounted, octaves, spread } from '../../../src/training/measure/histogram';

describe('histograms of elements', () => {
  test('gradients are counted by octave, the exponent that float32 cannot hold included', () => {
    expect(octaves(Float32Array.of(1, -1.5, 0.25, 0, -0, 3.9), -200, 7)).toEqual({
      step: 7,
      first: -202,
      width: 1,
      counts: [1, 0, 2, 1],
      zeros: 2,
    });
    expect(octaves(new Float32Array(5), 0, 0)).toMatchObject({ counts: [], zeros: 5 });
  });
  test('activations are counted in equal bins; what is no number is left out', () => {
    const { first, width, counts, zeros } = spread(Float32Array.of(-1, 0, 1, NaN, Infinity, 0.99), 3);
    expect([first, width, zeros]).toEqual([-1, 2 / 24, 1]);
    expect(counts.reduce((a, b) => a + b)).toBe(4);
    expect([counts[0], counts[12], counts[23]]).toEqual([1, 1, 2]);
    expect(spread(Float32Array.of(2, 2), 0)).toMatchObject({ first: 2, counts: [2] });
    expect(spread(Float32Array.of(NaN), 0).counts).toEqual([]);
  });
  test('of many elements a sample is counted that does not fall in step with rows of even length', () => {
    const large = Float32Array.from({ length: 1 << 16 }, (_, i) => (i % 2 === 0 ? 1 : 4));
    const { counts } = octaves(large, 0, 0);
    const total = counts.reduce((a, b) => a + b);
    expect(total).toBeLessThanOrEqual(4096);
    expect(Math.abs((counts[0] ?? 0) / total - 0.5)).toBeLessThan(0.01);
  });
  test('the first and the last planned step are counted', () =>
    expect([0, 1, 29, 30].map((step) => isCounted(step, 31))).toEqual([true, false, false, true]));
});
