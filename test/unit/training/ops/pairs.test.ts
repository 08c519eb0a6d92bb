import { beforeAll, describe, expect, it } from 'vitest';
import type { OpName } from '../../../../src/graph/ops';
import { boot, checkRow, runRow } from './checkRow';
import { at, grid, type Grid } from './grid';

beforeAll(boot);

type Case = { [O in OpName]: [O, (a: number, b: number) => number] }[OpName];
type Positive = 'pow' | 'div' | 'mod' | 'floorDiv';

const CASES: Case[] = [
  ['add', (a, b) => a + b],
  ['sub', (a, b) => a - b],
  ['mul', (a, b) => a * b],
  ['div', (a, b) => a / b],
  ['pow', (a, b) => a ** b],
  ['maximum', Math.max],
  ['minimum', Math.min],
  ['atan2', Math.atan2],
  ['floorDiv', (a, b) => Math.floor(a / b)],
  ['mod', (a, b) => a - b * Math.floor(a / b)],
  ['prelu', (a, b) => (a > 0 ? a : a * b)],
];

/** Operand shapes and the shape that they broadcast to. */
const SHAPES: [number[], number[], number[]][] = [
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [], [2, 3]],
  [[3], [2, 3], [2, 3]],
  [
    [2, 3, 2, 2],
    [3, 1, 1],
    [2, 3, 2, 2],
  ],
  [
    [2, 1, 3],
    [4, 1],
    [2, 4, 3],
  ],
  [[1], [1, 1], [1, 1]],
  [
    [2, 3, 1],
    [1, 3, 4],
    [2, 3, 4],
  ],
  // Long enough for whole vectors and a rest.
  [[2, 9], [9], [2, 9]],
  [
    [2, 3, 7],
    [3, 1],
    [2, 3, 7],
  ],
  [[], [11], [11]],
  [
    [5, 1],
    [1, 6],
    [5, 6],
  ],
];

const broadcast = (shape: number[], f: (a: number, b: number) => number) => (a: Grid, b: Grid) =>
  grid(shape, (place) => f(at(a, place), at(b, place)));

/** Away from zero, from each other and from whole multiples of each other. */
const spread = (shape: number[], first: number) =>
  Array.from({ length: shape.reduce((n, k) => n * k, 1) }, (_, i) => first + ((i * 7) % 12) * 0.317);

describe.each(SHAPES)('%j with %j', (a, b, shape) => {
  it.each(CASES)('%s', (op, f) => {
    const positive = (['pow', 'div', 'mod', 'floorDiv'] satisfies Positive[]).some((name) => name === op);
    checkRow({
      op,
      attributes: {},
      inputs: [
        { shape: a, values: spread(a, positive ? 0.4 : -1.53) },
        { shape: b, values: spread(b, positive ? 0.57 : -1.21) },
      ],
      reference: broadcast(shape, f),
    });
  });
});

describe('ties and corners', () => {
  const run = (op: 'maximum' | 'minimum' | 'pow' | 'mod' | 'floorDiv', a: number[], b: number[]) =>
    runRow(
      op,
      {},
      [
        { shape: [a.length], values: a },
        { shape: [b.length], values: b },
      ],
      [{ shape: [a.length] }],
    );

  it('halves the gradient between equal operands', () => {
    expect(run('maximum', [1, 2, 3], [1, 3, 2]).gradients).toEqual([
      [0.5, 0, 1],
      [0.5, 1, 0],
    ]);
    expect(run('minimum', [1, 2, 3], [1, 3, 2]).gradients).toEqual([
      [0.5, 1, 0],
      [0.5, 0, 1],
    ]);
  });

  it('gives 0^0 and 0^2 finite slopes', () => {
    expect(run('pow', [0, 0], [0, 2]).gradients).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('divides as Python does', () => {
    expect(run('mod', [-7, 7, -7, 1], [3, -3, -3, 0.1]).outputs[0]!.slice(0, 3)).toEqual([2, -2, -1]);
    expect(run('floorDiv', [-7, 7, -7, 7], [3, -3, -3, 3]).outputs[0]).toEqual([-3, -3, 2, 2]);
  });

  it('divides integers into floats and multiplies floats by integers', () => {
    const int = { shape: [2], values: [3, -4], dtype: 'int' as const };
    expect(runRow('div', {}, [int, { shape: [], values: [2], dtype: 'int' }], [{ shape: [2] }]).outputs[0]).toEqual([
      1.5, -2,
    ]);
    const mixed = runRow('mul', {}, [{ shape: [2], values: [0.5, 2] }, int], [{ shape: [2] }]);
    expect(mixed).toEqual({ outputs: [[1.5, -8]], gradients: [[3, -4], null] });
  });

  it('lets a gradient through a pass-on op without a copy', () => {
    const { gradients } = runRow(
      'add',
      {},
      [
        { shape: [2], values: [1, 2] },
        { shape: [1], values: [3] },
      ],
      [{ shape: [2] }],
      [[5, 7]],
    );
    expect(gradients).toEqual([[5, 7], [12]]);
  });
});

describe('comparisons and logic', () => {
  const bools = [{ shape: [2, 2], dtype: 'bool' as const }];
  const table = (op: 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual') =>
    runRow(
      op,
      {},
      [
        { shape: [2, 1], values: [1, 2] },
        { shape: [2], values: [1, 2] },
      ],
      bools,
      [null],
    ).outputs[0];
  const logic = (op: 'logicalAnd' | 'logicalOr' | 'logicalXor') =>
    runRow(
      op,
      {},
      [
        { shape: [2, 1], values: [0, 1], dtype: 'bool' },
        { shape: [2], values: [0, 1], dtype: 'bool' },
      ],
      bools,
      [null],
    ).outputs[0];

  it('compares', () => {
    expect(table('equal')).toEqual([1, 0, 0, 1]);
    expect(table('notEqual')).toEqual([0, 1, 1, 0]);
    expect(table('less')).toEqual([0, 1, 0, 0]);
    expect(table('lessEqual')).toEqual([1, 1, 0, 1]);
    expect(table('greater')).toEqual([0, 0, 1, 0]);
    expect(table('greaterEqual')).toEqual([1, 0, 1, 1]);
  });

  it('combines', () => {
    expect(logic('logicalAnd')).toEqual([0, 0, 0, 1]);
    expect(logic('logicalOr')).toEqual([0, 1, 1, 1]);
    expect(logic('logicalXor')).toEqual([0, 1, 1, 0]);
  });
});

describe('where', () => {
  it.each([
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    [[3], [2, 3], []],
    [
      [2, 1],
      [1, 3],
      [2, 1],
    ],
  ])('condition %j, operands %j and %j', (condition, a, b) => {
    const values = Array.from({ length: condition.reduce((n, k) => n * k, 1) }, (_, i) => ((i * 2 + 1) % 3) % 2);
    checkRow({
      op: 'where',
      attributes: {},
      inputs: [{ shape: condition, values, dtype: 'bool' }, { shape: a }, { shape: b }],
      reference: (c, x, y) => grid([2, 3], (place) => (at(c, place) !== 0 ? at(x, place) : at(y, place))),
    });
  });
});
