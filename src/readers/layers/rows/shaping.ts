import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { channelsOf, imageShape, type Layout, layoutOf, type Pad, spatialOf } from '../geometry';
import { batchOf, type Layer, type LayerRow, sizeOf } from '../layer';

const flatten: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const size = sizeOf(x.shape.slice(1));
  if (layer.config.text('data_format', 'channels_last') === 'channels_first' && x.shape.length > 2) {
    // Keras turns the channels to the end first, so that both layouts flatten to the same order.
    const order = [0, ...x.shape.map((_, i) => i).slice(2), 1];
    return [layer.b.reshape(layer.b.permute(x, order), [batchOf(x), size])];
  }
  return [layer.b.reshape(x, [batchOf(x), size])];
};

const reshape: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const target = layer.config.integersOrNull('target_shape').map((n) => n ?? -1);
  const size = sizeOf(x.shape.slice(1));
  const known = sizeOf(target.filter((n) => n !== -1));
  const open = target.filter((n) => n === -1).length;
  const free = open === 1 ? size / known : 1;
  if (open > 1 || !Number.isInteger(free) || known * free !== size)
    throw new Unreadable(
      'shape-mismatch',
      `[${x.shape.slice(1).join(', ')}] (${size} elements) cannot be reshaped to [${target.join(', ')}].`,
    );
  return [layer.b.reshape(x, [batchOf(x), ...target.map((n) => (n === -1 ? free : n))])];
};

const permute: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const order = [0, ...layer.config.integers('dims')];
  if (order.toSorted((a, b) => a - b).some((n, i) => n !== i) || order.length !== x.shape.length)
    throw new Unreadable('bad-argument', `\`dims\` must name each of the ${x.shape.length - 1} dims once, from 1.`);
  return [layer.b.permute(x, order)];
};

const repeatVector: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs, 2);
  const n = layer.config.count('n');
  const [batch = 1, features = 1] = x.shape;
  return [layer.b.emit('broadcast', {}, [layer.b.reshape(x, [batch, 1, features])], [batch, n, features])];
};

/** `padding` and `cropping` spell n, [a, b] or [[a, b], [c, d]]; in one dim [a, b] means before and after. */
function margins(layer: Layer, entry: string, dims: number): Pad[] {
  const given = layer.config.raw(entry) ?? 1;
  const list: unknown[] = Array.isArray(given) ? given : Array.from({ length: dims }, () => given);
  const rows = dims === 1 && list.length === 2 ? [list] : list;
  const found = rows.map((row): Pad | null => {
    const [before, after] = (Array.isArray(row) ? row : [row, row]) as unknown[];
    return typeof before === 'number' && typeof after === 'number' && before >= 0 && after >= 0
      ? [before, after]
      : null;
  });
  const pads = found.filter((pad) => pad !== null);
  if (pads.length === dims && found.length === dims) return pads;
  throw new Unreadable('bad-argument', `\`${entry}\` is ${JSON.stringify(given)}; it must give ${dims} dim(s).`);
}

const margin =
  (entry: 'padding' | 'cropping', dims: number): LayerRow =>
  (inputs, layer) => {
    const x = layer.single(inputs, dims + 2);
    const layout = layoutOf(layer.config.text('data_format', 'channels_last'));
    const sign = entry === 'padding' ? 1 : -1;
    const pads = margins(layer, entry, dims).map(([a, b]): Pad => [a === 0 ? 0 : sign * a, b === 0 ? 0 : sign * b]);
    const sizes = spatialOf(x.shape, layout).map((n, i) => n + (pads[i]?.[0] ?? 0) + (pads[i]?.[1] ?? 0));
    if (sizes.some((n) => n < 1))
      throw new Unreadable('shape-mismatch', `Nothing is left of [${x.shape.join(', ')}] after cropping.`);
    const shape = imageShape(batchOf(x), channelsOf(x.shape, layout), sizes, layout);
    const none: Pad = [0, 0];
    const all = layout === 'channelsFirst' ? [none, none, ...pads] : [none, ...pads, none];
    return [layer.b.emit('pad', { pads: all, mode: 'constant', value: 0 }, [x], shape)];
  };

function resized(layer: Layer, x: Tensor, layout: Layout, size: number[], interpolation: string): Tensor {
  const shape = imageShape(batchOf(x), channelsOf(x.shape, layout), size, layout);
  if (interpolation === 'nearest')
    return layer.b.emit(
      'resize',
      { size, mode: 'nearest', coordinates: 'asymmetric', scale: null, layout },
      [x],
      shape,
    );
  if (interpolation === 'bilinear') {
    // TF.js' resizeBilinear without halfPixelCenters maps back by floor(i * scale).
    const coordinates = layer.dialect === 'tfjs' ? 'asymmetric' : 'halfPixel';
    return layer.b.emit('resize', { size, mode: 'linear', coordinates, scale: null, layout }, [x], shape);
  }
  throw new Unreadable('unsupported', `Interpolation '${interpolation}' is not supported; use nearest or bilinear.`);
}

const upSampling =
  (dims: number): LayerRow =>
  (inputs, layer) => {
    const x = layer.single(inputs, dims + 2);
    const layout = layoutOf(layer.config.text('data_format', 'channels_last'));
    const factors = layer.config.counts('size', dims, 2);
    const size = spatialOf(x.shape, layout).map((n, i) => n * (factors[i] ?? 1));
    return [resized(layer, x, layout, size, layer.config.text('interpolation', 'nearest'))];
  };

const resizing: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs, 4);
  if (layer.config.flag('crop_to_aspect_ratio', false) || layer.config.flag('pad_to_aspect_ratio', false))
    throw new Unreadable('unsupported', 'Resizing that keeps the aspect ratio is not supported.');
  const layout = layoutOf(layer.config.text('data_format', 'channels_last'));
  const size = [layer.config.count('height'), layer.config.count('width')];
  return [resized(layer, x, layout, size, layer.config.text('interpolation', 'bilinear'))];
};

export const SHAPING_ROWS = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  RepeatVector: repeatVector,
  ZeroPadding1D: margin('padding', 1),
  ZeroPadding2D: margin('padding', 2),
  ZeroPadding3D: margin('padding', 3),
  Cropping1D: margin('cropping', 1),
  Cropping2D: margin('cropping', 2),
  Cropping3D: margin('cropping', 3),
  UpSampling1D: upSampling(1),
  UpSampling2D: upSampling(2),
  UpSampling3D: upSampling(3),
  Resizing: resizing,
};
