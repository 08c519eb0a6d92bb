import type { Tensor } from '../../graphBuilder';
import { layoutOf } from '../geometry';
import type { Layer, LayerRow } from '../layer';

const identity: LayerRow = (inputs) => [...inputs];

function drop(layer: Layer, x: Tensor, sharedAxes: number[], alpha = false): Tensor {
  const rate = layer.config.number('rate', 0.5);
  if (rate <= 0) return x;
  return layer.b.emit('dropout', { rate, sharedAxes, alpha, draw: layer.b.nextDraw() }, [x], x.shape);
}

const dropout: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const noise = layer.config.has('noise_shape') ? layer.config.integersOrNull('noise_shape') : [];
  const shared = noise.flatMap((n, axis) => (n === 1 && (x.shape[axis] ?? 1) !== 1 ? [axis] : []));
  return [drop(layer, x, shared)];
};

/** Whole channels are dropped. */
const spatialDropout: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const first = layoutOf(layer.config.text('data_format', 'channels_last')) === 'channelsFirst' ? 2 : 1;
  const shared = x.shape.slice(2).map((_, i) => i + first);
  return [drop(layer, x, shared)];
};

const alphaDropout: LayerRow = (inputs, layer) => [drop(layer, layer.single(inputs), [], true)];

function noise(layer: Layer, x: Tensor, deviation: number): Tensor {
  const normal = layer.b.emit('random', { distribution: 'normal', draw: layer.b.nextDraw() }, [], x.shape);
  return layer.b.emit('mul', {}, [normal, layer.scalar(deviation)], x.shape);
}

/** x + N(0, stddev^2) */
const gaussianNoise: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  return [layer.b.emit('add', {}, [x, noise(layer, x, layer.config.number('stddev', 0.1))], x.shape)];
};

/** x * N(1, rate / (1 - rate)) */
const gaussianDropout: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const rate = layer.config.number('rate', 0.5);
  if (rate <= 0 || rate >= 1) return [x];
  const factor = layer.b.emit('add', {}, [noise(layer, x, Math.sqrt(rate / (1 - rate))), layer.scalar(1)], x.shape);
  return [layer.b.emit('mul', {}, [x, factor], x.shape)];
};

/** Data augmentation acts on the drawn inputs alone, which are random already. */
const augmentation: LayerRow = (inputs, layer) => {
  layer.b.guess(
    `${layer.spec.className} is passed over: the inputs drawn for the measurement are random.`,
    layer.spec.spanOf('name'),
  );
  return [layer.single(inputs)];
};

/** No step of an input that is drawn from a normal distribution is the mask's value throughout: nothing is left out. */
const masking: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const input = layer.b.inputAt(x);
  if (input?.kind !== 'float' || input.high !== undefined)
    layer.b.guess(
      'Masked time steps are not looked at: the sequences drawn for the measurement count as full.',
      layer.spec.spanOf('mask_value'),
    );
  return [x];
};

/** (x - mean) / sqrt(variance) with the figures that were measured on the data: what it gives is what is drawn here. */
const standardisation: LayerRow = (inputs, layer) => {
  layer.b.guess(
    'Normalization is passed over: the inputs drawn for the measurement have mean 0 and variance 1 already.',
    layer.spec.spanOf('name'),
  );
  return [layer.single(inputs)];
};

/** x * scale + offset */
const rescaling: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const scaled = layer.b.emit('mul', {}, [x, layer.scalar(layer.config.number('scale'))], x.shape);
  const offset = layer.config.number('offset', 0);
  return [offset === 0 ? scaled : layer.b.emit('add', {}, [scaled, layer.scalar(offset)], x.shape)];
};

export const REGULARISATION_ROWS = {
  Dropout: dropout,
  SpatialDropout1D: spatialDropout,
  SpatialDropout2D: spatialDropout,
  SpatialDropout3D: spatialDropout,
  AlphaDropout: alphaDropout,
  GaussianNoise: gaussianNoise,
  GaussianDropout: gaussianDropout,
  ActivityRegularization: identity,
  Identity: identity,
  Masking: masking,
  Rescaling: rescaling,
  Normalization: standardisation,
  RandomFlip: augmentation,
  RandomRotation: augmentation,
  RandomZoom: augmentation,
  RandomTranslation: augmentation,
  RandomContrast: augmentation,
  RandomBrightness: augmentation,
  RandomHue: augmentation,
  RandomSaturation: augmentation,
  RandomSharpness: augmentation,
  RandomGrayscale: augmentation,
  RandomInvert: augmentation,
  RandomPosterization: augmentation,
  RandomColorJitter: augmentation,
  RandomColorDegeneration: augmentation,
  RandomErasing: augmentation,
  RandomElasticTransform: augmentation,
  RandomGaussianBlur: augmentation,
  RandomPerspective: augmentation,
  RandomShear: augmentation,
  RandAugment: augmentation,
  AugMix: augmentation,
  AutoContrast: augmentation,
  Equalization: augmentation,
  Solarization: augmentation,
};
