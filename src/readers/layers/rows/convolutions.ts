import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { defaultKernel } from '../dialect';
import { channelsOf, imageShape, type Layout, layoutOf, type Pad, spatialOf, windowOf } from '../geometry';
import { batchOf, type Layer, type LayerRow } from '../layer';

interface Geometry {
  x: Tensor;
  layout: Layout;
  channels: number;
  spatial: readonly number[];
  kernel: number[];
  stride: number[];
  dilation: number[];
  padding: string;
}

function geometryOf(inputs: readonly Tensor[], layer: Layer, dims: number): Geometry {
  const { config } = layer;
  const x = layer.single(inputs, dims + 2);
  const layout = layoutOf(config.text('data_format', 'channels_last'));
  return {
    x,
    layout,
    channels: channelsOf(x.shape, layout),
    spatial: spatialOf(x.shape, layout),
    kernel: config.counts('kernel_size', dims),
    stride: config.counts('strides', dims, 1),
    dilation: config.counts('dilation_rate', dims, 1),
    padding: config.text('padding', 'valid'),
  };
}

const biasOf = (layer: Layer, channels: number): Tensor[] =>
  layer.config.flag('use_bias', true)
    ? [layer.weight('bias', [channels], { entry: 'bias_initializer', fallback: 'Zeros' })]
    : [];

function convolve(
  layer: Layer,
  { x, layout, spatial, kernel, stride, dilation, padding }: Geometry,
  operands: readonly Tensor[],
  groups: number,
  filters: number,
): Tensor {
  const { pads, sizes } = windowOf(padding, spatial, kernel, stride, dilation);
  return layer.b.emit(
    'conv',
    { stride, pads, dilation, groups, layout, weightLayout: 'kernelInOut' },
    [x, ...operands],
    imageShape(batchOf(x), filters, sizes, layout),
  );
}

/** Kernel [...kernel, in / groups, filters]. */
const conv =
  (dims: number): LayerRow =>
  (inputs, layer) => {
    const geometry = geometryOf(inputs, layer, dims);
    const filters = layer.config.count('filters');
    const groups = layer.config.count('groups', 1);
    if (geometry.channels % groups !== 0 || filters % groups !== 0)
      throw new Unreadable(
        'shape-mismatch',
        `${geometry.channels} channels and ${filters} filters do not divide into ${groups} groups.`,
      );
    const kernel = layer.weight('kernel', [...geometry.kernel, geometry.channels / groups, filters], {
      entry: 'kernel_initializer',
      fallback: defaultKernel(layer.dialect),
    });
    return [layer.activate(convolve(layer, geometry, [kernel, ...biasOf(layer, filters)], groups, filters))];
  };

/** A depthwise kernel [...kernel, in, multiplier] is a grouped one [...kernel, 1, in * multiplier]: the same elements in the same order. */
function depthwiseKernel(
  layer: Layer,
  { kernel, channels }: Geometry,
  role: string,
  fallback = defaultKernel(layer.dialect),
): [Tensor, number] {
  const multiplier = layer.config.count('depth_multiplier', 1);
  const weight = layer.weight(role, [...kernel, channels, multiplier], {
    entry: 'depthwise_initializer',
    fallback,
  });
  return [layer.b.reshape(weight, [...kernel, 1, channels * multiplier]), channels * multiplier];
}

const depthwise =
  (dims: number): LayerRow =>
  (inputs, layer) => {
    const geometry = geometryOf(inputs, layer, dims);
    const role = layer.dialect === 'keras3' ? 'kernel' : 'depthwise_kernel';
    const [kernel, filters] = depthwiseKernel(layer, geometry, role);
    return [layer.activate(convolve(layer, geometry, [kernel, ...biasOf(layer, filters)], geometry.channels, filters))];
  };

/** Separable convolutions start with this in TensorFlow.js too, where all other kernels start with Glorot's normal. */
const SEPARABLE_KERNEL = 'GlorotUniform';

const separable =
  (dims: number): LayerRow =>
  (inputs, layer) => {
    const geometry = geometryOf(inputs, layer, dims);
    const filters = layer.config.count('filters');
    const [kernel, between] = depthwiseKernel(layer, geometry, 'depthwise_kernel', SEPARABLE_KERNEL);
    const ones = geometry.kernel.map(() => 1);
    const pointwise = layer.weight('pointwise_kernel', [...ones, between, filters], {
      entry: 'pointwise_initializer',
      fallback: SEPARABLE_KERNEL,
    });
    const filtered = convolve(layer, geometry, [kernel], geometry.channels, between);
    const mix: Geometry = {
      ...geometry,
      x: filtered,
      spatial: spatialOf(filtered.shape, geometry.layout),
      kernel: ones,
      stride: ones,
      dilation: ones,
    };
    return [layer.activate(convolve(layer, mix, [pointwise, ...biasOf(layer, filters)], 1, filters))];
  };

/**
 * Output length and pads of Keras' transposed convolution (`compute_conv_transpose_output_length`), as the gradient of the
 * convolution that leads from the output back to the input.
 */
function transposed(n: number, reach: number, stride: number, padding: string, extra: number | null) {
  const full = (n - 1) * stride + reach;
  const same = padding.toLowerCase() === 'same';
  const length =
    extra === null
      ? n * stride + (same ? 0 : Math.max(0, reach - stride))
      : full - (same ? 2 * Math.floor(reach / 2) : 0) + extra;
  const total = Math.max(0, full - length);
  const pad: Pad = [Math.floor(total / 2), Math.ceil(total / 2)];
  return { length, pad, outputPad: Math.max(0, length - full) };
}

/** Kernel [...kernel, filters, in]. */
const convTranspose =
  (dims: number): LayerRow =>
  (inputs, layer) => {
    const { x, layout, channels, spatial, kernel, stride, dilation, padding } = geometryOf(inputs, layer, dims);
    const filters = layer.config.count('filters');
    const extras = layer.config.has('output_padding') ? layer.config.counts('output_padding', dims, 0, 0) : null;
    const weight = layer.weight('kernel', [...kernel, filters, channels], {
      entry: 'kernel_initializer',
      fallback: defaultKernel(layer.dialect),
    });
    const plan = spatial.map((n, i) => {
      const reach = ((kernel[i] ?? 1) - 1) * (dilation[i] ?? 1) + 1;
      return transposed(n, reach, stride[i] ?? 1, padding, extras?.[i] ?? null);
    });
    const attributes = {
      stride,
      pads: plan.map(({ pad }) => pad),
      outputPads: plan.map(({ outputPad }) => outputPad),
      dilation,
      groups: 1,
      layout,
      weightLayout: 'kernelOutIn' as const,
    };
    const sizes = plan.map(({ length }) => length);
    const y = layer.b.emit(
      'convTranspose',
      attributes,
      [x, weight, ...biasOf(layer, filters)],
      imageShape(batchOf(x), filters, sizes, layout),
    );
    return [layer.activate(y)];
  };

export const CONVOLUTION_ROWS = {
  Conv1D: conv(1),
  Conv2D: conv(2),
  Conv3D: conv(3),
  Convolution1D: conv(1),
  Convolution2D: conv(2),
  Convolution3D: conv(3),
  DepthwiseConv1D: depthwise(1),
  DepthwiseConv2D: depthwise(2),
  SeparableConv1D: separable(1),
  SeparableConv2D: separable(2),
  SeparableConvolution2D: separable(2),
  Conv1DTranspose: convTranspose(1),
  Conv2DTranspose: convTranspose(2),
  Conv3DTranspose: convTranspose(3),
};
