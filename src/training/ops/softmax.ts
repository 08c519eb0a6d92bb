import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../kernels/heap';
import { permuted } from '../kernels/layout';
import { backwardScope, forwardScope, operand } from '../kernels/rows';
import type { BackwardArguments, Forward, OpRow, OpRows } from './row';

/** Swaps an axis with the last; its own inverse. */
function swapped(x: Tensor, axis: number): Tensor {
  const last = x.shape.length - 1;
  if (axis === last) return x;
  const order = x.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
  return permuted(x, order);
}

function forward(inputs: readonly Tensor[], axis: number, log: 0 | 1): Forward {
  return forwardScope(() => {
    const backend = heap();
    const x = swapped(operand(inputs, 0), axis);
    const y = backend.allocate(x.shape);
    const length = x.shape.at(-1) ?? 1;
    backend.kernels.softmax(backend.address(x), backend.address(y), x.size / Math.max(1, length), length, log);
    return { outputs: [swapped(y, axis)] };
  });
}

function backward(
  given: BackwardArguments,
  axis: number,
  kernel: 'softmaxGradient' | 'logSoftmaxGradient',
): (Tensor | null)[] {
  return backwardScope(given, (gradient) => {
    const backend = heap();
    const dy = swapped(gradient, axis);
    const y = swapped(operand(given.outputs, 0), axis);
    const dx = backend.allocate(y.shape);
    const length = y.shape.at(-1) ?? 1;
    const rows = y.size / Math.max(1, length);
    backend.kernels[kernel](backend.address(dy), backend.address(y), backend.address(dx), rows, length);
    return [swapped(dx, axis)];
  });
}

/** y_i = e^x_i / sum e^x along one axis; dx = y (dy - sum y dy). */
const softmax: OpRow<'softmax'> = {
  forward: (inputs, { node }) => forward(inputs, node.attributes.axis, 0),
  backward: (given, { node }) => backward(given, node.attributes.axis, 'softmaxGradient'),
};

/** y_i = x_i - log sum e^x along one axis; dx = dy - softmax(x) sum dy. */
const logSoftmax: OpRow<'logSoftmax'> = {
  forward: (inputs, { node }) => forward(inputs, node.attributes.axis, 1),
  backward: (given, { node }) => backward(given, node.attributes.axis, 'logSoftmaxGradient'),
};

export const SOFTMAX_ROWS = { softmax, logSoftmax } satisfies OpRows;
