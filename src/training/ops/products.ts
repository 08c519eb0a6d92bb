import type { Tensor } from '@tensorflow/tfjs-core';
import { batchedProduct } from '../kernels/batches';
import { einsum } from '../kernels/einsum';
import { heap } from '../kernels/heap';
import { channelSums, type Matrix, multiplyInto, transposed } from '../kernels/matrix';
import { backwardScope, forwardScope, operand, product } from '../kernels/rows';
import type { OpRow, OpRows } from './row';

/** Rows before the last axis, and the last axis. */
const flat = (tensor: Tensor): [number, number] => [product(tensor.shape.slice(0, -1)), tensor.shape.at(-1) ?? 1];

const dense = (tensor: Tensor): Matrix => ({
  address: heap().address(tensor),
  row: tensor.shape.at(-1) ?? 1,
  column: 1,
});

/** y = x W^T + b ('outIn') or x W + b ('inOut'). */
const linear: OpRow<'linear'> = {
  forward: (inputs, { node }) =>
    forwardScope(() => {
      const backend = heap();
      const x = operand(inputs, 0);
      const w = operand(inputs, 1);
      const bias = inputs[2];
      const outIn = node.attributes.weightLayout === 'outIn';
      const [m, k] = flat(x);
      const n = (outIn ? w.shape[0] : w.shape[1]) ?? 1;
      const y = backend.allocate([...x.shape.slice(0, -1), n]);
      multiplyInto(backend, dense(x), outIn ? transposed(dense(w)) : dense(w), dense(y), { m, n, k }, false);
      if (bias !== undefined) backend.kernels.addChannels(backend.address(y), backend.address(bias), m, n, 1);
      return { outputs: [y] };
    }),

  /** dx = dy W, dW = dy^T x, db = sum of dy over the rows. */
  backward: (given, { node }) =>
    backwardScope(given, (dy) => {
      const backend = heap();
      const [x, w] = [operand(given.inputs, 0), operand(given.inputs, 1)];
      const outIn = node.attributes.weightLayout === 'outIn';
      const [rows, n] = flat(dy);
      const k = x.shape.at(-1) ?? 1;
      const gradient = (shape: number[], a: Matrix, b: Matrix, m: number, columns: number, inner: number): Tensor => {
        const result = backend.allocate(shape);
        multiplyInto(backend, a, b, dense(result), { m, n: columns, k: inner }, false);
        return result;
      };
      return given.inputs.map((input, index) => {
        if (given.wanted[index] !== true) return null;
        if (index === 0) {
          return gradient(x.shape, dense(dy), outIn ? dense(w) : transposed(dense(w)), rows, k, n);
        }
        if (index === 2) return channelSums(backend, dy, [rows, n, 1], input.shape);
        return outIn
          ? gradient(w.shape, transposed(dense(dy)), dense(x), n, k, rows)
          : gradient(w.shape, transposed(dense(x)), dense(dy), k, n, rows);
      });
    }),
};

/** c = a b with either operand's last two axes swapped, leading dims broadcast. */
const matmul: OpRow<'matmul'> = {
  forward: (inputs, { node: { attributes } }) =>
    forwardScope(() => {
      const a = { tensor: operand(inputs, 0), transpose: attributes.transposeA };
      const b = { tensor: operand(inputs, 1), transpose: attributes.transposeB };
      return { outputs: [batchedProduct(a, b)] };
    }),

  /** dA = dC B^T and dB = A^T dC, swapped where the operand is; repeated operands sum. */
  backward: (given, { node: { attributes } }) =>
    backwardScope(given, (dc) => {
      const { transposeA, transposeB } = attributes;
      const [a, b] = [operand(given.inputs, 0), operand(given.inputs, 1)];
      const plain = { tensor: dc, transpose: false };
      const swapped = { tensor: dc, transpose: true };
      const gradientA = (): Tensor =>
        transposeA
          ? batchedProduct({ tensor: b, transpose: transposeB }, swapped, a.shape)
          : batchedProduct(plain, { tensor: b, transpose: !transposeB }, a.shape);
      const gradientB = (): Tensor =>
        transposeB
          ? batchedProduct(swapped, { tensor: a, transpose: transposeA }, b.shape)
          : batchedProduct({ tensor: a, transpose: !transposeA }, plain, b.shape);
      return [given.wanted[0] === true ? gradientA() : null, given.wanted[1] === true ? gradientB() : null];
    }),
};

const einsumRow: OpRow<'einsum'> = {
  forward: (inputs, { node }) => forwardScope(() => ({ outputs: [einsum(node.attributes.equation, inputs)] })),

  /** Linear in each operand: its gradient is the sum of the output's gradient times the other operands over its labels. */
  backward: (given, { node }) =>
    backwardScope(given, (dy) => {
      const [left = '', output = ''] = node.attributes.equation.split('->');
      const labels = left.split(',');
      return given.inputs.map((input, index) => {
        if (given.wanted[index] !== true) return null;
        const others = labels.filter((_, i) => i !== index);
        const tensors = given.inputs.filter((_, i) => i !== index);
        return einsum(`${[output, ...others].join(',')}->${labels[index] ?? ''}`, [dy, ...tensors], input.shape);
      });
    }),
};

export const PRODUCT_ROWS = { linear, matmul, einsum: einsumRow } satisfies OpRows;
