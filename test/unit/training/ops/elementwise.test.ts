import { beforeAll, describe, expect, it } from 'vitest';
import type { OpName } from '../../../../src/graph/ops';
import { boot, checkRow, runRow } from './checkRow';

beforeAll(boot);

type Case = { [O in OpName]: [O, (x: number) => number, number[]] }[OpName];
const ANY = [-3.2, -1.4, -0.6, -0.1, 0.3, 0.8, 1.7, 2.6];
const POSITIVE = [0.05, 0.3, 0.9, 1.1, 2.5, 40];
const UNIT = [-0.95, -0.4, 0.1, 0.7];

const CASES: Case[] = [
  ['identity', (x) => x, ANY],
  ['neg', (x) => -x, ANY],
  ['abs', Math.abs, ANY],
  ['sign', Math.sign, ANY],
  ['exp', Math.exp, ANY],
  ['expm1', Math.expm1, ANY],
  ['log', Math.log, POSITIVE],
  ['log1p', Math.log1p, POSITIVE],
  ['sqrt', Math.sqrt, POSITIVE],
  ['rsqrt', (x) => x ** -0.5, POSITIVE],
  ['square', (x) => x * x, ANY],
  ['reciprocal', (x) => 1 / x, ANY],
  ['sin', Math.sin, ANY],
  ['cos', Math.cos, ANY],
  ['tan', Math.tan, UNIT],
  ['asin', Math.asin, UNIT],
  ['acos', Math.acos, UNIT],
  ['atan', Math.atan, ANY],
  ['sinh', Math.sinh, ANY],
  ['cosh', Math.cosh, ANY],
  ['floor', Math.floor, ANY],
  ['ceil', Math.ceil, ANY],
  ['round', Math.round, ANY],
];

describe('functions of one value', () => {
  it.each(CASES)('%s', (op, f, values) => {
    checkRow({
      op,
      attributes: {},
      inputs: [{ shape: [2, values.length / 2], values }],
      reference: (x) => ({ shape: x.shape, values: x.values.map(f) }),
    });
  });

  it('erf', () => {
    const integral = (x: number) => {
      let sum = 0;
      for (let k = 0; k < 4000; k++) sum += Math.exp(-((((k + 0.5) * x) / 4000) ** 2)) * (x / 4000);
      return (2 / Math.sqrt(Math.PI)) * sum;
    };
    checkRow({
      op: 'erf',
      attributes: {},
      inputs: [{ shape: [8], values: ANY }],
      reference: (x) => ({ shape: x.shape, values: x.values.map(integral) }),
    });
  });

  it('rounds halves to the even number', () => {
    const values = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3];
    expect(runRow('round', {}, [{ shape: [7], values }], [{ shape: [7] }]).outputs[0]).toEqual([-2, -2, 0, 0, 2, 2, 3]);
  });

  it('keeps integers integers', () => {
    const run = (op: 'neg' | 'abs' | 'square') =>
      runRow(op, {}, [{ shape: [3], values: [-2, 0, 5], dtype: 'int' }], [{ shape: [3], dtype: 'int' }], [null])
        .outputs[0];
    expect(run('neg')).toEqual([2, 0, -5]);
    expect(run('abs')).toEqual([2, 0, 5]);
    expect(run('square')).toEqual([4, 0, 25]);
  });

  it('tells NaN and turns booleans', () => {
    const not = runRow(
      'logicalNot',
      {},
      [{ shape: [2], values: [0, 1], dtype: 'bool' }],
      [{ shape: [2], dtype: 'bool' }],
      [null],
    );
    expect(not.outputs[0]).toEqual([1, 0]);
    const nan = runRow(
      'isNan',
      {},
      [{ shape: [3], values: [0, NaN, Infinity] }],
      [{ shape: [3], dtype: 'bool' }],
      [null],
    );
    expect(nan.outputs[0]).toEqual([0, 1, 0]);
  });
});

describe('cast and detach', () => {
  it('casts between all dtypes, and differentiates from float to float alone', () => {
    const cast = (from: 'float' | 'int' | 'bool', to: 'float' | 'int' | 'bool', values: number[]) =>
      runRow(
        'cast',
        {},
        [{ shape: [values.length], values, dtype: from }],
        [{ shape: [values.length], dtype: to }],
        [to === 'float' ? values.map(() => 2) : null],
      );
    expect(cast('float', 'int', [-1.7, 0.4, 2.9]).outputs[0]).toEqual([-1, 0, 2]);
    expect(cast('float', 'bool', [-1.7, 0, 2.9]).outputs[0]).toEqual([1, 0, 1]);
    expect(cast('int', 'float', [-3, 4])).toEqual({ outputs: [[-3, 4]], gradients: [null] });
    expect(cast('bool', 'int', [1, 0]).outputs[0]).toEqual([1, 0]);
    expect(cast('float', 'float', [0.5, 1.5])).toEqual({ outputs: [[0.5, 1.5]], gradients: [[2, 2]] });
  });

  it('stops the gradient at detach', () => {
    expect(runRow('detach', {}, [{ shape: [2], values: [1, 2] }], [{ shape: [2] }])).toEqual({
      outputs: [[1, 2]],
      gradients: [],
    });
  });
});
