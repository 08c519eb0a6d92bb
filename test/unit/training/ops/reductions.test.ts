import { beforeAll, describe, expect, it } from 'vitest';
import type { OpName } from '../../../../src/graph/ops';
import type { Scalar } from '../../../../src/graph/scalar';
import { boot, checkRow, runRow } from './checkRow';
import { at, grid, places, put, type Grid } from './grid';

beforeAll(boot);

type Fold = (group: number[]) => number;

/** Applies a fold to each group of a reduction over `axes`. */
const over =
  (axes: number[], keepDims: boolean, fold: Fold) =>
  (x: Grid): Grid => {
    const full = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const groups = grid(full, (place) => {
      const members = places(x.shape).filter((other) =>
        other.every((i, axis) => axes.includes(axis) || i === place[axis]),
      );
      return fold(members.map((member) => at(x, member)));
    });
    return keepDims ? groups : { ...groups, shape: x.shape.filter((_, axis) => !axes.includes(axis)) };
  };

const sum: Fold = (v) => v.reduce((a, b) => a + b, 0);
const mean: Fold = (v) => sum(v) / v.length;
const variance =
  (correction: number): Fold =>
  (v) =>
    sum(v.map((x) => (x - mean(v)) ** 2)) / (v.length - correction);

type Case = { [O in OpName]: [O, Fold] }[OpName];
const PLAIN: Case[] = [
  ['sum', sum],
  ['mean', mean],
  ['max', (v) => Math.max(...v)],
  ['min', (v) => Math.min(...v)],
  ['prod', (v) => v.reduce((a, b) => a * b, 1)],
  ['logSumExp', (v) => Math.log(sum(v.map(Math.exp)))],
];

const AXES: [number[], number[], boolean][] = [
  [[3, 4], [1], false],
  [[3, 4], [0], true],
  [[2, 3, 4], [0, 2], false],
  [[2, 3, 4], [0, 1, 2], false],
  [[2, 3, 2, 2], [2, 3], true],
  [[3], [], false],
  [[], [], false],
];

describe.each(AXES)('%j over %j, keepDims %s', (shape, axes, keepDims) => {
  it.each(PLAIN)('%s', (op, fold) => {
    checkRow({
      op,
      attributes: { axes, keepDims },
      inputs: [{ shape }],
      reference: over(axes, keepDims, fold),
    });
  });

  it('variance and its root', () => {
    if (axes.length === 0) return;
    for (const correction of [0, 1]) {
      const attributes = { axes, keepDims, correction };
      const reference = over(axes, keepDims, variance(correction));
      checkRow({ op: 'variance', attributes, inputs: [{ shape }], reference });
      const root = (x: Grid) => ({ ...reference(x), values: reference(x).values.map(Math.sqrt) });
      checkRow({ op: 'standardDeviation', attributes, inputs: [{ shape }], reference: root });
    }
  });

  it.each([2, 1, 3, 0.5, 'inf', '-inf', 0] as Scalar[])('norm %s', (p) => {
    const fold: Fold = (v) => {
      const sizes = v.map(Math.abs);
      if (p === 'inf') return Math.max(...sizes);
      if (p === '-inf') return Math.min(...sizes);
      if (p === 0) return sizes.filter((s) => s !== 0).length;
      return sum(sizes.map((s) => s ** Number(p))) ** (1 / Number(p));
    };
    checkRow({
      op: 'norm',
      attributes: { axes, keepDims, p },
      inputs: [{ shape }],
      reference: over(axes, keepDims, fold),
    });
  });
});

describe('corners', () => {
  const run = (op: 'max' | 'min' | 'prod' | 'logSumExp' | 'sum', values: number[]) =>
    runRow(op, { axes: [0], keepDims: false }, [{ shape: [values.length], values }], [{ shape: [] }]);

  it('shares the gradient of equal extremes', () => {
    expect(run('max', [3, 1, 3, 0]).gradients[0]).toEqual([0.5, 0, 0.5, 0]);
    expect(
      run(
        'min',
        [0, 1, 0, 0].map((v) => v + 1),
      ).gradients[0]!.map((v) => Math.round(v * 3)),
    ).toEqual([1, 0, 1, 1]);
  });

  it('differentiates products with zeros', () => {
    expect(run('prod', [2, 0, 5]).gradients[0]).toEqual([0, 10, 0]);
    expect(run('prod', [2, 0, 0]).gradients[0]).toEqual([0, 0, 0]);
  });

  it('does not overflow in logSumExp', () => {
    expect(run('logSumExp', [500, 500]).outputs[0]![0]).toBeCloseTo(500 + Math.log(2), 4);
    expect(run('logSumExp', [-Infinity, 3]).outputs[0]).toEqual([3]);
  });

  it('sums in float64', () => {
    const values = Array.from({ length: 100_000 }, () => 0.1);
    expect(run('sum', values).outputs[0]![0]).toBeCloseTo(Math.fround(0.1) * 100_000, 3);
  });

  it('has no gradient where a spread or a norm is zero', () => {
    const flat = [{ shape: [3], values: [2, 2, 2] }];
    const attributes = { axes: [0], keepDims: false };
    expect(runRow('standardDeviation', { ...attributes, correction: 0 }, flat, [{ shape: [] }]).gradients[0]).toEqual([
      0, 0, 0,
    ]);
    const origin = [{ shape: [2], values: [0, 0] }];
    expect(runRow('norm', { ...attributes, p: 2 }, origin, [{ shape: [] }]).gradients[0]).toEqual([0, 0]);
  });

  it('reduces booleans and integers', () => {
    const bools = { shape: [2, 2], values: [0, 1, 0, 0], dtype: 'bool' as const };
    const attributes = { axes: [1], keepDims: false };
    const out = [{ shape: [2], dtype: 'bool' as const }];
    expect(runRow('any', attributes, [bools], out, [null]).outputs[0]).toEqual([1, 0]);
    expect(runRow('all', attributes, [{ ...bools, values: [1, 1, 0, 1] }], out, [null]).outputs[0]).toEqual([1, 0]);
    expect(runRow('sum', attributes, [bools], [{ shape: [2], dtype: 'int' }], [null]).outputs[0]).toEqual([1, 0]);
  });
});

describe('along one axis', () => {
  const SHAPES: [number[], number][] = [
    [[5], 0],
    [[2, 4], 1],
    [[2, 4, 3], 1],
  ];

  it.each(SHAPES)('cumulates %j along %i', (shape, axis) => {
    const along = (start: number, step: (a: number, b: number) => number) => (x: Grid) =>
      grid(shape, (place) => {
        let total = start;
        for (let k = 0; k <= place[axis]!; k++) total = step(total, at(x, put(place, axis, k)));
        return total;
      });
    checkRow({ op: 'cumSum', attributes: { axis }, inputs: [{ shape }], reference: along(0, (a, b) => a + b) });
    checkRow({ op: 'cumProd', attributes: { axis }, inputs: [{ shape }], reference: along(1, (a, b) => a * b) });
  });

  it('cumulates products over zeros', () => {
    const { gradients } = runRow(
      'cumProd',
      { axis: 0 },
      [{ shape: [4], values: [2, 0, 3, 0] }],
      [{ shape: [4] }],
      [[1, 10, 100, 1000]],
    );
    // y = [a, ab, abc, abcd]: dy/db = a + ac + acd.
    expect(gradients[0]).toEqual([1, 20 + 600, 0, 0]);
  });

  it('finds the first extreme', () => {
    const x = { shape: [2, 3], values: [1, 5, 5, 2, 0, 0] };
    const int = (shape: number[]) => [{ shape, dtype: 'int' as const }];
    expect(runRow('argMax', { axis: 1, keepDims: false }, [x], int([2]), [null]).outputs[0]).toEqual([1, 0]);
    expect(runRow('argMin', { axis: 1, keepDims: true }, [x], int([2, 1]), [null]).outputs[0]).toEqual([0, 1]);
    expect(runRow('argMax', { axis: 0, keepDims: false }, [x], int([3]), [null]).outputs[0]).toEqual([1, 0, 0]);
  });
});
