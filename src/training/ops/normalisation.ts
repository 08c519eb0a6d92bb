import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../kernels/heap';
import { permuted } from '../kernels/layout';
import { channelSums } from '../kernels/matrix';
import {
  type Channels,
  fixedStatistics,
  normalised,
  normaliseGradients,
  productSums,
  scaled,
  statisticsOf,
} from '../kernels/normalise';
import { backwardScope, forwardScope, operand, product } from '../kernels/rows';
import { localResponseNorm } from './localResponse';
import type { BackwardArguments, Forward, OpRow, OpRows } from './row';
import { fromElements } from './tensors';

const around = (shape: readonly number[], axis: number): Channels => ({
  outer: product(shape.slice(0, axis)),
  channels: shape[axis] ?? 1,
  inner: product(shape.slice(axis + 1)),
});

interface Affine {
  scale: boolean;
  offset?: boolean;
}

/** gamma and beta among a node's inputs, which start after `before` others. */
function affine(inputs: readonly Tensor[], { scale, offset = false }: Affine, before = 1): (Tensor | undefined)[] {
  const beta = before + (scale ? 1 : 0);
  return [scale ? operand(inputs, before) : undefined, offset ? operand(inputs, beta) : undefined];
}

/** y = (x - mean) / sqrt(variance + epsilon) * gamma + beta over all axes but one (Ioffe and Szegedy 2015). */
const batchNorm: OpRow<'batchNorm'> = {
  forward: (inputs, { node: { attributes } }) =>
    forwardScope(() => {
      const x = operand(inputs, 0);
      const form = around(x.shape, attributes.axis);
      const statistics = statisticsOf(x, form, attributes.epsilon, true);
      return { outputs: [normalised(x, statistics, form, ...affine(inputs, attributes))], saved: [statistics] };
    }),

  backward: (given, { node: { attributes } }) =>
    backwardScope(given, (dy) => {
      const x = operand(given.inputs, 0);
      const [gamma] = affine(given.inputs, attributes);
      const form = around(x.shape, attributes.axis);
      const wantsInput = given.wanted[0] === true;
      const found = normaliseGradients(dy, x, operand(given.saved, 0), form, 'all', gamma, wantsInput);
      return [found.dx, ...(attributes.scale ? [found.products] : []), ...(attributes.offset ? [found.sums] : [])];
    }),
};

/** The same with given statistics, which stand as inputs 1 and 2. */
const batchNormFixed: OpRow<'batchNormFixed'> = {
  forward: (inputs, { node: { attributes } }) =>
    forwardScope(() => {
      const x = operand(inputs, 0);
      const statistics = fixedStatistics(operand(inputs, 1), operand(inputs, 2), attributes.epsilon);
      const form = around(x.shape, attributes.axis);
      return { outputs: [normalised(x, statistics, form, ...affine(inputs, attributes, 3))], saved: [statistics] };
    }),

  backward: (given, { node: { attributes } }) =>
    backwardScope(given, (dy) => {
      const { inputs, wanted } = given;
      const x = operand(inputs, 0);
      const [gamma] = affine(inputs, attributes, 3);
      const form = around(x.shape, attributes.axis);
      const statistics = operand(given.saved, 0);
      const found = normaliseGradients(dy, x, statistics, form, 'none', gamma, wanted[0] === true);
      const backend = heap();
      const factor = gamma === undefined ? undefined : backend.floats(gamma);
      // d mean = -gamma sum(dy) / s and d variance = -gamma sum(dy x^) / (2 s^2), with s = sqrt(variance + epsilon).
      const own = (of: Tensor, power: 1 | 2): Tensor => {
        const variance = backend.floats(operand(inputs, 2));
        const values = Float64Array.from(
          backend.floats(of),
          (sum, c) => (-sum * (factor?.[c] ?? 1)) / (power * ((variance[c] ?? 0) + attributes.epsilon) ** (power / 2)),
        );
        return fromElements(values, [form.channels]);
      };
      return [
        found.dx,
        wanted[1] === true ? own(found.sums, 1) : null,
        wanted[2] === true ? own(found.products, 2) : null,
        ...(attributes.scale ? [found.products] : []),
        ...(attributes.offset ? [found.sums] : []),
      ];
    }),
};

/** How x is laid out as rows that are normalised each, and how gamma and beta lie over them. */
interface Rows {
  /** Order of axes that makes each normalised group contiguous. */
  order: number[];
  rows: number;
  affine: Channels;
}

/** The last axes of a permuted x are those given; gamma has one element for each cell of a row. */
function trailing(shape: readonly number[], axes: readonly number[]): Rows {
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const rows = product(kept.map((axis) => shape[axis] ?? 1));
  const size = product(axes.map((axis) => shape[axis] ?? 1));
  return { order: [...kept, ...axes], rows, affine: { outer: rows, channels: size, inner: 1 } };
}

/** Channels moved to the second axis; each group of a sample is a row, gamma has one element for each channel. */
function grouped(shape: readonly number[], axis: number, groups: number): Rows {
  const spatial = shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
  const [batch, channels] = [shape[0] ?? 1, shape[axis] ?? 1];
  const inner = product(spatial.map((i) => shape[i] ?? 1));
  return { order: [0, axis, ...spatial], rows: batch * groups, affine: { outer: batch, channels, inner } };
}

const isSorted = (order: readonly number[]): boolean => order.every((axis, i) => axis === i);

const arranged = (x: Tensor, { order }: Rows): Tensor => (isSorted(order) ? x : permuted(x, order));

const restored = (y: Tensor, { order }: Rows): Tensor =>
  isSorted(order)
    ? y
    : permuted(
        y,
        order.map((_, axis) => order.indexOf(axis)),
      );

const perRow = (x: Tensor, { rows }: Rows): Channels => ({ outer: 1, channels: rows, inner: x.size / rows });

function rowForward(inputs: readonly Tensor[], rows: Rows, own: Affine, epsilon: number, centred: boolean): Forward {
  return forwardScope(() => {
    const x = arranged(operand(inputs, 0), rows);
    const statistics = statisticsOf(x, perRow(x, rows), epsilon, centred);
    const plain = normalised(x, statistics, perRow(x, rows));
    const [gamma, beta] = affine(inputs, own);
    const y = gamma === undefined && beta === undefined ? plain : scaled(plain, rows.affine, gamma, beta);
    return { outputs: [restored(y, rows)], saved: [statistics] };
  });
}

function rowBackward(given: BackwardArguments, rows: Rows, own: Affine, centred: boolean): (Tensor | null)[] {
  return backwardScope(given, (gradient) => {
    const { inputs, wanted } = given;
    const x = arranged(operand(inputs, 0), rows);
    const dy = arranged(gradient, rows);
    const statistics = operand(given.saved, 0);
    const [gamma] = affine(inputs, own);
    const results: (Tensor | null)[] = [null];
    if (wanted[0] === true) {
      const inner = gamma === undefined ? dy : scaled(dy, rows.affine, gamma);
      const through = centred ? 'all' : 'scale';
      const { dx } = normaliseGradients(inner, x, statistics, perRow(x, rows), through, undefined, true);
      results[0] = dx === null ? null : restored(dx, rows);
    }
    if (gamma !== undefined) {
      const wants = wanted[1] === true;
      results.push(
        wants ? productSums(dy, normalised(x, statistics, perRow(x, rows)), rows.affine, gamma.shape) : null,
      );
    }
    if (own.offset === true) {
      const { outer, channels, inner } = rows.affine;
      const beta = operand(inputs, own.scale ? 2 : 1);
      results.push(wanted.at(-1) === true ? channelSums(heap(), dy, [outer, channels, inner], beta.shape) : null);
    }
    return results;
  });
}

/** Each sample normalised over its own last axes (Ba, Kiros and Hinton 2016). */
const layerNorm: OpRow<'layerNorm'> = {
  forward: (inputs, { node: { attributes } }) =>
    rowForward(inputs, trailing(operand(inputs, 0).shape, attributes.axes), attributes, attributes.epsilon, true),
  backward: (given, { node: { attributes } }) =>
    rowBackward(given, trailing(operand(given.inputs, 0).shape, attributes.axes), attributes, true),
};

/** Layer norm without the mean (Zhang and Sennrich 2019). */
const rmsNorm: OpRow<'rmsNorm'> = {
  forward: (inputs, { node: { attributes } }) =>
    rowForward(inputs, trailing(operand(inputs, 0).shape, attributes.axes), attributes, attributes.epsilon, false),
  backward: (given, { node: { attributes } }) =>
    rowBackward(given, trailing(operand(given.inputs, 0).shape, attributes.axes), attributes, false),
};

/** Groups of channels of one sample normalised together (Wu and He 2018). */
const groupNorm: OpRow<'groupNorm'> = {
  forward: (inputs, { node: { attributes } }) => {
    const { axis, groups, epsilon } = attributes;
    return rowForward(inputs, grouped(operand(inputs, 0).shape, axis, groups), attributes, epsilon, true);
  },
  backward: (given, { node: { attributes } }) => {
    const rows = grouped(operand(given.inputs, 0).shape, attributes.axis, attributes.groups);
    return rowBackward(given, rows, attributes, true);
  },
};

export const NORMALISATION_ROWS = {
  batchNorm,
  batchNormFixed,
  layerNorm,
  rmsNorm,
  groupNorm,
  localResponseNorm,
} satisfies OpRows;
