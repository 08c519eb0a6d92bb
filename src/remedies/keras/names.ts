import type { OpName } from '../../graph/ops';
import type { ActivationName, InitialiserName } from '../idea';

/** The packages under whose names Keras is imported. */
export const KERAS_ROOTS = ['keras', 'tensorflow', 'tf_keras'];

/** `tensorflow.keras.layers.Dense` as `keras.layers.Dense`; other names of TensorFlow stay. */
export function kerasPath(path: string): string {
  return path
    .replace(/^tensorflow\.(?:python\.|compat\.v[12]\.)?/, 'tensorflow.')
    .replace(/^(?:tensorflow\.keras|tf_keras)(?=\.|$)/, 'keras');
}

/** Names by which Keras and TensorFlow.js know activations as strings; Leaky ReLU is none in Keras 2 and TensorFlow.js. */
export const ACTIVATION_STRINGS: Record<ActivationName, string | null> = {
  relu: 'relu',
  leakyRelu: null,
  elu: 'elu',
  gelu: 'gelu',
  silu: 'swish',
  selu: 'selu',
};

/** Activations that saturate, and the exponential, as Keras and TensorFlow.js write them. */
const SATURATING: ReadonlySet<string> = new Set([
  ...['sigmoid', 'tanh', 'hard_sigmoid', 'hardSigmoid', 'hard_tanh', 'softsign', 'log_sigmoid', 'exponential'],
]);

const BY_OP: Partial<Record<OpName, ReadonlySet<string>>> = {
  relu: new Set(['relu']),
  softmax: new Set(['softmax']),
};

/** Names of what a remedy replaces where the model runs `op`. */
export const replaceable = (op: OpName): ReadonlySet<string> => BY_OP[op] ?? SATURATING;

/** Initialisers that are a string in Keras. */
export const INITIALISER_STRINGS: Partial<Record<InitialiserName, string>> = {
  he: 'he_normal',
  heUniform: 'he_uniform',
  lecun: 'lecun_normal',
};

/**
 * The others as a class of `keras.initializers` with its arguments. Glorot's uniform law with gain g is a scale of g^2 over the mean of fan-in and
 * fan-out: 5/3 for tanh, 4 for sigmoid, as in PyTorch's `calculate_gain` and for a slope of 1/4.
 */
export const INITIALISER_CALLS: Partial<
  Record<InitialiserName, { name: string; arguments: (quote: string) => string }>
> = {
  orthogonal: { name: 'Orthogonal', arguments: () => 'gain=2 ** 0.5' },
  glorotTanh: {
    name: 'VarianceScaling',
    arguments: (q) => `scale=25 / 9, mode=${q}fan_avg${q}, distribution=${q}uniform${q}`,
  },
  glorotSigmoid: {
    name: 'VarianceScaling',
    arguments: (q) => `scale=16, mode=${q}fan_avg${q}, distribution=${q}uniform${q}`,
  },
};

/** Arguments by which a layer of this class takes the initialiser of its weights. */
export function initialiserArguments(type: string): string[] {
  if (type.startsWith('Separable')) return ['depthwise_initializer', 'pointwise_initializer'];
  return [type.startsWith('Depthwise') ? 'depthwise_initializer' : 'kernel_initializer'];
}

/** Place of `activation` among the positional arguments of a layer's constructor, `self` left out; null where it has to be named. */
export function activationArgument(type: string): number | null {
  if (type === 'Activation') return 0;
  return type === 'Dense' ? 1 : null;
}
