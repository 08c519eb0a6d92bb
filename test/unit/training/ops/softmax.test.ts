import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { heap } from '../../../../src/training/backend';
import type { OpRow } from '../../../../src/training/ops/row';
import { SOFTMAX_ROWS } from '../../../../src/training/ops/softmax';
import {
  boot,
  checkRow,
  contextOf,
  dense,
  type Dense,
  eachIndex,
  flatIndex,
  random,
  tensorOf,
} from '../kernels/rowCheck';

beforeAll(boot);

function reference(x: Dense, axis: number, log: boolean): Dense {
  const y = dense(x.shape);
  eachIndex(x.shape, (index, i) => {
    const row = Array.from({ length: x.shape[axis]! }, (_, j) => x.data[flatIndex(x.shape, index.with(axis, j))]!);
    const top = Math.max(...row);
    const total = row.reduce((s, v) => s + Math.exp(v - top), 0);
    y.data[i] = log ? x.data[i]! - top - Math.log(total) : Math.exp(x.data[i]! - top) / total;
  });
  return y;
}

/** Both rows have the same attributes. */
const rowOf = (op: 'softmax' | 'logSoftmax'): OpRow<'softmax'> => SOFTMAX_ROWS[op] as OpRow<'softmax'>;

describe.each(['softmax', 'logSoftmax'] as const)('%s', (op) => {
  it.each([
    [[5, 7], 1],
    [[3, 1], 1],
    [[2, 4, 3], 1],
    [[4, 2, 3], 0],
    [[6], 0],
    [[2, 2, 2, 9], 3],
  ])('%j along %i', (shape, axis) => {
    checkRow({
      op: 'softmax',
      row: rowOf(op),
      attributes: { axis },
      inputs: [random(shape, 1, (v) => 6 * v)],
      reference: ([x]) => reference(x!, axis, op === 'logSoftmax'),
    });
  });
});

describe('saturation', () => {
  const gradient = (op: 'softmax' | 'logSoftmax', x: number[], dy: number[]): number[] => {
    const context = contextOf('softmax', { axis: 1 }, [[1, x.length]], [1, x.length]);
    const [input, incoming] = [x, dy].map((data) =>
      tensorOf({ shape: [1, x.length], data: Float64Array.from(data) }),
    ) as [Tensor, Tensor];
    const { outputs } = rowOf(op).forward([input], context);
    const [dx] = rowOf(op).backward!(
      { inputs: [input], outputs, saved: [], outputGradients: [incoming], wanted: [true] },
      context,
    );
    const result = Array.from(heap().floats(dx!));
    for (const t of [input, incoming, dx, ...outputs]) t?.dispose();
    return result;
  };

  it('keeps the gradient of a certain softmax', () => {
    // With p1 = e^-40: dx0 = p0 p1 (dy0 - dy1), dx1 = -dx0; dy - sum(y dy) in float32 would give zero or noise of 1e-8.
    const p = Math.exp(-40);
    const [dx0 = 0, dx1 = 0] = gradient('softmax', [40, 0], [0.3, -0.7]);
    expect(dx0 / p).toBeCloseTo(1, 6);
    expect(dx1 / -p).toBeCloseTo(1, 6);
  });

  it('is exactly zero over a single unit', () => {
    expect(gradient('softmax', [3.7], [12])).toEqual([0]);
    expect(gradient('logSoftmax', [3.7], [12])).toEqual([0]);
  });

  it('keeps the gradient of a certain log softmax', () => {
    const p = Math.exp(-60);
    const [dx0 = 0, dx1 = 0] = gradient('logSoftmax', [60, 0], [-1, 0]);
    expect(dx0 / -p).toBeCloseTo(1, 6);
    expect(dx1 / p).toBeCloseTo(1, 6);
  });

  it('passes masked scores', () => {
    const context = contextOf('softmax', { axis: 1 }, [[1, 3]], [1, 3]);
    const x = tensorOf({ shape: [1, 3], data: Float64Array.from([1, -Infinity, 1]) });
    const { outputs } = SOFTMAX_ROWS.softmax.forward([x], context);
    expect(Array.from(heap().floats(outputs[0]!))).toEqual([0.5, 0, 0.5]);
    for (const t of [x, ...outputs]) t.dispose();
  });
});
