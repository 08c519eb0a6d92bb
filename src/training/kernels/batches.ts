import type { Tensor } from '@tensorflow/tfjs-core';
import { zeros } from '../ops/tensors';
import { heap } from './heap';
import { type Matrix, multiplyInto, type Sizes } from './matrix';
import { product } from './rows';
import { workspace } from './workspace';

/** Tensors [...batch, rows, columns] whose leading dims broadcast against each other. */
export const broadcastBatch = (a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const own = a[i - rank + a.length] ?? 1;
    const other = b[i - rank + b.length] ?? 1;
    if (own !== other && own !== 1 && other !== 1)
      throw new RangeError(`Batches [${a.join()}] and [${b.join()}] do not fit.`);
    return own === 1 ? other : own;
  });
};

/** For each matrix of `batch`, the number of the matrix of an operand with leading dims `own`. */
function matrixNumbers(own: readonly number[], batch: readonly number[]): number[] {
  const shift = batch.length - own.length;
  let numbers = [0];
  batch.forEach((size, axis) => {
    const length = own[axis - shift] ?? 1;
    numbers = numbers.flatMap((number) =>
      Array.from({ length: size }, (_, i) => (length === 1 ? number : number * length + i)),
    );
  });
  return numbers;
}

/** A tensor seen as a batch of matrices, perhaps transposed. */
export interface Batch {
  tensor: Tensor;
  transpose: boolean;
}

const leading = (tensor: Tensor): number[] => tensor.shape.slice(0, -2);
const last = ({ tensor, transpose }: Batch): [number, number] => {
  const [rows = 1, columns = 1] = tensor.shape.slice(-2);
  return transpose ? [columns, rows] : [rows, columns];
};

/** A batch that reads like one tall matrix: its rows follow each other through the whole batch. */
const tall = ({ tensor, transpose }: Batch): boolean => !transpose && tensor.shape.length > 2;

/**
 * a x b for each matrix of the broadcast batch. With `into` (a shape with broadcast leading dims) products that belong to the
 * same matrix of the result are summed: the gradient of an operand that was repeated.
 */
export function batchedProduct(a: Batch, b: Batch, into?: readonly number[]): Tensor {
  const backend = heap();
  const batch = broadcastBatch(leading(a.tensor), leading(b.tensor));
  const [m, k] = last(a);
  const [inner, n] = last(b);
  if (k !== inner) throw new RangeError(`Cannot multiply [${m}, ${k}] by [${inner}, ${n}].`);
  const shape = into === undefined ? [...batch, m, n] : [...into];
  const result = zeros(shape);
  const count = product(batch);
  const [scratch = 0] = workspace(backend, [backend.kernels.gemmScratch()]);
  const matrix = ({ tensor, transpose }: Batch, number: number): Matrix => {
    const [rows = 1, columns = 1] = tensor.shape.slice(-2);
    const address = backend.address(tensor) + 4 * number * rows * columns;
    return transpose ? { address, row: 1, column: columns } : { address, row: columns, column: 1 };
  };
  const multiply = (left: number, right: number, to: number, sizes: Sizes): void =>
    multiplyInto(
      backend,
      matrix(a, left),
      matrix(b, right),
      { address: backend.address(result) + 4 * to * m * n, row: n, column: 1 },
      sizes,
      true,
      scratch,
    );
  if (into === undefined && tall(a) && product(leading(b.tensor)) === 1 && product(leading(a.tensor)) === count) {
    multiply(0, 0, 0, { m: m * count, n, k });
    return result;
  }
  const [left, right] = [a, b].map(({ tensor }) => matrixNumbers(leading(tensor), batch));
  const target = into === undefined ? undefined : matrixNumbers(into.slice(0, -2), batch);
  for (let i = 0; i < count; i++) multiply(left?.[i] ?? 0, right?.[i] ?? 0, target?.[i] ?? i, { m, n, k });
  return result;
}
