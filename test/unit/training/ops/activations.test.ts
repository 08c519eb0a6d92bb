import { beforeAll, describe, expect, it } from 'vitest';
import type { OpAttributes, OpName } from '../../../../src/graph/ops';
import { boot, checkRow, runRow } from './checkRow';
import type { Grid } from './grid';

beforeAll(boot);

type Case = { [O in OpName]: [O, OpAttributes<O>, (x: number) => number] }[OpName];

/** The integral that defines erf, by Simpson's rule. */
function erf(x: number): number {
  const end = Math.max(-7, Math.min(7, x));
  const h = end / 2000;
  let sum = 0;
  for (let k = 0; k <= 2000; k++) sum += (k % 2000 === 0 ? 1 : 2 + 2 * (k % 2)) * Math.exp(-((k * h) ** 2));
  return ((2 / Math.sqrt(Math.PI)) * sum * h) / 3;
}
const s = (x: number) => 1 / (1 + Math.exp(-x));

// Definitions as the frameworks' documentation writes them.
const CASES: Case[] = [
  ['relu', {}, (x) => Math.max(0, x)],
  ['leakyRelu', { slope: 0.1 }, (x) => (x > 0 ? x : 0.1 * x)],
  ['elu', { alpha: 1.3 }, (x) => (x > 0 ? x : 1.3 * (Math.exp(x) - 1))],
  ['celu', { alpha: 0.7 }, (x) => Math.max(0, x) + Math.min(0, 0.7 * (Math.exp(x / 0.7) - 1))],
  ['selu', {}, (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1))],
  ['gelu', { approximate: 'none' }, (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  ['gelu', { approximate: 'tanh' }, (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
  ['silu', {}, (x) => x * s(x)],
  ['mish', {}, (x) => x * Math.tanh(Math.log(1 + Math.exp(x)))],
  ['sigmoid', {}, s],
  ['logSigmoid', {}, (x) => Math.log(s(x))],
  ['hardSigmoid', { slope: 1 / 6, offset: 0.5 }, (x) => Math.min(1, Math.max(0, x / 6 + 0.5))],
  ['hardSigmoid', { slope: 0.2, offset: 0.5 }, (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5))],
  ['hardSwish', {}, (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6],
  ['tanh', {}, Math.tanh],
  ['tanhShrink', {}, (x) => x - Math.tanh(x)],
  ['softPlus', { beta: 2, threshold: 20 }, (x) => (2 * x > 20 ? x : Math.log(1 + Math.exp(2 * x)) / 2)],
  ['softPlus', { beta: 1, threshold: 3 }, (x) => (x > 3 ? x : Math.log(1 + Math.exp(x)))],
  ['softSign', {}, (x) => x / (1 + Math.abs(x))],
  ['softShrink', { lambda: 0.5 }, (x) => (x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0)],
  ['hardShrink', { lambda: 0.5 }, (x) => (Math.abs(x) > 0.5 ? x : 0)],
  ['threshold', { threshold: 0.3, value: -7 }, (x) => (x > 0.3 ? x : -7)],
  ['clip', { min: 0, max: 6 }, (x) => Math.min(6, Math.max(0, x))],
  ['clip', { min: '-inf', max: 1 }, (x) => Math.min(1, x)],
];

const onEach =
  (f: (x: number) => number) =>
  (x: Grid): Grid => ({ shape: x.shape, values: x.values.map(f) });

describe('activations', () => {
  it.each(CASES)('%s %o', (op, attributes, f) => {
    // Away from every kink of the cases, and into both tails.
    const values = [
      -9, -4.1, -3.3, -2, -1.3, -0.9, -0.51, -0.2, -0.01, 0.01, 0.2, 0.49, 0.6, 1.2, 2, 2.9, 3.1, 4, 6.5, 11,
    ];
    checkRow({ op, attributes, inputs: [{ shape: [4, 5], values }], reference: onEach(f) });
  });
});

describe('the slopes of saturated units', () => {
  const attributes = { beta: 1, threshold: 1000, alpha: 1, approximate: 'none' } as never;

  it.each([
    ['sigmoid', [-60, -30, 30, 60], (x: number) => Math.exp(-Math.abs(x))],
    ['tanh', [-30, -20, 20, 30], (x: number) => 4 * Math.exp(-2 * Math.abs(x))],
    ['softPlus', [-60, -30], Math.exp],
    ['logSigmoid', [30, 60], (x: number) => Math.exp(-x)],
    ['silu', [-60, -30], (x: number) => (1 + x) * Math.exp(x)],
    [
      'gelu',
      [-10, -8],
      (x: number) => (x - 1 / x + 1 / x ** 3 - 3 / x ** 5 + 15 / x ** 7) * Math.exp((-x * x) / 2) * 0.3989422804014327,
    ],
    ['mish', [-60, -30], (x: number) => (1 + x) * Math.exp(x)],
    ['elu', [-60, -30], Math.exp],
  ] as const)('%s', (op, x, wanted) => {
    const shape = [x.length];
    const [slopes] = runRow(op, attributes, [{ shape, values: x }], [{ shape }]).gradients;
    slopes!.forEach((slope, i) => expect(slope / wanted(x[i]!)).toBeCloseTo(1, 3));
  });
});

describe('the SIMD kernels', () => {
  const s = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
  const exact = {
    relu: [(x: number) => Math.max(0, x), (x: number) => (x > 0 ? 1 : 0)],
    sigmoid: [s, (x: number) => s(x) * s(-x)],
    tanh: [Math.tanh, (x: number) => 4 * s(2 * x) * s(-2 * x)],
    silu: [(x: number) => x * s(x), (x: number) => s(x) * (1 + x * s(-x))],
  } as const;
  const names = ['relu', 'sigmoid', 'tanh', 'silu'] as const;

  it.each(names)('%s stays within 5e-7 of float64 from -85 to 85', (op) => {
    const values = Array.from({ length: 3403 }, (_, i) => Math.fround((i - 1701) / 20));
    const shape = [values.length];
    const { outputs, gradients } = runRow(op, {}, [{ shape, values }], [{ shape }]);
    const [value, slope] = exact[op];
    values.forEach((x, i) => {
      for (const [got, wanted] of [
        [outputs[0]![i]!, value(x)],
        [gradients[0]![i]!, slope(x)],
      ] as const) {
        // silu's slope crosses zero, where only the absolute error counts; under 2^-126 there is nothing.
        const scale = Math.max(Math.abs(wanted), op === 'silu' && x > -3 && x < 3 ? 1 : 0);
        if (Math.abs(wanted) < 1.2e-38) expect(Math.abs(got)).toBeLessThan(1.2e-38);
        else expect(Math.abs(got - wanted) / scale, `${op} at ${x}: ${got}, not ${wanted}`).toBeLessThan(5e-7);
      }
    });
  });

  it.each([...names, 'gelu'] as const)('%s treats every rest of four alike', (op) => {
    const attributes = { approximate: 'none' } as never;
    const all = [0.3, -0.7, 1.9, -2.2, 0.01, 4, -5, 0.5, 0.6];
    const run = (size: number) =>
      runRow(op, attributes, [{ shape: [size], values: all.slice(0, size) }], [{ shape: [size] }]);
    const whole = run(9);
    for (let size = 1; size < 9; size++) {
      expect(run(size).outputs[0]).toEqual(whole.outputs[0]!.slice(0, size));
      expect(run(size).gradients[0]).toEqual(whole.gradients[0]!.slice(0, size));
    }
  });

  it.each([...names, 'gelu'] as const)('%s passes NaN on and survives infinities', (op) => {
    const attributes = { approximate: 'none' } as never;
    const { outputs } = runRow(op, attributes, [{ shape: [2], values: [NaN, Infinity] }], [{ shape: [2] }]);
    expect(outputs[0]![0]).toBeNaN();
    expect(outputs[0]![1]).toBe(op === 'sigmoid' || op === 'tanh' ? 1 : Infinity);
  });

  it.each([
    [
      'clip',
      { min: -0.1, max: 0.3 },
      (x: number) => [
        Math.min(Math.fround(0.3), Math.max(Math.fround(-0.1), x)),
        x <= Math.fround(-0.1) || x >= Math.fround(0.3) ? 0 : 1,
      ],
    ],
    ['clip', { min: 2, max: 1 }, () => [1, 0]],
    ['leakyRelu', { slope: 0.1 }, (x: number) => [x > 0 ? x : 0.1 * x, x > 0 ? 1 : 0.1]],
    ['threshold', { threshold: 0.1, value: 7 }, (x: number) => [x <= 0.1 ? 7 : x, x <= 0.1 ? 0 : 1]],
    [
      'softShrink',
      { lambda: 0.1 },
      (x: number) => [x > 0.1 ? x - 0.1 : x < -0.1 ? x + 0.1 : 0, x > 0.1 || x < -0.1 ? 1 : 0],
    ],
    ['hardShrink', { lambda: 0.1 }, (x: number) => [x > 0.1 || x < -0.1 ? x : 0, x > 0.1 || x < -0.1 ? 1 : 0]],
    ['hardShrink', { lambda: 0.5 }, (x: number) => [x > 0.5 || x < -0.5 ? x : 0, x > 0.5 || x < -0.5 ? 1 : 0]],
  ] as const)('%s %o is right at its edges, beside them and at infinity', (op, attributes, rule) => {
    const around = [-0.5, -0.1, 0, 0.1, 0.3, 0.5].flatMap((x) => {
      const float = Math.fround(x);
      const step = Math.max(2 ** -149, Math.abs(float) * 2 ** -23);
      return [Math.fround(float - step), float, Math.fround(float + step)];
    });
    const values = [...around, -Infinity, Infinity];
    const shape = [values.length];
    const { outputs, gradients } = runRow(op, attributes as never, [{ shape, values }], [{ shape }]);
    values.forEach((x, i) => {
      const [value, slope] = rule(x) as [number, number];
      if (Number.isFinite(value)) expect(outputs[0]![i]! - value, `${op} at ${x}`).toBeCloseTo(0, 7);
      else expect(outputs[0]![i], `${op} at ${x}`).toBe(value);
      expect(gradients[0]![i]! - slope, `slope at ${x}`).toBeCloseTo(0, 7);
    });
  });

  it.each(['clip', 'elu', 'leakyRelu'] as const)('%s passes NaN on', (op) => {
    const attributes = { min: 0, max: 6, alpha: 1, slope: 0.1 } as never;
    expect(runRow(op, attributes, [{ shape: [1], values: [NaN] }], [{ shape: [1] }]).outputs[0]![0]).toBeNaN();
  });

  it('keeps a tiny slope apart from zero by the size of the gradient', () => {
    const run = (x: number) =>
      runRow('tanh', {}, [{ shape: [1], values: [x] }], [{ shape: [1] }], [[2 ** 60]]).gradients[0]![0]!;
    expect(run(60) / (2 ** 60 * 4 * Math.exp(-120))).toBeCloseTo(1, 5);
  });

  it('takes integers as well', () => {
    const int = { shape: [3], values: [-2, 0, 3], dtype: 'int' as const };
    expect(runRow('relu', {}, [int], [{ shape: [3], dtype: 'int' }], [null]).outputs[0]).toEqual([0, 0, 3]);
    const { outputs } = runRow('sigmoid', {}, [int], [{ shape: [3] }], [null]);
    outputs[0]!.forEach((y, i) => expect(y).toBeCloseTo(s(int.values[i]!), 6));
  });
});
