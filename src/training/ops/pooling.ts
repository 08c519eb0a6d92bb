import type { Tensor } from '@tensorflow/tfjs-core';
import { type Three, three } from '../kernels/convolution';
import { heap } from '../kernels/heap';
import { toChannelsFirst, toChannelsLast } from '../kernels/layout';
import { backwardScope, forwardScope, operand, product } from '../kernels/rows';
import { adaptiveWindows, outputsOf, slidingWindows, type WindowTable, writeWindows } from '../kernels/windows';
import type { BackwardArguments, Forward, OpRow, OpRows } from './row';
import { zeros } from './tensors';

type Layout = 'channelsFirst' | 'channelsLast';

/** The windows along one axis of `length` cells, the spatial dims counted from 0 as the op's attributes do. */
type AxisWindows = (length: number, spatialAxis: number) => WindowTable[number];

const toFirst = (x: Tensor, layout: Layout): Tensor => (layout === 'channelsLast' ? toChannelsFirst(x) : x);
const fromFirst = (y: Tensor, layout: Layout): Tensor => (layout === 'channelsLast' ? toChannelsLast(y) : y);

interface Planes {
  count: number;
  image: Three;
  table: WindowTable;
}

/** x [N, C, ...spatial] as planes with their windows; dims that x lacks have one window of one cell. */
function planesOf(x: Tensor, windows: AxisWindows): Planes {
  const [batch = 1, channels = 1, ...spatial] = x.shape;
  const missing = 3 - spatial.length;
  const image = three(spatial, 1);
  const along = (axis: 0 | 1 | 2): WindowTable[number] =>
    axis < missing ? [{ first: 0, last: 1, step: 1, count: 1 }] : windows(image[axis], axis - missing);
  return { count: batch * channels, image, table: [along(0), along(1), along(2)] };
}

const outputShape = (x: Tensor, { table }: Planes): number[] => [
  ...x.shape.slice(0, 2),
  ...outputsOf(table).slice(5 - x.shape.length),
];

function maxForward(input: Tensor, layout: Layout, windows: AxisWindows): Forward {
  return forwardScope(() => {
    const backend = heap();
    const x = toFirst(input, layout);
    const planes = planesOf(x, windows);
    const shape = outputShape(x, planes);
    const y = backend.allocate(shape);
    const places = backend.allocate(shape, 'int32');
    const address = writeWindows(backend, planes.table);
    const [, height, width] = planes.image;
    const [from, to, at] = [x, y, places].map((tensor) => backend.address(tensor));
    const [d, h, w] = outputsOf(planes.table);
    backend.kernels.maxPool(
      from ?? 0,
      to ?? 0,
      at ?? 0,
      planes.count,
      height,
      width,
      product(planes.image),
      d,
      h,
      w,
      address,
    );
    return { outputs: [fromFirst(y, layout)], saved: [places] };
  });
}

/** The gradient goes to the recorded place of each maximum. */
function maxBackward(given: BackwardArguments, layout: Layout): (Tensor | null)[] {
  return backwardScope(given, (gradient) => {
    const backend = heap();
    const dy = toFirst(gradient, layout);
    const [batch = 1, ...rest] = operand(given.inputs, 0).shape;
    const channels = dy.shape[1] ?? 1;
    const spatial = layout === 'channelsLast' ? rest.slice(0, -1) : rest.slice(1);
    const dx = zeros([batch, channels, ...spatial]);
    const planes = batch * channels;
    const [from, at, to] = [dy, operand(given.saved, 0), dx].map((tensor) => backend.address(tensor));
    backend.kernels.maxPoolGradient(from ?? 0, at ?? 0, to ?? 0, planes, dx.size / planes, dy.size / planes);
    return [fromFirst(dx, layout)];
  });
}

/** Means of the windows of x, or the adjoint: y's elements shared out over x. */
function average(x: Tensor, y: Tensor, backward: 0 | 1, planes: Planes, divisor: number | null): void {
  const backend = heap();
  const address = writeWindows(backend, planes.table);
  const [, height, width] = planes.image;
  const plane = product(planes.image);
  const [d, h, w] = outputsOf(planes.table);
  const [from, to] = [backend.address(x), backend.address(y)];
  backend.kernels.averagePool(from, to, backward, planes.count, height, width, plane, d, h, w, divisor ?? 0, address);
}

function averageForward(input: Tensor, layout: Layout, windows: AxisWindows, divisor: number | null): Forward {
  return forwardScope(() => {
    const x = toFirst(input, layout);
    const planes = planesOf(x, windows);
    const y = heap().allocate(outputShape(x, planes));
    average(x, y, 0, planes, divisor);
    return { outputs: [fromFirst(y, layout)] };
  });
}

function averageBackward(
  given: BackwardArguments,
  layout: Layout,
  windows: AxisWindows,
  divisor: number | null,
): (Tensor | null)[] {
  return backwardScope(given, (gradient) => {
    const dy = toFirst(gradient, layout);
    const [batch = 1, ...rest] = operand(given.inputs, 0).shape;
    const spatial = layout === 'channelsLast' ? rest.slice(0, -1) : rest.slice(1);
    const dx = zeros([batch, dy.shape[1] ?? 1, ...spatial]);
    average(dx, dy, 1, planesOf(dx, windows), divisor);
    return [fromFirst(dx, layout)];
  });
}

interface Sliding {
  kernel: readonly number[];
  stride: readonly number[];
  pads: readonly (readonly [number, number])[];
  dilation?: readonly number[];
}

/** `counted`: for each spatial dim, how many far pads the divisor counts; null for none before or after. */
const sliding =
  ({ kernel, stride, pads, dilation }: Sliding, counted: (axis: number) => number | null): AxisWindows =>
  (length, axis) => {
    const [before = 0, after = 0] = pads[axis] ?? [];
    const own = {
      kernel: kernel[axis] ?? 1,
      stride: stride[axis] ?? 1,
      before,
      dilation: dilation?.[axis] ?? 1,
    };
    const reach = (own.kernel - 1) * own.dilation + 1;
    const output = Math.floor((length + before + after - reach) / own.stride) + 1;
    return slidingWindows(length, output, own, counted(axis));
  };

const adaptive =
  (size: readonly number[]): AxisWindows =>
  (length, axis) =>
    adaptiveWindows(length, size[axis] ?? length);

/** Largest cell of each window; of equals the first in C order takes the whole gradient, as in PyTorch. */
const maxPool: OpRow<'maxPool'> = {
  forward: (inputs, { node: { attributes } }) =>
    maxForward(
      operand(inputs, 0),
      attributes.layout,
      sliding(attributes, () => null),
    ),
  backward: (given, { node }) => maxBackward(given, node.attributes.layout),
};

type Average = Parameters<OpRow<'avgPool'>['forward']>[1]['node']['attributes'];

const averageWindows = (attributes: Average): AxisWindows =>
  sliding(attributes, (axis) =>
    attributes.countPads ? (attributes.pads[axis]?.[1] ?? 0) - (attributes.ceilPads[axis] ?? 0) : null,
  );

const avgPool: OpRow<'avgPool'> = {
  forward: (inputs, { node: { attributes } }) =>
    averageForward(operand(inputs, 0), attributes.layout, averageWindows(attributes), attributes.divisor),
  backward: (given, { node: { attributes } }) =>
    averageBackward(given, attributes.layout, averageWindows(attributes), attributes.divisor),
};

const adaptiveAvgPool: OpRow<'adaptiveAvgPool'> = {
  forward: (inputs, { node: { attributes } }) =>
    averageForward(operand(inputs, 0), attributes.layout, adaptive(attributes.size), null),
  backward: (given, { node: { attributes } }) =>
    averageBackward(given, attributes.layout, adaptive(attributes.size), null),
};

const adaptiveMaxPool: OpRow<'adaptiveMaxPool'> = {
  forward: (inputs, { node: { attributes } }) =>
    maxForward(operand(inputs, 0), attributes.layout, adaptive(attributes.size)),
  backward: (given, { node }) => maxBackward(given, node.attributes.layout),
};

export const POOLING_ROWS = { maxPool, avgPool, adaptiveAvgPool, adaptiveMaxPool } satisfies OpRows;
