import type { Tensor } from '@tensorflow/tfjs-core';
import type { OpAttributes } from '../../graph/ops';
import { operand } from '../kernels/rows';
import type { OpRow, OpRows } from './row';
import { forEachRun, stridesOf, walk } from './strides';
import { allocate, allocateOutput, allocateFloats, elements, floats, sizeOf, zeros } from './tensors';

/** The place that an index means; negative ones count from the end, as in NumPy. */
function placeOf(index: number, size: number): number {
  if (index < -size || index >= size) throw new RangeError(`Index ${index} lies outside an axis of ${size}.`);
  return index < 0 ? index + size : index;
}

/** Blocks of `x` along an axis: `outer` times `size` blocks of `inner` elements. */
function blocksOf(shape: readonly number[], axis: number): { outer: number; size: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), size: shape[axis] ?? 1, inner: sizeOf(shape.slice(axis + 1)) };
}

/** Calls `visit` with the first element of each picked block, in `x` and in the result. */
function eachPick(
  shape: readonly number[],
  axis: number,
  indices: Tensor,
  visit: (block: number, result: number, index: number) => void,
): void {
  const { outer, size, inner } = blocksOf(shape, axis);
  const picks = elements(indices);
  for (let o = 0, result = 0; o < outer; o++) {
    for (const index of picks) {
      visit((o * size + placeOf(index, size)) * inner, result, index);
      result += inner;
    }
  }
}

/** Whole slices of the first input along an axis. `skipped` names the slice that gets no gradient, if any does not. */
function slices<O extends 'gather' | 'embedding'>(
  axisOf: (attributes: OpAttributes<O>) => number,
  skipped: (attributes: OpAttributes<O>) => number | null,
): OpRow<O> {
  return {
    forward(inputs, { node, outputValues }) {
      const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
      const y = allocateOutput(outputValues);
      const axis = axisOf(node.attributes);
      const { inner } = blocksOf(x.shape, axis);
      const [from, to] = [elements(x), elements(y)];
      eachPick(x.shape, axis, indices, (block, result) => to.set(from.subarray(block, block + inner), result));
      return { outputs: [y] };
    },
    backward({ inputs, outputGradients: [dy], wanted }, { node }) {
      if (!dy || wanted[0] !== true) return [null, null];
      const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
      const dx = zeros(x.shape);
      const axis = axisOf(node.attributes);
      const { inner } = blocksOf(x.shape, axis);
      const without = skipped(node.attributes);
      const [gradient, to] = [floats(dy), floats(dx)];
      eachPick(x.shape, axis, indices, (block, result, index) => {
        if (index === without) return;
        for (let i = 0; i < inner; i++) to[block + i] = (to[block + i] ?? 0) + (gradient[result + i] ?? 0);
      });
      return [dx, null];
    },
  };
}

/** Calls `visit` with each cell of `indices` and the element of a tensor of `shape` that it names along `axis`. */
function eachElement(
  shape: readonly number[],
  axis: number,
  indices: Tensor,
  visit: (cell: number, element: number) => void,
): void {
  const strides = stridesOf(shape);
  const size = shape[axis] ?? 1;
  const along = strides[axis] ?? 1;
  const picks = elements(indices);
  const others = strides.map((stride, k) => (k === axis ? 0 : stride));
  forEachRun(walk(indices.shape, [others]), (count, cell, [start = 0], [step = 0]) => {
    for (let k = cell, base = start; k < cell + count; k++, base += step) {
      visit(k, base + placeOf(picks[k] ?? 0, size) * along);
    }
  });
}

const gatherElements: OpRow<'gatherElements'> = {
  forward(inputs, { node, outputValues }) {
    const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
    const y = allocateOutput(outputValues);
    const [from, to] = [elements(x), elements(y)];
    eachElement(x.shape, node.attributes.axis, indices, (cell, element) => (to[cell] = from[element] ?? 0));
    return { outputs: [y] };
  },
  backward({ inputs, outputGradients: [dy], wanted }, { node }) {
    if (!dy || wanted[0] !== true) return [null, null];
    const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
    const dx = zeros(x.shape);
    const [gradient, to] = [floats(dy), floats(dx)];
    eachElement(x.shape, node.attributes.axis, indices, (cell, element) => {
      to[element] = (to[element] ?? 0) + (gradient[cell] ?? 0);
    });
    return [dx, null];
  },
};

/**
 * x with `updates` written to (or added at) the places that `indices` name. `updates` may be larger than `indices`; what
 * lies beyond is not read. Where places repeat without accumulation the last update wins, and every one of them gets
 * the place's gradient (PyTorch).
 */
const scatterElements: OpRow<'scatterElements'> = {
  forward(inputs, { node }) {
    const [x, indices, updates] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const { axis, accumulate } = node.attributes;
    const y = allocate({
      shape: x.shape,
      dtype: x.dtype === 'float32' ? 'float' : x.dtype === 'int32' ? 'int' : 'bool',
    });
    const [from, news, to] = [elements(x), elements(updates), elements(y)];
    const updateOf = cellsIn(updates.shape, indices.shape);
    to.set(from);
    eachElement(x.shape, axis, indices, (cell, element) => {
      const update = news[updateOf(cell)] ?? 0;
      to[element] = accumulate ? (to[element] ?? 0) + update : update;
    });
    return { outputs: [y] };
  },
  backward({ inputs, outputGradients: [dy], wanted }, { node }) {
    if (!dy) return [null, null, null];
    const [x, indices, updates] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const { axis, accumulate } = node.attributes;
    const dx = wanted[0] === true ? allocateFloats(x.shape) : null;
    const dUpdates = wanted[2] === true ? zeros(updates.shape) : null;
    const gradient = floats(dy);
    if (dx !== null) {
      const to = floats(dx);
      to.set(gradient);
      if (!accumulate) eachElement(x.shape, axis, indices, (_, element) => (to[element] = 0));
    }
    if (dUpdates !== null) {
      const to = floats(dUpdates);
      const updateOf = cellsIn(updates.shape, indices.shape);
      eachElement(x.shape, axis, indices, (cell, element) => (to[updateOf(cell)] = gradient[element] ?? 0));
    }
    return [dx, null, dUpdates];
  },
};

/** Turns a cell number of `shape` into the element of a tensor of `outer` shape at the same place. */
function cellsIn(outer: readonly number[], shape: readonly number[]): (cell: number) => number {
  if (outer.join() === shape.join()) return (cell) => cell;
  const strides = stridesOf(outer);
  return (cell) => {
    let rest = cell;
    let element = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1;
      element += (rest % size) * (strides[axis] ?? 0);
      rest = Math.floor(rest / size);
    }
    return element;
  };
}

const oneHot: OpRow<'oneHot'> = {
  forward(inputs, { node, outputValues }) {
    const indices = operand(inputs, 0);
    const y = allocateOutput(outputValues);
    const { classes } = node.attributes;
    const to = elements(y).fill(0);
    elements(indices).forEach((index, i) => {
      // TensorFlow leaves the row of an index outside the classes empty; PyTorch refuses it.
      if (index >= 0 && index < classes) to[i * classes + index] = 1;
    });
    return { outputs: [y] };
  },
  backward: null,
};

/** Ops that pick and place elements by integer tensors. */
export const INDEXING_ROWS = {
  embedding: slices<'embedding'>(
    () => 0,
    ({ paddingIndex }) => paddingIndex,
  ),
  gather: slices<'gather'>(
    ({ axis }) => axis,
    () => null,
  ),
  gatherElements,
  scatterElements,
  oneHot,
} satisfies OpRows;
