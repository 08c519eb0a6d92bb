import { Unreadable } from '../../unreadable';
import { axisOf, type LayerRow } from '../layer';

const activation: LayerRow = (inputs, layer) => [layer.activate(layer.single(inputs))];

/** max(x, 0) up to `max_value`, with a slope below `threshold`. */
const relu: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const { config, b } = layer;
  if (config.number('threshold', 0) !== 0)
    throw new Unreadable('unsupported', 'ReLU with a `threshold` is not supported.');
  const slope = config.number('negative_slope', 0);
  const limit = config.has('max_value') ? config.number('max_value') : null;
  if (limit !== null && slope === 0) return [b.emit('clip', { min: 0, max: limit }, [x], x.shape)];
  const y = slope === 0 ? b.same('relu', x) : b.emit('leakyRelu', { slope }, [x], x.shape);
  return [limit === null ? y : b.emit('minimum', {}, [y, layer.scalar(limit)], x.shape)];
};

/** Keras 3 calls the slope `negative_slope`, Keras 2 and TF.js `alpha`; all default to 0.3. */
const leakyRelu: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const slope = layer.config.number('negative_slope', layer.config.number('alpha', 0.3));
  return [layer.b.emit('leakyRelu', { slope }, [x], x.shape)];
};

const elu: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  return [layer.b.emit('elu', { alpha: layer.config.number('alpha', 1) }, [x], x.shape)];
};

const prelu: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const shared = layer.config.has('shared_axes') ? layer.config.integers('shared_axes') : [];
  const shape = x.shape.slice(1).map((n, i) => (shared.includes(i + 1) ? 1 : n));
  const slope = layer.weight('alpha', shape, { entry: 'alpha_initializer', fallback: 'Zeros' });
  return [layer.b.emit('prelu', {}, [x, slope], x.shape)];
};

/** x where x > theta, else 0. */
const thresholdedRelu: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  return [layer.b.emit('threshold', { threshold: layer.config.number('theta', 1), value: 0 }, [x], x.shape)];
};

const softmax: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const [axis = -1, ...more] = layer.config.integers('axis', [-1]);
  if (more.length > 0) throw new Unreadable('unsupported', 'Softmax over several axes is not supported.');
  return [layer.b.emit('softmax', { axis: axisOf(axis, x) }, [x], x.shape)];
};

export const ACTIVATING_ROWS = {
  Activation: activation,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  ELU: elu,
  PReLU: prelu,
  ThresholdedReLU: thresholdedRelu,
  Softmax: softmax,
};
