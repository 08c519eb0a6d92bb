import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpAttributes } from '../../graph/ops';
import { type Batch, batchedProduct } from '../kernels/batches';
import { heap } from '../kernels/heap';
import { backwardScope, forwardScope, operand } from '../kernels/rows';
import { reducedTo } from './broadcasting';
import type { OpRow, OpRows, RowContext } from './row';
import { broadcastStrides, forEachRun, stridesOf, walk } from './strides';
import { elements, floats, fromElements } from './tensors';

const plain = (tensor: Tensor): Batch => ({ tensor, transpose: false });
const swapped = (tensor: Tensor): Batch => ({ tensor, transpose: true });

/** scores * scale, masked and causal, in place: a false mask and the future are -infinity, a float mask is added. */
function prepare(scores: Tensor, mask: Tensor | undefined, { scale, causal }: OpAttributes<'attention'>): void {
  const backend = heap();
  const address = backend.address(scores);
  backend.kernels.scale(address, address, scores.size, scale);
  const to = floats(scores);
  const [rows = 1, columns = 1] = scores.shape.slice(-2);
  if (mask !== undefined) {
    const from = elements(mask);
    const keeps = mask.dtype === 'bool';
    const cells = walk(scores.shape, [stridesOf(scores.shape), broadcastStrides(mask.shape, scores.shape)]);
    forEachRun(cells, (count, cell, offsets, strides) => {
      let m = offsets[1] ?? 0;
      const step = strides[1] ?? 0;
      for (let k = cell; k < cell + count; k++, m += step) {
        const value = from[m] ?? NaN;
        to[k] = keeps ? (value !== 0 ? (to[k] ?? NaN) : -Infinity) : (to[k] ?? NaN) + value;
      }
    });
  }
  if (!causal) return;
  for (let start = 0; start < to.length; start += rows * columns) {
    for (let i = 0; i < rows; i++)
      to.fill(-Infinity, start + i * columns + Math.min(columns, i + 1), start + (i + 1) * columns);
  }
}

/** Softmax over the last axis; a row that is masked altogether gets no weight, as in PyTorch since 2.5. */
function weights(scores: Tensor): Tensor {
  const backend = heap();
  const result = backend.allocate(scores.shape);
  const columns = scores.shape.at(-1) ?? 1;
  backend.kernels.softmax(backend.address(scores), backend.address(result), scores.size / columns, columns, 0);
  const [from, to] = [floats(scores), floats(result)];
  for (let start = 0; start < from.length; start += columns) {
    if (Number.isNaN(to[start]) && from.subarray(start, start + columns).every((score) => score === -Infinity)) {
      to.fill(0, start, start + columns);
    }
  }
  return result;
}

/** Factor of each weight under dropout (0 or 1 / (1 - rate)); undefined when it is off. */
function dropoutFactors(size: number, shape: number[], { node, draws }: RowContext<'attention'>): Tensor | undefined {
  const { dropout } = node.attributes;
  if (dropout === 0) return undefined;
  // Attention has no draw number of its own; its value number, set apart from the readers' counts, serves as well.
  const keep = draws.keep(1_000_000 + (node.outputs[0] ?? 0), dropout, size);
  if (keep === null) return undefined;
  return fromElements(
    keep.map((kept) => (dropout < 1 ? kept / (1 - dropout) : 0)),
    shape,
  );
}

/** A new tensor of a times b, element by element; b undefined gives a itself. */
function times(a: Tensor, b: Tensor | undefined): Tensor {
  if (b === undefined) return a;
  const result = heap().allocate(a.shape);
  const [x, y, to] = [floats(a), floats(b), floats(result)];
  for (let i = 0; i < to.length; i++) to[i] = (x[i] ?? NaN) * (y[i] ?? NaN);
  return result;
}

/** softmax(scale q k^T + mask) v (Vaswani et al. 2017, eq. 1). */
const attention: OpRow<'attention'> = {
  forward: (inputs, context) =>
    forwardScope(() => {
      const [q, k, v] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
      const scores = batchedProduct(plain(q), swapped(k));
      prepare(scores, inputs[3], context.node.attributes);
      const probabilities = weights(scores);
      const factors = dropoutFactors(scores.size, scores.shape, context);
      const y = batchedProduct(plain(times(probabilities, factors)), plain(v));
      return { outputs: [y], saved: factors === undefined ? [probabilities] : [probabilities, factors] };
    }),

  backward: (given, { node }) =>
    backwardScope(given, (dy) => {
      const { inputs, saved, wanted } = given;
      const [q, k, v] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
      const backend = heap();
      const probabilities = operand(saved, 0);
      const factors = saved[1];
      const dv = wanted[2] === true ? batchedProduct(swapped(times(probabilities, factors)), plain(dy), v.shape) : null;
      const dp = times(batchedProduct(plain(dy), swapped(v)), factors);
      const ds = backend.allocate(dp.shape);
      const columns = ds.shape.at(-1) ?? 1;
      const [from, p, to] = [backend.address(dp), backend.address(probabilities), backend.address(ds)];
      backend.kernels.softmaxGradient(from, p, to, ds.size / columns, columns);
      const mask = inputs[3];
      const dMask = mask !== undefined && wanted[3] === true ? reducedTo(mask.shape, ds, 1) : null;
      // Into a tensor of its own: the mask's gradient may share the elements of ds.
      const scaled = backend.allocate(ds.shape);
      backend.kernels.scale(backend.address(ds), backend.address(scaled), ds.size, node.attributes.scale);
      const dq = wanted[0] === true ? batchedProduct(plain(scaled), plain(k), q.shape) : null;
      const dk = wanted[1] === true ? batchedProduct(swapped(scaled), plain(q), k.shape) : null;
      return [dq, dk, dv, ...(mask === undefined ? [] : [dMask])];
    }),
};

export const ATTENTION_ROWS = { attention } satisfies OpRows;
