import { channelsOf, imageShape, layoutOf, spatialOf, windowOf } from '../geometry';
import { batchOf, type LayerRow } from '../layer';

const pool =
  (dims: number, kind: 'max' | 'average'): LayerRow =>
  (inputs, layer) => {
    const { config, b } = layer;
    const x = layer.single(inputs, dims + 2);
    const layout = layoutOf(config.text('data_format', 'channels_last'));
    const kernel = config.counts('pool_size', dims, 2);
    const stride = config.has('strides') ? config.counts('strides', dims) : kernel;
    const dilation = kernel.map(() => 1);
    const { pads, sizes } = windowOf(
      config.text('padding', 'valid'),
      spatialOf(x.shape, layout),
      kernel,
      stride,
      dilation,
    );
    const shape = imageShape(batchOf(x), channelsOf(x.shape, layout), sizes, layout);
    if (kind === 'max') return [b.emit('maxPool', { kernel, stride, pads, dilation, layout }, [x], shape)];
    // TensorFlow leaves the pads out of the average.
    const ceilPads = kernel.map(() => 0);
    return [b.emit('avgPool', { kernel, stride, pads, layout, countPads: false, divisor: null, ceilPads }, [x], shape)];
  };

const globalPool =
  (dims: number, op: 'max' | 'mean'): LayerRow =>
  (inputs, layer) => {
    const x = layer.single(inputs, dims + 2);
    const layout = layoutOf(layer.config.text('data_format', 'channels_last'));
    const keepDims = layer.config.flag('keepdims', false);
    const axes = Array.from({ length: dims }, (_, i) => i + (layout === 'channelsFirst' ? 2 : 1));
    const kept = x.shape.flatMap((n, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [n]));
    return [layer.b.emit(op, { axes, keepDims }, [x], kept)];
  };

export const POOLING_ROWS = {
  MaxPooling1D: pool(1, 'max'),
  MaxPooling2D: pool(2, 'max'),
  MaxPooling3D: pool(3, 'max'),
  AveragePooling1D: pool(1, 'average'),
  AveragePooling2D: pool(2, 'average'),
  AveragePooling3D: pool(3, 'average'),
  GlobalAveragePooling1D: globalPool(1, 'mean'),
  GlobalAveragePooling2D: globalPool(2, 'mean'),
  GlobalAveragePooling3D: globalPool(3, 'mean'),
  GlobalMaxPooling1D: globalPool(1, 'max'),
  GlobalMaxPooling2D: globalPool(2, 'max'),
  GlobalMaxPooling3D: globalPool(3, 'max'),
};
