import { beforeAll, describe, it } from 'vitest';
import { PRODUCT_ROWS } from '../../../../src/training/ops/products';
import { boot, cell, checkRow, dense, type Dense, eachIndex, flatIndex, random } from '../kernels/rowCheck';

beforeAll(boot);

describe('linear', () => {
  const { linear } = PRODUCT_ROWS;
  it.each([
    ['outIn', [5, 7], 9, true],
    ['outIn', [13, 300], 13, false],
    ['outIn', [2, 3, 17], 4, true],
    ['outIn', [1, 1], 1, true],
    ['inOut', [5, 7], 9, true],
    ['inOut', [2, 2, 3, 11], 6, false],
    ['inOut', [9, 70], 17, true],
  ] as const)('%s of %j to %i', (weightLayout, shape, outputs, bias) => {
    const features = shape.at(-1)!;
    const rows = shape.slice(0, -1);
    const weight = weightLayout === 'outIn' ? [outputs, features] : [features, outputs];
    const inputs = [random(shape, 1), random(weight, 2), ...(bias ? [random([outputs], 3)] : [])];
    checkRow({
      op: 'linear',
      row: linear,
      attributes: { weightLayout },
      inputs,
      reference: ([x, w, b]) => {
        const y = dense([...rows, outputs]);
        eachIndex(y.shape, (index, i) => {
          const o = index.at(-1)!;
          let sum = b?.data[o] ?? 0;
          for (let k = 0; k < features; k++) {
            sum += cell(x!, [...index.slice(0, -1), k]) * cell(w!, weightLayout === 'outIn' ? [o, k] : [k, o]);
          }
          y.data[i] = sum;
        });
        return y;
      },
    });
  });
});

describe('matmul', () => {
  const { matmul } = PRODUCT_ROWS;
  it.each([
    [[3, 4], [4, 5], false, false],
    [[4, 3], [4, 5], true, false],
    [[3, 4], [5, 4], false, true],
    [[4, 3], [5, 4], true, true],
    [[2, 3, 4, 5], [2, 3, 5, 6], false, false],
    [[2, 1, 4, 5], [3, 6, 5], false, true],
    [[5, 4], [2, 3, 5, 2], true, false],
    [[2, 3, 4, 5], [5, 6], false, false],
    [[2, 1, 1, 9], [1, 4, 9, 1], false, false],
  ])('%j by %j, transposed %s and %s', (shapeA, shapeB, transposeA, transposeB) => {
    checkRow({
      op: 'matmul',
      row: matmul,
      attributes: { transposeA, transposeB },
      inputs: [random(shapeA, 4), random(shapeB, 5)],
      reference: ([a, b]) => product(a!, b!, transposeA, transposeB),
    });
  });

  function product(a: Dense, b: Dense, transposeA: boolean, transposeB: boolean): Dense {
    const rank = Math.max(a.shape.length, b.shape.length);
    const padded = ({ shape, data }: Dense): Dense => ({
      shape: [...Array<number>(rank - shape.length).fill(1), ...shape],
      data,
    });
    const [x, z] = [padded(a), padded(b)];
    const [m, k] = transposeA ? [x.shape.at(-1)!, x.shape.at(-2)!] : [x.shape.at(-2)!, x.shape.at(-1)!];
    const n = transposeB ? z.shape.at(-2)! : z.shape.at(-1)!;
    const batch = x.shape.slice(0, -2).map((size, i) => Math.max(size, z.shape[i]!));
    const y = dense([...batch, m, n]);
    eachIndex(y.shape, (index, flat) => {
      const [i, j] = [index.at(-2)!, index.at(-1)!];
      const at = (shape: number[], row: number, column: number): number[] => [
        ...index.slice(0, -2).map((b, axis) => (shape[axis] === 1 ? 0 : b)),
        row,
        column,
      ];
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const left = cell(x, transposeA ? at(x.shape, p, i) : at(x.shape, i, p));
        sum += left * cell(z, transposeB ? at(z.shape, j, p) : at(z.shape, p, j));
      }
      y.data[flat] = sum;
    });
    return y;
  }
});

describe('einsum', () => {
  it.each([
    [
      'ij,jk->ik',
      [
        [3, 4],
        [4, 5],
      ],
    ],
    [
      'bhid,bhjd->bhij',
      [
        [2, 3, 4, 5],
        [2, 3, 6, 5],
      ],
    ],
    [
      'bhij,bjhd->bihd',
      [
        [2, 3, 4, 5],
        [2, 5, 3, 2],
      ],
    ],
    ['ij->ji', [[3, 4]]],
    ['ij->i', [[3, 4]]],
    ['ij->', [[3, 4]]],
    ['ii->i', [[4, 4]]],
    ['ii->', [[4, 4]]],
    ['i,j->ij', [[3], [4]]],
    ['i,i->i', [[3], [3]]],
    ['i,i->', [[3], [3]]],
    [
      'ij,ik->jk',
      [
        [3, 4],
        [3, 2],
      ],
    ],
    [
      'ij,kl->ik',
      [
        [3, 4],
        [2, 5],
      ],
    ],
    [
      'ij,jk,kl->il',
      [
        [3, 4],
        [4, 5],
        [5, 2],
      ],
    ],
    [
      'bi,ioj,bj->bo',
      [
        [2, 3],
        [3, 4, 5],
        [2, 5],
      ],
    ],
    ['iij,j->i', [[3, 3, 2], [2]]],
    [
      'aibj,bj->ia',
      [
        [2, 3, 2, 4],
        [2, 4],
      ],
    ],
  ])('%s of %j', (equation, shapes) => {
    checkRow({
      op: 'einsum',
      row: PRODUCT_ROWS.einsum,
      attributes: { equation },
      inputs: shapes.map((shape, i) => random(shape, 10 + i)),
      reference: (inputs) => naive(equation, inputs),
    });
  });

  /** The definition: for every value of every label, the product of the operands' cells is added to the output's cell. */
  function naive(equation: string, inputs: readonly Dense[]): Dense {
    const [left = '', output = ''] = equation.split('->');
    const names = left.split(',');
    const labels = [...new Set(left.replaceAll(',', ''))];
    const size = (label: string): number => {
      const operand = names.findIndex((name) => name.includes(label));
      return inputs[operand]!.shape[names[operand]!.indexOf(label)]!;
    };
    const y = dense(Array.from(output, size));
    eachIndex(labels.map(size), (index) => {
      const of = (name: string): number[] => Array.from(name, (label) => index[labels.indexOf(label)]!);
      const term = inputs.reduce((all, input, i) => all * cell(input, of(names[i]!)), 1);
      y.data[flatIndex(y.shape, of(output))]! += term;
    });
    return y;
  }
});
