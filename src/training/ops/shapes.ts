import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpName } from '../../graph/ops';
import { scalarToNumber } from '../../graph/scalar';
import { axisMap, gatherByMaps, scatterByMaps, type AxisMap } from './axisMaps';
import { reducedTo } from './broadcasting';
import { permuted } from '../kernels/layout';
import { operand } from '../kernels/rows';
import { paddingMap } from './padding';
import type { OpRow, OpRows, RowContext } from './row';
import { forEachRun, stridesOf, walk } from './strides';
import { alias, allocate, allocateOutput, allocateFloats, elements, floats, sizeOf, zeros } from './tensors';

/** Row of an op that only moves elements, axis by axis. */
function mapped<O extends OpName>(
  mapsOf: (context: RowContext<O>, input: readonly number[], output: readonly number[]) => AxisMap[],
  fillOf: (context: RowContext<O>) => number = () => 0,
): OpRow<O> {
  /** The input's shape gets leading ones up to the output's rank. */
  const shapes = ({ inputValues, outputValues }: RowContext<O>) => {
    const [input, output] = [inputValues[0]?.shape ?? [], outputValues[0]?.shape ?? []];
    return [[...output.slice(input.length).fill(1), ...input], output] as const;
  };
  return {
    forward(inputs, context) {
      const x = operand(inputs, 0);
      const [input, output] = shapes(context);
      const y = allocate({ shape: [...output], dtype: context.inputValues[0]?.dtype ?? 'float' });
      gatherByMaps(elements(x), input, mapsOf(context, input, output), elements(y), fillOf(context));
      return { outputs: [y] };
    },
    backward({ inputs, outputGradients: [dy] }, context) {
      if (!dy) return [null];
      const [input, output] = shapes(context);
      const dx = zeros(operand(inputs, 0).shape);
      scatterByMaps(floats(dy), input, mapsOf(context, input, output), floats(dx));
      return [dx];
    },
  };
}

/** Reads `x` with its axes in another order; the kernel knows elements of four bytes only. */
function reordered(x: Tensor, order: readonly number[]): Tensor {
  if (x.dtype !== 'bool') return permuted(x, order);
  const shape = order.map((axis) => x.shape[axis] ?? 1);
  const own = stridesOf(x.shape);
  const y = allocate({ shape, dtype: 'bool' });
  const [from, to] = [elements(x), elements(y)];
  forEachRun(walk(shape, [order.map((axis) => own[axis] ?? 0)]), (count, cell, [start = 0], [step = 0]) => {
    for (let k = cell, i = start; k < cell + count; k++, i += step) to[k] = from[i] ?? 0;
  });
  return y;
}

const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/** Copies `x` between the joined tensor and its part: blocks of `width` that lie `pitch` apart, from `start` on. */
function eachBlock(
  outer: number,
  width: number,
  pitch: number,
  start: number,
  copy: (part: number, whole: number) => void,
) {
  for (let block = 0; block < outer; block++) copy(block * width, start + block * pitch);
}

const concat: OpRow<'concat'> = {
  forward(inputs, { node, outputValues }) {
    const { axis } = node.attributes;
    const y = allocateOutput(outputValues);
    const outer = sizeOf(y.shape.slice(0, axis));
    const pitch = sizeOf(y.shape.slice(axis));
    const to = elements(y);
    let start = 0;
    for (const part of inputs) {
      const width = sizeOf(part.shape.slice(axis));
      const from = elements(part);
      eachBlock(outer, width, pitch, start, (own, whole) => to.set(from.subarray(own, own + width), whole));
      start += width;
    }
    return { outputs: [y] };
  },
  backward({ inputs, outputGradients: [dy], wanted }, { node }) {
    if (!dy) return inputs.map(() => null);
    const { axis } = node.attributes;
    const outer = sizeOf(dy.shape.slice(0, axis));
    const pitch = sizeOf(dy.shape.slice(axis));
    let start = 0;
    return inputs.map((input, k) => {
      const width = sizeOf(input.shape.slice(axis));
      const from = start;
      start += width;
      if (wanted[k] !== true) return null;
      const dx = allocateFloats(input.shape);
      const [gradient, to] = [floats(dy), floats(dx)];
      eachBlock(outer, width, pitch, from, (own, whole) => to.set(gradient.subarray(whole, whole + width), own));
      return dx;
    });
  },
};

/** Keeps the cells of the last two axes for which `keeps(column - row)` holds, zero elsewhere. */
function triangle<O extends 'tril' | 'triu'>(keeps: (offset: number, diagonal: number) => boolean): OpRow<O> {
  const cut = (x: Tensor, context: RowContext<O>): Tensor => {
    const y = allocate({ shape: x.shape, dtype: context.inputValues[0]?.dtype ?? 'float' });
    const [from, to] = [elements(x), elements(y)];
    const [rows = 1, columns = 1] = x.shape.slice(-2);
    const { diagonal } = context.node.attributes;
    for (let i = 0; i < to.length; i++) {
      const offset = (i % columns) - (Math.floor(i / columns) % rows);
      to[i] = keeps(offset, diagonal) ? (from[i] ?? 0) : 0;
    }
    return y;
  };
  return {
    forward: (inputs, context) => ({ outputs: [cut(operand(inputs, 0), context)] }),
    backward: ({ outputGradients: [dy] }, context) => [dy ? cut(dy, context) : null],
  };
}

/** Ops that move elements about without changing them. */
export const SHAPE_ROWS = {
  reshape: {
    forward: (inputs, { outputValues }) => ({ outputs: [alias(operand(inputs, 0), outputValues[0]?.shape)] }),
    backward: ({ inputs, outputGradients: [dy] }) => [dy ? alias(dy, operand(inputs, 0).shape) : null],
  },
  permute: {
    forward: (inputs, { node }) => ({ outputs: [reordered(operand(inputs, 0), node.attributes.order)] }),
    backward: ({ outputGradients: [dy] }, { node }) => [dy ? reordered(dy, inverse(node.attributes.order)) : null],
  },
  broadcast: {
    ...mapped<'broadcast'>((_, input, output) =>
      output.map((size, axis) => axisMap(size, (i) => (input[axis] === size ? i : 0))),
    ),
    backward: ({ inputs, outputGradients: [dy] }) => [dy ? reducedTo(operand(inputs, 0).shape, dy) : null],
  },
  tile: mapped<'tile'>((_, input, output) => output.map((size, axis) => axisMap(size, (i) => i % (input[axis] ?? 1)))),
  concat,
  slice: mapped<'slice'>(({ node: { attributes } }, _, output) =>
    output.map((size, axis) => axisMap(size, (i) => (attributes.start[axis] ?? 0) + i * (attributes.step[axis] ?? 1))),
  ),
  flip: mapped<'flip'>(({ node }, input) =>
    input.map((size, axis) => axisMap(size, (i) => (node.attributes.axes.includes(axis) ? size - 1 - i : i))),
  ),
  roll: mapped<'roll'>(({ node: { attributes } }, input) =>
    input.map((size, axis) => {
      const shift = attributes.axes.reduce((sum, a, k) => (a === axis ? sum + (attributes.shifts[k] ?? 0) : sum), 0);
      return axisMap(size, (i) => (((i - shift) % size) + size) % size);
    }),
  ),
  pad: mapped<'pad'>(
    ({ node: { attributes } }, input) =>
      input.map((size, axis) => paddingMap(size, attributes.pads[axis] ?? [0, 0], attributes.mode)),
    ({ node }) => scalarToNumber(node.attributes.value),
  ),
  tril: triangle<'tril'>((offset, diagonal) => offset <= diagonal),
  triu: triangle<'triu'>((offset, diagonal) => offset >= diagonal),
} satisfies OpRows;
