import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { heap } from '../../../../src/training/backend';
import { convolve, type ConvolutionShape } from '../../../../src/training/kernels/convolution';
import { permuted } from '../../../../src/training/kernels/layout';
import { type Matrix, multiplyInto, transposed } from '../../../../src/training/kernels/matrix';
import { boot, cell, dense, type Dense, eachIndex, flatIndex, random, sizeOf, tensorOf } from './rowCheck';

beforeAll(boot);

const plain = (address: number, columns: number): Matrix => ({ address, row: columns, column: 1 });

describe('the matrix product', () => {
  // Sizes on both sides of the blocks (64 rows, 512 columns, depth 256) and of the 4 x 8 tiles.
  const sizes = [
    [1, 1, 1],
    [3, 7, 2],
    [4, 8, 256],
    [9, 513, 5],
    [8, 1030, 3],
    [65, 9, 257],
    [70, 530, 300],
    [131, 24, 513],
  ] as const;
  const ways = [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const;

  it.each(sizes.flatMap((size) => ways.map((way) => [...size, ...way] as const)))(
    '%i x %i over %i, transposed %s and %s, plain, accumulated and packed',
    (m, n, k, swapA, swapB) => {
      const backend = heap();
      const [a, b] = [random([m, k], 1), random([k, n], 2)];
      const laid = ({ shape: [rows = 1, columns = 1], data }: Dense, swap: boolean): Dense =>
        swap
          ? dense([columns, rows], (i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
          : { shape: [rows, columns], data };
      const [x, y] = [tensorOf(laid(a, swapA)), tensorOf(laid(b, swapB))];
      const c = tensorOf(dense([m, n], () => 1));
      const packed = backend.allocate([backend.kernels.packedSize(k, n)]);
      const [left, right, to] = [x, y, c].map((tensor) => plain(backend.address(tensor), tensor.shape[1]!)) as [
        Matrix,
        Matrix,
        Matrix,
      ];
      const [A, B] = [swapA ? transposed(left) : left, swapB ? transposed(right) : right];
      const worst = (start: number): number => {
        let error = 0;
        const made = backend.floats(c);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let sum = start;
            for (let p = 0; p < k; p++) sum += a.data[i * k + p]! * b.data[p * n + j]!;
            error = Math.max(error, Math.abs(sum - made[i * n + j]!));
          }
        }
        return error;
      };
      const tolerance = 3e-7 * (1 + k) ** 0.75;
      multiplyInto(backend, A, B, to, { m, n, k }, true);
      expect(worst(1)).toBeLessThan(tolerance);
      multiplyInto(backend, A, B, to, { m, n, k }, false);
      expect(worst(0)).toBeLessThan(tolerance);
      backend.floats(c).fill(7);
      backend.kernels.packMatrix(B.address, B.row, B.column, k, n, backend.address(packed));
      const scratch = backend.scratch(backend.kernels.gemmScratch());
      backend.kernels.gemmPacked(
        A.address,
        A.row,
        A.column,
        backend.address(packed),
        to.address,
        n,
        m,
        n,
        k,
        0,
        scratch,
      );
      expect(worst(0)).toBeLessThan(tolerance);
      for (const t of [x, y, c, packed]) t.dispose();
    },
    60_000,
  );
});

describe('permuting', () => {
  it.each([
    [
      [3, 4],
      [1, 0],
    ],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [2, 3, 4, 5],
      [0, 3, 1, 2],
    ],
    [
      [2, 1, 3, 2, 2, 3, 2],
      [6, 0, 5, 1, 4, 2, 3],
    ],
    [[5], [0]],
    [[], []],
  ])('%j by %j', (shape, order) => {
    const x = random(shape, 1);
    const before = memory().numTensors;
    const tensor = tensorOf(x);
    const y = permuted(tensor, order);
    const wanted = dense(order.map((axis) => shape[axis]!));
    eachIndex(wanted.shape, (index, i) => {
      wanted.data[i] =
        x.data[
          flatIndex(
            shape,
            shape.map((_, axis) => index[order.indexOf(axis)]!),
          )
        ]!;
    });
    expect(y.shape).toEqual(wanted.shape);
    expect(Array.from(heap().floats(y))).toEqual(Array.from(wanted.data));
    for (const t of [tensor, y]) t.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe('a convolution too large for one piece', () => {
  // 144 x 40 x 60 columns: more than the working memory for columns, so lines are worked off in pieces.
  const shape: ConvolutionShape = {
    batch: 2,
    inputs: 16,
    outputs: 3,
    groups: 1,
    image: [1, 60, 40],
    kernel: [1, 3, 3],
    stride: [1, 1, 1],
    pad: [0, 1, 1],
    dilation: [1, 1, 1],
    output: [1, 60, 40],
  };

  it('agrees with the definition, and its gradients are its adjoints', () => {
    const backend = heap();
    const [x, w, dy] = [random([2, 16, 60, 40], 1), random([3, 16, 3, 3], 2), random([2, 3, 60, 40], 3)];
    const tensors = [x, w, dy].map(tensorOf);
    const [y, dx, dw] = [dy, x, w].map(({ shape: own }) => tensorOf(dense(own)));
    const [xAt, wAt, dyAt] = tensors.map((tensor) => backend.address(tensor)) as [number, number, number];
    const [yAt, dxAt, dwAt] = [y!, dx!, dw!].map((tensor) => backend.address(tensor)) as [number, number, number];
    convolve(backend, shape, 'forward', { x: xAt, w: wAt, y: yAt });
    convolve(backend, shape, 'input', { x: dxAt, w: wAt, y: dyAt });
    convolve(backend, shape, 'kernel', { x: xAt, w: dwAt, y: dyAt });
    const made = backend.floats(y!);
    let worst = 0;
    eachIndex([2, 3, 60, 40], ([n, o, h, v], i) => {
      if (i % 7 !== 0) return;
      let sum = 0;
      eachIndex([16, 3, 3], ([c, kh, kw]) => {
        sum += cell(w, [o!, c!, kh!, kw!]) * cell(x, [n!, c!, h! + kh! - 1, v! + kw! - 1]);
      });
      worst = Math.max(worst, Math.abs(sum - made[i]!));
    });
    expect(worst).toBeLessThan(2e-5);
    const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((s, v, i) => s + v * b[i]!, 0);
    const loss = inner(made, dy.data);
    expect(Math.abs(inner(backend.floats(dx!), x.data) / loss - 1)).toBeLessThan(1e-5);
    expect(Math.abs(inner(backend.floats(dw!), w.data) / loss - 1)).toBeLessThan(1e-5);
    expect(backend.floats(dx!).length).toBe(sizeOf(x.shape));
    for (const t of [...tensors, y, dx, dw]) t?.dispose();
  });
});
