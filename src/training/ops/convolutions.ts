import type { Tensor } from '@tensorflow/tfjs-core';
import { convolve, type ConvolutionShape, three } from '../kernels/convolution';
import { patches, type PatchShape, patchesAdjoint } from '../kernels/patches';
import { heap } from '../kernels/heap';
import { kernelFirst, kernelLast, toChannelsFirst, toChannelsLast } from '../kernels/layout';
import { channelSums } from '../kernels/matrix';
import { backwardScope, forwardScope, operand, product } from '../kernels/rows';
import type { BackwardArguments, OpRow, OpRows, RowContext } from './row';
import { zeros } from './tensors';

type Layout = 'channelsFirst' | 'channelsLast';

const first = (x: Tensor, layout: Layout): Tensor => (layout === 'channelsLast' ? toChannelsFirst(x) : x);
const back = (y: Tensor, layout: Layout): Tensor => (layout === 'channelsLast' ? toChannelsLast(y) : y);

/** [N, channels, ...spatial] of a shape in the given layout. */
function firstShape(shape: readonly number[], layout: Layout): number[] {
  const [batch = 1, ...rest] = shape;
  if (layout === 'channelsFirst') return [batch, ...rest];
  return [batch, rest.at(-1) ?? 1, ...rest.slice(0, -1)];
}

interface Geometry {
  stride: readonly number[];
  pads: readonly (readonly [number, number])[];
  dilation: readonly number[];
  groups: number;
}

/** The convolution from a tensor of shape `x` to one of shape `y` (channels first) with kernel [outputs, inputs/groups, ...k]. */
function shapeOf(x: readonly number[], w: readonly number[], y: readonly number[], own: Geometry): ConvolutionShape {
  const pad = own.pads.map(([before]) => before);
  return {
    batch: x[0] ?? 1,
    inputs: x[1] ?? 1,
    outputs: y[1] ?? 1,
    groups: own.groups,
    image: three(x.slice(2), 1),
    kernel: three(w.slice(2), 1),
    stride: three(own.stride, 1),
    pad: three(pad, 0),
    dilation: three(own.dilation, 1),
    output: three(y.slice(2), 1),
  };
}

/** Adds a bias per channel to y [N, C, ...spatial] in place. */
function addBias(y: Tensor, bias: Tensor | undefined): void {
  if (bias === undefined) return;
  const [batch = 1, channels = 1, ...spatial] = y.shape;
  const backend = heap();
  backend.kernels.addChannels(backend.address(y), backend.address(bias), batch, channels, product(spatial));
}

/** Sum of dy [N, C, ...spatial] over all but the channels. */
function biasGradient(dy: Tensor, shape: number[]): Tensor {
  const [batch = 1, channels = 1, ...spatial] = dy.shape;
  return channelSums(heap(), dy, [batch, channels, product(spatial)], shape);
}

function run(
  shape: ConvolutionShape,
  direction: 'forward' | 'input' | 'kernel',
  x: Tensor,
  w: Tensor,
  y: Tensor,
): void {
  const backend = heap();
  convolve(backend, shape, direction, { x: backend.address(x), w: backend.address(w), y: backend.address(y) });
}

const outputShape = (context: RowContext<'conv' | 'convTranspose'>, layout: Layout): number[] =>
  firstShape(context.outputValues[0]?.shape ?? [], layout);

/** Convolution over one to three spatial dims (Dumoulin and Visin 2016). */
const conv: OpRow<'conv'> = {
  forward: (inputs, context) =>
    forwardScope(() => {
      const { layout, weightLayout, ...geometry } = context.node.attributes;
      const x = first(operand(inputs, 0), layout);
      const w = weightLayout === 'kernelInOut' ? kernelFirst(operand(inputs, 1)) : operand(inputs, 1);
      const y = heap().allocate(outputShape(context, layout));
      run(shapeOf(x.shape, w.shape, y.shape, geometry), 'forward', x, w, y);
      addBias(y, inputs[2]);
      return { outputs: [back(y, layout)] };
    }),

  backward: (given, { node }) => {
    const { layout, weightLayout, ...geometry } = node.attributes;
    const last = weightLayout === 'kernelInOut';
    return gradients(given, layout, last, (dy, x, w) => {
      return { shape: shapeOf(x, w, dy, geometry), forward: false };
    });
  },
};

/** The adjoint of `conv` with respect to its input, with x in the place of that conv's output. */
const convTranspose: OpRow<'convTranspose'> = {
  forward: (inputs, context) =>
    forwardScope(() => {
      const { layout, weightLayout, ...geometry } = context.node.attributes;
      const x = first(operand(inputs, 0), layout);
      const w = weightLayout === 'kernelOutIn' ? kernelFirst(operand(inputs, 1)) : operand(inputs, 1);
      const y = zeros(outputShape(context, layout));
      run(shapeOf(y.shape, w.shape, x.shape, geometry), 'input', y, w, x);
      addBias(y, inputs[2]);
      return { outputs: [back(y, layout)] };
    }),

  backward: (given, { node }) => {
    const { layout, weightLayout, ...geometry } = node.attributes;
    const last = weightLayout === 'kernelOutIn';
    return gradients(given, layout, last, (dy, x, w) => {
      return { shape: shapeOf(dy, w, x, geometry), forward: true };
    });
  },
};

interface Adjoint {
  shape: ConvolutionShape;
  /** Whether the gradient of x is a convolution of dy (true) or its adjoint. */
  forward: boolean;
}

/** Gradients of x, w and bias; conv and convTranspose differ only in which side of the convolution dy stands. */
function gradients(
  given: BackwardArguments,
  layout: Layout,
  kernelIsLast: boolean,
  adjoint: (dy: number[], x: number[], w: number[]) => Adjoint,
): (Tensor | null)[] {
  return backwardScope(given, (gradient) => {
    const dy = first(gradient, layout);
    const x = first(operand(given.inputs, 0), layout);
    const w = kernelIsLast ? kernelFirst(operand(given.inputs, 1)) : operand(given.inputs, 1);
    const { shape, forward } = adjoint(dy.shape, x.shape, w.shape);
    return given.inputs.map((input, index) => {
      if (given.wanted[index] !== true) return null;
      if (index === 2) return biasGradient(dy, input.shape);
      const result = zeros(index === 0 ? x.shape : w.shape);
      if (index === 0) {
        if (forward) run(shape, 'forward', dy, w, result);
        else run(shape, 'input', result, w, dy);
        return back(result, layout);
      }
      if (forward) run(shape, 'kernel', dy, result, x);
      else run(shape, 'kernel', x, result, dy);
      return kernelIsLast ? kernelLast(result) : result;
    });
  });
}

/** Patches as columns, [N, C * taps, L] (torch.nn.Unfold). */
const unfold: OpRow<'unfold'> = {
  forward: ([x], context) =>
    forwardScope(() => ({ outputs: [patches(operand([x ?? null], 0), patchShape(context, x))] })),
  backward: (given, context) =>
    backwardScope(given, (dy) => [
      patchesAdjoint(dy, patchShape(context, given.inputs[0]), operand(given.inputs, 0).shape),
    ]),
};

/** Patches added up to an image: the adjoint of `unfold` (torch.nn.Fold). */
const fold: OpRow<'fold'> = {
  forward: ([x], context) =>
    forwardScope(() => {
      const shape = [...(context.outputValues[0]?.shape ?? [])];
      return { outputs: [patchesAdjoint(operand([x ?? null], 0), patchShape(context, { shape }), shape)] };
    }),
  backward: (given, context) => backwardScope(given, (dy) => [patches(dy, patchShape(context, { shape: dy.shape }))]),
};

function patchShape(
  { node }: RowContext<'unfold' | 'fold'>,
  image: { shape: readonly number[] } | undefined,
): PatchShape {
  const { kernel, stride, pads, dilation } = node.attributes;
  const size = (image?.shape ?? []).slice(2);
  const output = size.map((length, i) => {
    const [before, after] = pads[i] ?? [0, 0];
    const reach = (dilation[i] ?? 1) * ((kernel[i] ?? 1) - 1) + 1;
    return Math.floor((length + before + after - reach) / (stride[i] ?? 1)) + 1;
  });
  return {
    image: three(size, 1),
    kernel: three(kernel, 1),
    stride: three(stride, 1),
    pad: three(
      pads.map(([before]) => before),
      0,
    ),
    dilation: three(dilation, 1),
    output: three(output, 1),
  };
}

export const CONVOLUTION_ROWS = { conv, convTranspose, unfold, fold } satisfies OpRows;
