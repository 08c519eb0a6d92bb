import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import { axisOf, type Layer, type LayerRow } from '../layer';

const GAMMA = { entry: 'gamma_initializer', fallback: 'Ones' };
const BETA = { entry: 'beta_initializer', fallback: 'Zeros' };

/** Scale and offset as configured, each of `shape`. */
function affine(layer: Layer, shape: readonly number[]): { tensors: Tensor[]; scale: boolean; offset: boolean } {
  const scale = layer.config.flag('scale', true);
  const offset = layer.config.flag('center', true);
  const tensors = [
    ...(scale ? [layer.weight('gamma', shape, GAMMA)] : []),
    ...(offset ? [layer.weight('beta', shape, BETA)] : []),
  ];
  return { tensors, scale, offset };
}

const batchNormalisation: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const [given = -1, ...more] = layer.config.integers('axis', [-1]);
  if (more.length > 0) throw new Unreadable('unsupported', 'Batch normalisation over several axes is not supported.');
  const axis = axisOf(given, x);
  const shape = [x.shape[axis] ?? 1];
  const epsilon = layer.config.number('epsilon', 1e-3);
  const { tensors, scale, offset } = affine(layer, shape);
  const attributes = { axis, epsilon, scale, offset };
  if (layer.spec.trainable) return [layer.b.emit('batchNorm', attributes, [x, ...tensors], x.shape)];
  // A frozen batch normalisation uses its moving statistics, which start at mean 0 and variance 1.
  const mean = layer.b.constant([0], shape);
  const variance = layer.b.constant([1], shape);
  return [layer.b.emit('batchNormFixed', attributes, [x, mean, variance, ...tensors], x.shape)];
};

const layerNormalisation: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  if (layer.config.flag('rms_scaling', false))
    throw new Unreadable('unsupported', '`rms_scaling` of LayerNormalization is not supported; use RMSNormalization.');
  const axes = layer.config.integers('axis', [-1]).map((axis) => axisOf(axis, x));
  const shape = axes.map((axis) => x.shape[axis] ?? 1);
  const epsilon = layer.config.number('epsilon', 1e-3);
  const { tensors, scale, offset } = affine(layer, shape);
  return [layer.b.emit('layerNorm', { axes, epsilon, scale, offset }, [x, ...tensors], x.shape)];
};

const groupNormalisation: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const axis = axisOf(layer.config.integers('axis', [-1])[0] ?? -1, x);
  const channels = x.shape[axis] ?? 1;
  const [given = 32] = layer.config.integers('groups', [32]);
  const groups = given === -1 ? channels : given;
  if (groups < 1 || channels % groups !== 0)
    throw new Unreadable('shape-mismatch', `${channels} channels do not divide into ${groups} groups.`);
  const epsilon = layer.config.number('epsilon', 1e-3);
  const { tensors, scale, offset } = affine(layer, [channels]);
  return [layer.b.emit('groupNorm', { axis, groups, epsilon, scale, offset }, [x, ...tensors], x.shape)];
};

const rmsNormalisation: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const axes = layer.config.integers('axis', [-1]).map((axis) => axisOf(axis, x));
  const epsilon = layer.config.number('epsilon', 1e-6);
  const shape = axes.map((axis) => x.shape[axis] ?? 1);
  const scale = layer.weight('scale', shape, { entry: 'scale_initializer', fallback: 'Ones' });
  return [layer.b.emit('rmsNorm', { axes, epsilon, scale: true }, [x, scale], x.shape)];
};

/** x / sqrt(max(sum x^2, 1e-12)) along the axes. */
const unitNormalisation: LayerRow = (inputs, layer) => {
  const { b } = layer;
  const x = layer.single(inputs);
  const axes = layer.config.integers('axis', [-1]).map((axis) => axisOf(axis, x));
  const shape = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const squared = b.emit('sum', { axes, keepDims: true }, [b.same('square', x)], shape);
  const held = b.emit('maximum', {}, [squared, layer.scalar(1e-12)], shape);
  return [b.emit('mul', {}, [x, b.emit('rsqrt', {}, [held], shape)], x.shape)];
};

export const NORMALISATION_ROWS = {
  BatchNormalization: batchNormalisation,
  LayerNormalization: layerNormalisation,
  GroupNormalization: groupNormalisation,
  RMSNormalization: rmsNormalisation,
  UnitNormalization: unitNormalisation,
};
