import { operand } from '../kernels/rows';
import { lanesOf } from './lanes';
import type { OpRow, OpRows } from './row';
import { allocateFloats, allocateOutput, elements, floats } from './tensors';

/** First place of the largest (sign 1) or smallest (-1) element along an axis; a NaN wins. */
function extremePlace<O extends 'argMax' | 'argMin'>(sign: 1 | -1): OpRow<O> {
  return {
    forward(inputs, { node, outputValues }) {
      const x = operand(inputs, 0);
      const y = allocateOutput(outputValues);
      const [from, to] = [elements(x), elements(y)];
      const { length, stride, forEach } = lanesOf(x.shape, node.attributes.axis);
      forEach((start, lane) => {
        let best = -Infinity;
        let place = 0;
        for (let k = 0; k < length; k++) {
          const v = sign * (from[start + k * stride] ?? 0);
          if (Number.isNaN(v)) {
            place = k;
            break;
          }
          if (v > best) {
            best = v;
            place = k;
          }
        }
        to[lane] = place;
      });
      return { outputs: [y] };
    },
    backward: null,
  };
}

const cumSum: OpRow<'cumSum'> = {
  forward(inputs, { node, outputValues }) {
    const x = operand(inputs, 0);
    const y = allocateOutput(outputValues);
    const [from, to] = [elements(x), elements(y)];
    const { length, stride, forEach } = lanesOf(x.shape, node.attributes.axis);
    forEach((start) => {
      let total = 0;
      for (let k = 0, i = start; k < length; k++, i += stride) to[i] = total += from[i] ?? 0;
    });
    return { outputs: [y] };
  },
  backward({ outputGradients: [dy] }, { node }) {
    if (!dy) return [null];
    const dx = allocateFloats(dy.shape);
    const [gradient, to] = [floats(dy), floats(dx)];
    const { length, stride, forEach } = lanesOf(dy.shape, node.attributes.axis);
    forEach((start) => {
      let total = 0;
      for (let k = length - 1, i = start + k * stride; k >= 0; k--, i -= stride) to[i] = total += gradient[i] ?? 0;
    });
    return [dx];
  },
};

const cumProd: OpRow<'cumProd'> = {
  forward(inputs, { node, outputValues }) {
    const x = operand(inputs, 0);
    const y = allocateOutput(outputValues);
    const [from, to] = [elements(x), elements(y)];
    const { length, stride, forEach } = lanesOf(x.shape, node.attributes.axis);
    forEach((start) => {
      let total = 1;
      for (let k = 0, i = start; k < length; k++, i += stride) to[i] = total *= from[i] ?? 0;
    });
    return { outputs: [y] };
  },
  backward({ inputs, outputGradients: [dy] }, { node }) {
    if (!dy) return [null];
    const x = operand(inputs, 0);
    const dx = allocateFloats(x.shape);
    const [from, gradient, to] = [floats(x), floats(dy), floats(dx)];
    const { length, stride, forEach } = lanesOf(x.shape, node.attributes.axis);
    forEach((start) => {
      // dx_i = (prod of those before i) * rest_i, where rest_i = dy_i + x_{i+1} rest_{i+1} needs no division.
      const rests = new Float64Array(length + 1);
      for (let k = length - 1; k >= 0; k--) {
        const after = k + 1 < length ? (from[start + (k + 1) * stride] ?? 0) * (rests[k + 1] ?? 0) : 0;
        rests[k] = (gradient[start + k * stride] ?? 0) + after;
      }
      let before = 1;
      for (let k = 0, i = start; k < length; k++, i += stride) {
        to[i] = before * (rests[k] ?? 0);
        before *= from[i] ?? 0;
      }
    });
    return [dx];
  },
};

/** Ops that run along one axis. */
export const SCAN_ROWS = {
  argMax: extremePlace<'argMax'>(1),
  argMin: extremePlace<'argMin'>(-1),
  cumSum,
  cumProd,
} satisfies OpRows;
