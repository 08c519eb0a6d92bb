import { beforeAll, describe, expect, it } from 'vitest';
import { boot, checkRow, runRow } from './checkRow';
import { at, grid, sizeOf, type Grid } from './grid';

beforeAll(boot);

describe('shape ops', () => {
  it.each([
    [
      [2, 3, 4],
      [0, 1, 2],
    ],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 3, 1],
    ],
    [
      [2, 3, 2, 2, 3, 2, 2],
      [6, 0, 5, 1, 4, 2, 3],
    ],
    [[3], [0]],
  ])('permutes %j by %j', (shape, order) => {
    const reference = (x: Grid) =>
      grid(
        order.map((axis) => shape[axis]!),
        (place) =>
          at(
            x,
            shape.map((_, axis) => place[order.indexOf(axis)]!),
          ),
      );
    checkRow({ op: 'permute', attributes: { order }, inputs: [{ shape }], reference });
  });

  it.each([
    [
      [2, 6],
      [3, 4],
    ],
    [[4], [2, 1, 2]],
    [[1], []],
  ])('reshapes %j to %j', (shape, target) => {
    checkRow({
      op: 'reshape',
      attributes: {},
      inputs: [{ shape }],
      reference: (x) => ({ shape: target, values: x.values }),
    });
  });

  it.each([
    [[3], [2, 3]],
    [
      [2, 1],
      [2, 3],
    ],
    [
      [1, 3, 1],
      [2, 3, 4],
    ],
    [[], [2, 2]],
  ])('broadcasts %j to %j', (shape, target) => {
    checkRow({
      op: 'broadcast',
      attributes: {},
      inputs: [{ shape }],
      reference: (x) => grid(target, (place) => at(x, place)),
    });
  });

  it.each([
    [
      [2, 3],
      [1, 2],
    ],
    [
      [2, 3],
      [3, 1],
    ],
    [
      [2, 3],
      [2, 2],
    ],
  ])('tiles %j by %j', (shape, repeats) => {
    const reference = (x: Grid) =>
      grid(
        shape.map((size, axis) => size * repeats[axis]!),
        (place) =>
          at(
            x,
            place.map((i, axis) => i % shape[axis]!),
          ),
      );
    checkRow({ op: 'tile', attributes: { repeats }, inputs: [{ shape }], reference });
  });

  it.each([0, 1, 2])('joins along axis %i', (axis) => {
    const shapes = [1, 3, 2].map((size) => [2, 2, 2].with(axis, size));
    const reference = (...parts: Grid[]) =>
      grid([2, 2, 2].with(axis, 6), (place) => {
        let i = place[axis]!;
        const part = parts.find(({ shape }) => {
          if (i < shape[axis]!) return true;
          i -= shape[axis]!;
          return false;
        });
        return at(part!, place.with(axis, i));
      });
    checkRow({ op: 'concat', attributes: { axis }, inputs: shapes.map((shape) => ({ shape })), reference });
  });

  it.each([
    [[5], [1], [4], [1], [3]],
    [
      [5, 4],
      [0, 1],
      [5, 4],
      [2, 2],
      [3, 2],
    ],
    [
      [2, 5, 3],
      [0, 4, 0],
      [2, 5, 2],
      [1, 1, 1],
      [2, 1, 2],
    ],
    [
      [4, 3],
      [2, 0],
      [2, 3],
      [1, 1],
      [0, 3],
    ],
  ])('slices %j from %j to %j by %j', (shape, start, stop, step, target) => {
    const reference = (x: Grid) =>
      grid(target, (place) =>
        at(
          x,
          place.map((i, axis) => start[axis]! + i * step[axis]!),
        ),
      );
    checkRow({ op: 'slice', attributes: { start, stop, step }, inputs: [{ shape }], reference });
  });

  it.each([[[0]], [[1]], [[0, 2]]])('flips %j', (axes) => {
    const shape = [2, 3, 2];
    const reference = (x: Grid) =>
      grid(shape, (place) =>
        at(
          x,
          place.map((i, a) => (axes.includes(a) ? shape[a]! - 1 - i : i)),
        ),
      );
    checkRow({ op: 'flip', attributes: { axes }, inputs: [{ shape }], reference });
  });

  it.each([
    [[1], [1]],
    [
      [-2, 5],
      [0, 1],
    ],
    [[4], [0]],
  ])('rolls by %j along %j', (shifts, axes) => {
    const shape = [3, 4];
    const moved = (i: number, axis: number) => {
      const shift = axes.includes(axis) ? shifts[axes.indexOf(axis)]! : 0;
      return (i - shift + 10 * shape[axis]!) % shape[axis]!;
    };
    checkRow({
      op: 'roll',
      attributes: { shifts, axes },
      inputs: [{ shape }],
      reference: (x) => grid(shape, (place) => at(x, place.map(moved))),
    });
  });
});

describe('pad', () => {
  // Rows as NumPy's documentation of np.pad prints them for [1, 2, 3, 4, 5] and pads (2, 3).
  it.each([
    ['constant', [9, 9, 1, 2, 3, 4, 5, 9, 9, 9]],
    ['replicate', [1, 1, 1, 2, 3, 4, 5, 5, 5, 5]],
    ['reflect', [3, 2, 1, 2, 3, 4, 5, 4, 3, 2]],
    ['symmetric', [2, 1, 1, 2, 3, 4, 5, 5, 4, 3]],
    ['circular', [4, 5, 1, 2, 3, 4, 5, 1, 2, 3]],
  ] as const)('%s', (mode, wanted) => {
    const attributes = { pads: [[2, 3]] as [number, number][], mode, value: 9 };
    expect(runRow('pad', attributes, [{ shape: [5], values: [1, 2, 3, 4, 5] }], [{ shape: [10] }]).outputs[0]).toEqual(
      wanted,
    );
    const reference = (x: Grid) => ({
      shape: [2, 10],
      values: [0, 5].flatMap((row) => wanted.map((i) => (i === 9 ? 9 : x.values[row + i - 1]!))),
    });
    checkRow({
      op: 'pad',
      attributes: {
        ...attributes,
        pads: [
          [0, 0],
          [2, 3],
        ],
      },
      inputs: [{ shape: [2, 5] }],
      reference,
    });
  });

  it('crops where pads are negative', () => {
    checkRow({
      op: 'pad',
      attributes: {
        pads: [
          [-1, 1],
          [1, -2],
        ],
        mode: 'constant',
        value: 0,
      },
      inputs: [{ shape: [2, 4] }],
      reference: (x) => grid([2, 3], ([i, j]) => (i === 1 || j === 0 ? 0 : at(x, [i! + 1, j! - 1]))),
    });
  });

  it('pads with infinities', () => {
    const attributes = { pads: [[1, 0]] as [number, number][], mode: 'constant' as const, value: '-inf' as const };
    expect(runRow('pad', attributes, [{ shape: [1], values: [2] }], [{ shape: [2] }]).outputs[0]).toEqual([
      -Infinity,
      2,
    ]);
  });
});

describe('triangles', () => {
  it.each([-1, 0, 1])('diagonal %i', (diagonal) => {
    const shape = [2, 3, 4];
    const keep = (holds: (offset: number) => boolean) => (x: Grid) =>
      grid(shape, (place) => (holds(place[2]! - place[1]!) ? at(x, place) : 0));
    checkRow({
      op: 'tril',
      attributes: { diagonal },
      inputs: [{ shape }],
      reference: keep((offset) => offset <= diagonal),
    });
    checkRow({
      op: 'triu',
      attributes: { diagonal },
      inputs: [{ shape }],
      reference: keep((offset) => offset >= diagonal),
    });
  });

  it('cuts masks too', () => {
    const bool = { shape: [2, 2], dtype: 'bool' as const };
    const { outputs } = runRow('tril', { diagonal: 0 }, [{ ...bool, values: [1, 1, 1, 1] }], [bool], [null]);
    expect(outputs[0]).toEqual([1, 0, 1, 1]);
    expect(sizeOf(bool.shape)).toBe(4);
  });
});

describe('integers', () => {
  it('are moved as they are', () => {
    const int = { shape: [2, 2], values: [1, 2, 3, 4], dtype: 'int' as const };
    const out = [{ shape: [2, 2], dtype: 'int' as const }];
    expect(runRow('permute', { order: [1, 0] }, [int], out, [null]).outputs[0]).toEqual([1, 3, 2, 4]);
    const bool = { ...int, values: [1, 1, 0, 0], dtype: 'bool' as const };
    const turned = runRow('permute', { order: [1, 0] }, [bool], [{ shape: [2, 2], dtype: 'bool' }], [null]);
    expect(turned.outputs[0]).toEqual([1, 0, 1, 0]);
    expect(runRow('flip', { axes: [1] }, [int], out, [null]).outputs[0]).toEqual([2, 1, 4, 3]);
    const joined = [{ shape: [2, 4], dtype: 'int' as const }];
    expect(runRow('concat', { axis: 1 }, [int, int], joined, [null]).outputs[0]).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
  });
});
