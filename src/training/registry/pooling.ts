import {
  AvgPool,
  AvgPool3D,
  AvgPool3DGrad,
  type AvgPool3DAttrs,
  AvgPoolGrad,
  backend_util,
  MaxPool,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolGrad,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { POOLING_ROWS } from '../ops/pooling';
import { backward, forward, forwardSaving, type OwnKernel } from './rowKernel';

/** How tfjs describes a pool, whichever kind. */
type Attributes = Omit<AvgPool3DAttrs, 'dataFormat'> & Partial<Pick<AvgPool3DAttrs, 'dataFormat'>>;

interface Pool {
  kernel: number[];
  stride: number[];
  pads: [number, number][];
  layout: 'channelsFirst' | 'channelsLast';
  y: number[];
}

function inPlane(x: number[], { filterSize, strides, pad, dimRoundingMode }: Attributes): Pool {
  type Four = [number, number, number, number];
  const sizes = [filterSize, strides].map((size) => size as number | [number, number]);
  const [size = 1, steps = 1] = sizes;
  const info = backend_util.computePool2DInfo(x as Four, size, steps, 1, pad, dimRoundingMode);
  const { top, bottom, left, right } = info.padInfo;
  return {
    kernel: [info.filterHeight, info.filterWidth],
    stride: [info.strideHeight, info.strideWidth],
    pads: [
      [top, bottom],
      [left, right],
    ],
    layout: 'channelsLast',
    y: info.outShape,
  };
}

function inSpace(x: number[], { filterSize, strides, pad, dimRoundingMode, dataFormat }: Attributes): Pool {
  type Five = [number, number, number, number, number];
  const info = backend_util.computePool3DInfo(
    x as Five,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
    dataFormat ?? 'NDHWC',
  );
  const { front, back, top, bottom, left, right } = info.padInfo;
  return {
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    pads: [
      [front, back],
      [top, bottom],
      [left, right],
    ],
    layout: dataFormat === 'NCDHW' ? 'channelsFirst' : 'channelsLast',
    y: info.outShape,
  };
}

const describe = (x: Tensor, given: object): Pool =>
  (x.shape.length === 5 ? inSpace : inPlane)(x.shape, given as Attributes);

function largest(x: Tensor, given: object) {
  const { y, ...pool } = describe(x, given);
  const attributes = { ...pool, dilation: pool.kernel.map(() => 1) };
  return { op: 'maxPool' as const, row: POOLING_ROWS.maxPool, attributes, output: y };
}

/** The largest places are sought again, since tfjs hands on the values alone. */
function largestGradient(dy: Tensor, x: Tensor, given: object): Tensor {
  const call = largest(x, given);
  const { output, saved } = forwardSaving(call, [x]);
  return backward(call, { inputs: [x], outputs: [output], saved, dy }, 0);
}

/** The mean of the cells that lie inside the image. */
function mean(x: Tensor, given: object) {
  const { y, ...pool } = describe(x, given);
  const attributes = { ...pool, countPads: false, divisor: null, ceilPads: pool.kernel.map(() => 0) };
  return { op: 'avgPool' as const, row: POOLING_ROWS.avgPool, attributes, output: y };
}

function largestOf(ofOutput: string, ofInput: string): OwnKernel[] {
  return [
    {
      kernelName: ofOutput,
      run: (inputs, given) => forward(largest(inputs.get('x'), given), [inputs.get('x')]),
    },
    {
      kernelName: ofInput,
      run: (inputs, given) => largestGradient(inputs.get('dy'), inputs.get('input'), given),
    },
  ];
}

function meanOf(ofOutput: string, ofInput: string): OwnKernel[] {
  return [
    { kernelName: ofOutput, run: (inputs, given) => forward(mean(inputs.get('x'), given), [inputs.get('x')]) },
    {
      kernelName: ofInput,
      run: (inputs, given) => {
        const x = inputs.get('input');
        return backward(mean(x, given), { inputs: [x], dy: inputs.get('dy') }, 0);
      },
    },
  ];
}

/**
 * Of tfjs' own, the largest of a window without a positive value and its gradient are wrong on WASM, and the gradient of a mean
 * divides by the whole window where part of it lies outside the image, on every backend.
 */
export const POOLING_KERNELS: readonly OwnKernel[] = [
  ...largestOf(MaxPool, MaxPoolGrad),
  ...largestOf(MaxPool3D, MaxPool3DGrad),
  ...meanOf(AvgPool, AvgPoolGrad),
  ...meanOf(AvgPool3D, AvgPool3DGrad),
];
