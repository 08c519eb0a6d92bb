import {
  backend_util,
  Conv2D,
  type Conv2DAttrs,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  Conv3D,
  type Conv3DAttrs,
  Conv3DBackpropFilterV2,
  type Conv3DBackpropFilterV2Attrs,
  Conv3DBackpropInputV2,
  type Conv3DBackpropInputV2Attrs,
  DepthwiseConv2dNative,
  type DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { OpAttributes } from '../../graph/ops';
import { heap } from '../kernels/heap';
import { CONVOLUTION_ROWS } from '../ops/convolutions';
import { backward, forward, type OwnKernel, reshaped, seen } from './rowKernel';

type Layout = 'channelsFirst' | 'channelsLast';
type Pair = [number, number];

/** How tfjs describes a convolution, whichever of its three products is asked for. */
interface Attributes {
  strides: number | number[];
  pad: Conv2DAttrs['pad'];
  dilations?: number | number[];
  dataFormat?: 'NHWC' | 'NCHW' | 'NDHWC' | 'NCDHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** A convolution with x [N, ...] and filter [...kernel, in, out], or depthwise [...kernel, in, multiplier]. */
interface Convolution {
  attributes: OpAttributes<'conv'>;
  x: number[];
  /** The filter as our rows see it: [...kernel, in / groups, out]. */
  filter: number[];
  y: number[];
}

function describe(x: readonly number[], filter: readonly number[], own: Attributes, depthwise: boolean): Convolution {
  const layout: Layout = own.dataFormat?.startsWith('NC') === true ? 'channelsFirst' : 'channelsLast';
  const { stride, pads, dilation, y } =
    x.length === 5 ? inSpace([...x], [...filter], own, layout) : inPlane([...x], [...filter], own, layout, depthwise);
  const [inputs = 1, last = 1] = filter.slice(-2);
  const seenFilter = depthwise ? [...filter.slice(0, -2), 1, inputs * last] : [...filter];
  const groups = depthwise ? inputs : 1;
  const attributes = { stride, pads, dilation, groups, layout, weightLayout: 'kernelInOut' as const };
  return { attributes, x: [...x], filter: seenFilter, y };
}

interface Geometry {
  stride: number[];
  pads: Pair[];
  dilation: number[];
  y: number[];
}

function inPlane(x: number[], filter: number[], own: Attributes, layout: Layout, depthwise: boolean): Geometry {
  const info = backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    own.strides as Pair,
    (own.dilations ?? 1) as Pair,
    own.pad,
    own.dimRoundingMode,
    depthwise,
    layout,
  );
  const { top, bottom, left, right } = info.padInfo;
  return {
    stride: [info.strideHeight, info.strideWidth],
    pads: [
      [top, bottom],
      [left, right],
    ],
    dilation: [info.dilationHeight, info.dilationWidth],
    y: info.outShape,
  };
}

function inSpace(x: number[], filter: number[], own: Attributes, layout: Layout): Geometry {
  type Five = [number, number, number, number, number];
  const info = backend_util.computeConv3DInfo(
    x as Five,
    filter as Five,
    own.strides as [number, number, number],
    (own.dilations ?? 1) as [number, number, number],
    own.pad as 'same' | 'valid',
    false,
    layout,
  );
  const { front, back, top, bottom, left, right } = info.padInfo;
  return {
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    pads: [
      [front, back],
      [top, bottom],
      [left, right],
    ],
    dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    y: info.outShape,
  };
}

const { conv, convTranspose } = CONVOLUTION_ROWS;

function output(x: Tensor, filter: Tensor, own: Attributes, depthwise: boolean): Tensor {
  const { attributes, filter: shape, y } = describe(x.shape, filter.shape, own, depthwise);
  return forward({ op: 'conv', row: conv, attributes, output: y }, [x, seen(filter, shape)]);
}

/** The gradient of x is the transposed convolution of dy, to the shape of x. */
function inputGradient(dy: Tensor, filter: Tensor, x: readonly number[], own: Attributes, depthwise: boolean): Tensor {
  const { attributes, filter: shape } = describe(x, filter.shape, own, depthwise);
  const transposed = {
    ...attributes,
    outputPads: attributes.stride.map(() => 0),
    weightLayout: 'kernelOutIn' as const,
  };
  const call = { op: 'convTranspose' as const, row: convTranspose, attributes: transposed, output: x };
  return forward(call, [dy, seen(filter, shape)]);
}

function filterGradient(x: Tensor, dy: Tensor, filter: number[], own: Attributes, depthwise: boolean): Tensor {
  const { attributes, filter: shape, y } = describe(x.shape, filter, own, depthwise);
  const call = { op: 'conv' as const, row: conv, attributes, output: y };
  return reshaped(backward(call, { inputs: [x, heap().allocate(shape)], dy }, 1), filter);
}

/** The three products of one kind of convolution under tfjs' names. */
function three(names: readonly [string, string, string], depthwise: boolean): OwnKernel[] {
  const [ofOutput, ofInput, ofFilter] = names;
  return [
    {
      kernelName: ofOutput,
      run: (inputs, given) => {
        const attributes = given as Conv2DAttrs & Conv3DAttrs & DepthwiseConv2dNativeAttrs;
        return output(inputs.get('x'), inputs.get('filter'), attributes, depthwise);
      },
    },
    {
      kernelName: ofInput,
      run: (inputs, given) => {
        const attributes = given as Attributes &
          (Conv2DBackpropInputAttrs | Conv3DBackpropInputV2Attrs | DepthwiseConv2dNativeBackpropInputAttrs);
        return inputGradient(inputs.get('dy'), inputs.get('filter'), attributes.inputShape, attributes, depthwise);
      },
    },
    {
      kernelName: ofFilter,
      run: (inputs, given) => {
        const attributes = given as Attributes &
          (Conv2DBackpropFilterAttrs | Conv3DBackpropFilterV2Attrs | DepthwiseConv2dNativeBackpropFilterAttrs);
        return filterGradient(inputs.get('x'), inputs.get('dy'), attributes.filterShape, attributes, depthwise);
      },
    },
  ];
}

/** Convolutions over two and three dims, plain and depthwise, with both gradients, dilated or not. */
export const CONVOLUTION_KERNELS: readonly OwnKernel[] = [
  ...three([Conv2D, Conv2DBackpropInput, Conv2DBackpropFilter], false),
  ...three([Conv3D, Conv3DBackpropInputV2, Conv3DBackpropFilterV2], false),
  ...three([DepthwiseConv2dNative, DepthwiseConv2dNativeBackpropInput, DepthwiseConv2dNativeBackpropFilter], true),
];
