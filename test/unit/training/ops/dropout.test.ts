import { beforeAll, describe, expect, it } from 'vitest';
import type { DrawSource } from '../../../../src/training/ops/row';
import { boot, checkRow, runRow } from './checkRow';
import { at, grid } from './grid';

beforeAll(boot);

/** Keeps the first of every two cells; remembers what it was asked for. */
function everySecond(): DrawSource & { asked: [number, number, number][] } {
  const asked: [number, number, number][] = [];
  return {
    asked,
    draw: (_, __, size) => new Float32Array(size),
    keep: (draw, rate, size) => {
      asked.push([draw, rate, size]);
      return Float32Array.from({ length: size }, (_, i) => (i + 1) % 2);
    },
  };
}

describe('dropout', () => {
  it('scales what it keeps', () => {
    const draws = everySecond();
    checkRow({
      op: 'dropout',
      attributes: { rate: 0.2, sharedAxes: [], alpha: false, draw: 3 },
      inputs: [{ shape: [2, 3] }],
      reference: (x) => ({ shape: x.shape, values: x.values.map((v, i) => (i % 2 === 0 ? v / 0.8 : 0)) }),
      draws,
    });
    expect(draws.asked).toEqual([[3, 0.2, 6]]);
  });

  it('shares one draw along axes', () => {
    const draws = everySecond();
    checkRow({
      op: 'dropout',
      attributes: { rate: 0.5, sharedAxes: [2, 3], alpha: false, draw: 0 },
      inputs: [{ shape: [2, 3, 2, 2] }],
      reference: (x) => grid(x.shape, (place) => ((place[0]! * 3 + place[1]!) % 2 === 0 ? 2 * at(x, place) : 0)),
      draws,
    });
    expect(draws.asked).toEqual([[0, 0.5, 6]]);
  });

  it('keeps mean and variance in its alpha form', () => {
    const rate = 0.3;
    const low = -1.0507009873554805 * 1.6732632423543772;
    const a = ((1 - rate) * (1 + rate * low ** 2)) ** -0.5;
    checkRow({
      op: 'dropout',
      attributes: { rate, sharedAxes: [], alpha: true, draw: 0 },
      inputs: [{ shape: [6] }],
      reference: (x) => ({
        shape: x.shape,
        values: x.values.map((v, i) => a * (i % 2 === 0 ? v : low) - a * rate * low),
      }),
      draws: everySecond(),
    });
  });

  it('passes everything where it is off, and nothing at rate 1', () => {
    const x = [{ shape: [2], values: [1, 2] }];
    const run = (rate: number, draws?: DrawSource) =>
      runRow('dropout', { rate, sharedAxes: [], alpha: false, draw: 0 }, x, [{ shape: [2] }], [[3, 4]], draws);
    expect(run(0.5)).toEqual({ outputs: [[1, 2]], gradients: [[3, 4]] });
    expect(run(0, everySecond())).toEqual({ outputs: [[1, 2]], gradients: [[3, 4]] });
    expect(run(1, everySecond())).toEqual({ outputs: [[0, 0]], gradients: [[0, 0]] });
  });
});
