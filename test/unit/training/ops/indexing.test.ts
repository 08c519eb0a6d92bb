import { beforeAll, describe, expect, it } from 'vitest';
import { boot, checkRow, runRow } from './checkRow';
import { at, grid, put, type Grid } from './grid';

beforeAll(boot);

const int = (shape: number[], values: number[]) => ({ shape, values, dtype: 'int' as const });

describe('picking slices', () => {
  it.each([
    [0, [2, 2]],
    [1, [3]],
    [2, []],
  ])('gathers along axis %i by indices %j', (axis, indexShape) => {
    const shape = [3, 4, 2];
    const values = [1, 0, 1, 1].slice(
      0,
      indexShape.reduce((n, k) => n * k, 1),
    );
    const target = [...shape.slice(0, axis), ...indexShape, ...shape.slice(axis + 1)];
    const reference = (x: Grid, indices: Grid) =>
      grid(target, (place) => {
        const inner = place.slice(axis, axis + indexShape.length);
        return at(x, [...place.slice(0, axis), at(indices, inner), ...place.slice(axis + indexShape.length)]);
      });
    checkRow({ op: 'gather', attributes: { axis }, inputs: [{ shape }, int(indexShape, values)], reference });
  });

  it('looks rows up, several times the same', () => {
    checkRow({
      op: 'embedding',
      attributes: { paddingIndex: null },
      inputs: [{ shape: [4, 3] }, int([2, 2], [1, 3, 1, 0])],
      reference: (weight, indices) => grid([2, 2, 3], ([i, j, k]) => at(weight, [at(indices, [i!, j!]), k!])),
    });
  });

  it('gives the padding row no gradient', () => {
    const { gradients } = runRow(
      'embedding',
      { paddingIndex: 1 },
      [{ shape: [3, 1], values: [1, 2, 3] }, int([3], [1, 2, 2])],
      [{ shape: [3, 1] }],
    );
    expect(gradients).toEqual([[0, 0, 2], null]);
  });

  it('refuses indices outside', () => {
    const run = (index: number) =>
      runRow('gather', { axis: 0 }, [{ shape: [3], values: [1, 2, 3] }, int([1], [index])], [{ shape: [1] }]);
    expect(run(-1).outputs[0]).toEqual([3]);
    expect(() => run(3)).toThrow('Index 3 lies outside an axis of 3.');
  });
});

describe('picking elements', () => {
  it.each([
    [0, [2, 2], [2, 0, 1, 1]],
    [1, [3, 2], [3, 0, 1, 1, 2, 0]],
  ])('gathers elements along axis %i', (axis, shape, values) => {
    checkRow({
      op: 'gatherElements',
      attributes: { axis },
      inputs: [{ shape: [3, 4] }, int(shape, values)],
      reference: (x, indices) => grid(shape, (place) => at(x, put(place, axis, at(indices, place)))),
    });
  });

  it.each([true, false])('scatters elements, accumulate %s', (accumulate) => {
    const values = accumulate ? [0, 0, 2, 1, 1, 1] : [0, 1, 2, 1, 2, 0];
    checkRow({
      op: 'scatterElements',
      attributes: { axis: 0, accumulate },
      inputs: [{ shape: [3, 3] }, int([2, 3], values), { shape: [3, 4] }],
      reference: (x, indices, updates) => {
        const result = { ...x, values: [...x.values] };
        grid(indices.shape, ([i, j]) => {
          const cell = at(indices, [i!, j!]) * 3 + j!;
          const update = at(updates, [i!, j!]);
          return (result.values[cell] = accumulate ? result.values[cell]! + update : update);
        });
        return result;
      },
    });
  });

  it('makes one-hot rows', () => {
    const { outputs } = runRow('oneHot', { classes: 3 }, [int([2], [2, 0])], [{ shape: [2, 3], dtype: 'int' }], [null]);
    expect(outputs[0]).toEqual([0, 0, 1, 1, 0, 0]);
  });
});

describe('ordering', () => {
  const x = [{ shape: [2, 4], values: [3, 1, 4, 1, -5, 9, 2, 6] }];
  const outputs = (shape: number[]) => [{ shape }, { shape, dtype: 'int' as const }];

  it('takes the k largest or smallest with their places', () => {
    const largest = runRow('topK', { axis: 1, k: 2, largest: true }, x, outputs([2, 2]), [[1, 2, 3, 4], null]);
    expect(largest.outputs).toEqual([
      [4, 3, 9, 6],
      [2, 0, 1, 3],
    ]);
    expect(largest.gradients[0]).toEqual([2, 0, 1, 0, 0, 3, 0, 4]);
    const smallest = runRow('topK', { axis: 1, k: 3, largest: false }, x, outputs([2, 3]), [null, null]);
    expect(smallest.outputs).toEqual([
      [1, 1, 3, -5, 2, 6],
      [1, 3, 0, 0, 2, 3],
    ]);
    expect(smallest.gradients).toEqual([null]);
  });

  it('sorts along an inner axis', () => {
    const { outputs: made, gradients } = runRow('sort', { axis: 0, descending: true }, x, outputs([2, 4]), [
      [1, 2, 3, 4, 5, 6, 7, 8],
      null,
    ]);
    expect(made).toEqual([
      [3, 9, 4, 6, -5, 1, 2, 1],
      [0, 1, 0, 1, 1, 0, 1, 0],
    ]);
    expect(gradients[0]).toEqual([1, 6, 3, 8, 5, 2, 7, 4]);
  });
});
