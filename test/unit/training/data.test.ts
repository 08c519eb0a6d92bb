import { describe, expect, it } from 'vitest';
import type { GraphInput } from '../../../src/graph/graph';
import { stepInputs } from '../../../src/training/data';

const input = (more: Partial<GraphInput>): GraphInput => ({
  name: 'x',
  shape: [40, 50],
  kind: 'float',
  origin: 'declared',
  reason: '',
  ...more,
});
const drawn = (more: Partial<GraphInput>) => [...(stepInputs([input(more)], 0, 0)[0] ?? [])];
const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

describe('made-up inputs', () => {
  it('are normal where nothing is said', () => {
    const numbers = drawn({});
    expect(Math.abs(mean(numbers))).toBeLessThan(0.1);
    expect(Math.abs(mean(numbers.map((n) => n * n)) - 1)).toBeLessThan(0.15);
  });

  it('are spread evenly between the ends of a range', () => {
    const numbers = drawn({ low: 0, high: 255 });
    expect(Math.min(...numbers)).toBeGreaterThan(0);
    expect(Math.max(...numbers)).toBeLessThan(255);
    expect(Math.abs(mean(numbers) - 127.5)).toBeLessThan(8);
  });

  it('are whole numbers from the lower limit on', () => {
    expect(new Set(drawn({ kind: 'int', low: 1, high: 5 }))).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(drawn({ kind: 'int', high: 3 }))).toEqual(new Set([0, 1, 2]));
    expect(new Set(drawn({ kind: 'int', low: 1, high: 1 }))).toEqual(new Set([1]));
  });
});
