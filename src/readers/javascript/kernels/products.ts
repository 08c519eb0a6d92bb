import type { Tensor } from '../../graphBuilder';
import { windowOf } from '../../layers/geometry';
import { broadcastShape } from '../../layers/rows/merging';
import { activated } from './elementwise';
import type { KernelCall, KernelRow } from './kernelCall';

const biased = (call: KernelCall, x: Tensor): Tensor => {
  const bias = call.optional('bias');
  const sum = bias ? call.b.emit('add', {}, [x, bias], broadcastShape(x.shape, bias.shape)) : x;
  return activated(call, sum);
};

const matmul: KernelRow = (call) => {
  const attributes = {
    transposeA: call.config.flag('transposeA', false),
    transposeB: call.config.flag('transposeB', false),
  };
  const y = call.b.emit('matmul', attributes, [call.input('a'), call.input('b')], call.shape);
  return [call.kernel === '_FusedMatMul' ? biased(call, y) : y];
};

interface Sliding {
  stride: number[];
  dilation: number[];
  pads: [number, number][];
}

/** 'same' and 'valid' as everywhere in TensorFlow; a number pads all sides alike. */
function sliding(call: KernelCall, spatial: readonly number[], kernel: readonly number[]): Sliding {
  const dims = spatial.length;
  const stride = call.numbers('strides', dims);
  const dilation = call.attributes['dilations'] === undefined ? spatial.map(() => 1) : call.numbers('dilations', dims);
  const pad = call.attributes['pad'];
  if (typeof pad === 'number') return { stride, dilation, pads: spatial.map(() => [pad, pad]) };
  if (typeof pad !== 'string') throw call.refusal();
  return { stride, dilation, pads: windowOf(pad, spatial, kernel, stride, dilation).pads };
}

const layout = 'channelsLast' as const;

function isChannelsLast(call: KernelCall): boolean {
  const format = call.attributes['dataFormat'] ?? 'NHWC';
  return format === 'NHWC' || format === 'NDHWC';
}

const conv =
  (depthwise: boolean): KernelRow =>
  (call) => {
    const [x, filter] = [call.input('x'), call.input('filter')];
    if (!isChannelsLast(call)) throw call.refusal();
    const dims = x.shape.length - 2;
    const kernel = filter.shape.slice(0, dims);
    const [inner = 1, outer = 1] = filter.shape.slice(dims);
    const groups = depthwise ? inner : (x.shape.at(-1) ?? 1) / inner;
    if (!Number.isInteger(groups)) throw call.refusal();
    const weight = depthwise ? call.b.reshape(filter, [...kernel, 1, inner * outer]) : filter;
    const { stride, dilation, pads } = sliding(call, x.shape.slice(1, -1), kernel);
    const attributes = { stride, pads, dilation, groups, layout, weightLayout: 'kernelInOut' as const };
    const y = call.b.emit('conv', attributes, [x, weight], call.shape);
    return [call.kernel.startsWith('Fused') ? biased(call, y) : y];
  };

/** `tf.conv2dTranspose`: the gradient of the convolution that leads from its output back to its input. */
const backpropInput: KernelRow = (call) => {
  const [x, filter] = [call.input('dy'), call.input('filter')];
  if (!isChannelsLast(call)) throw call.refusal();
  const kernel = filter.shape.slice(0, -2);
  const out = call.shape.slice(1, -1);
  const { stride, dilation, pads } = sliding(call, out, kernel);
  const outputPads = out.map((n, i) => {
    const [before, after] = pads[i] ?? [0, 0];
    return n - (((x.shape[i + 1] ?? 1) - 1) * (stride[i] ?? 1) + (kernel[i] ?? 1) - before - after);
  });
  if (outputPads.some((n) => n < 0)) throw call.refusal();
  const attributes = { stride, pads, outputPads, dilation, groups: 1, layout, weightLayout: 'kernelOutIn' as const };
  return [call.b.emit('convTranspose', attributes, [x, filter], call.shape)];
};

const pool =
  (kind: 'max' | 'average'): KernelRow =>
  (call) => {
    const { b, x, shape } = call;
    if (!isChannelsLast(call)) throw call.refusal();
    const spatial = x.shape.slice(1, -1);
    const kernel = call.numbers('filterSize', spatial.length);
    const { stride, pads } = sliding(call, spatial, kernel);
    const dilation = kernel.map(() => 1);
    if (kind === 'max') return [b.emit('maxPool', { kernel, stride, pads, dilation, layout }, [x], shape)];
    const ceilPads = kernel.map(() => 0);
    return [b.emit('avgPool', { kernel, stride, pads, layout, countPads: false, divisor: null, ceilPads }, [x], shape)];
  };

const einsum: KernelRow = (call) => {
  const equation = call.config.text('equation').replaceAll(' ', '');
  return [call.b.emit('einsum', { equation }, call.inputs, call.shape)];
};

/** `tf.batchNorm` with the statistics that it is given: (x - mean) / sqrt(variance + epsilon) * scale + offset. */
const batchNorm: KernelRow = (call) => {
  const { b, shape } = call;
  const x = call.input('x');
  const epsilon = b.constant([call.config.number('varianceEpsilon', 0.001)], []);
  const variance = call.input('variance');
  const inverse = b.emit('rsqrt', {}, [b.emit('add', {}, [variance, epsilon], variance.shape)], variance.shape);
  const centred = b.emit('sub', {}, [x, call.input('mean')], shape);
  const normal = b.emit('mul', {}, [centred, inverse], shape);
  const scale = call.optional('scale');
  const offset = call.optional('offset');
  const scaled = scale ? b.emit('mul', {}, [normal, scale], shape) : normal;
  return [offset ? b.emit('add', {}, [scaled, offset], shape) : scaled];
};

export const PRODUCT_KERNELS: Readonly<Record<string, KernelRow>> = {
  BatchMatMul: matmul,
  _FusedMatMul: matmul,
  Conv2D: conv(false),
  FusedConv2D: conv(false),
  Conv3D: conv(false),
  DepthwiseConv2dNative: conv(true),
  FusedDepthwiseConv2D: conv(true),
  Conv2DBackpropInput: backpropInput,
  Conv3DBackpropInputV2: backpropInput,
  MaxPool: pool('max'),
  AvgPool: pool('average'),
  MaxPool3D: pool('max'),
  AvgPool3D: pool('average'),
  Einsum: einsum,
  FusedBatchNorm: batchNorm,
};
