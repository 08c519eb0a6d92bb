import type { OpName } from '../../graph/ops';
import type { ActivationName, InitialiserName } from '../idea';

/** Names by which TensorFlow.js knows activations as strings; it has no string for Leaky ReLU. */
export const ACTIVATIONS: Record<ActivationName, string | null> = {
  relu: 'relu',
  leakyRelu: null,
  elu: 'elu',
  gelu: 'gelu',
  silu: 'swish',
  selu: 'selu',
};

/** Functions and methods of tensors that can stand for a saturating one. */
export const FUNCTIONS: ReadonlySet<string> = new Set(['relu', 'elu', 'selu', 'sigmoid']);

const SATURATING: ReadonlySet<string> = new Set([
  ...['sigmoid', 'tanh', 'hardSigmoid', 'hard_sigmoid', 'softsign', 'exponential'],
]);

const BY_OP: Partial<Record<OpName, ReadonlySet<string>>> = {
  relu: new Set(['relu']),
  softmax: new Set(['softmax']),
};

/** Names of what a remedy replaces where the model runs `op`. */
export const replaceable = (op: OpName): ReadonlySet<string> => BY_OP[op] ?? SATURATING;

/** Initialisers that are a string. */
export const INITIALISERS: Partial<Record<InitialiserName, string>> = {
  he: 'heNormal',
  heUniform: 'heUniform',
  lecun: 'leCunNormal',
};

/** The others as a call of `tf.initializers`; Glorot's uniform law with gain g is a scale of g^2 over the mean of fan-in and fan-out. */
export const INITIALISER_CALLS: Partial<
  Record<InitialiserName, { name: string; arguments: (quote: string) => string }>
> = {
  orthogonal: { name: 'orthogonal', arguments: () => '{ gain: Math.SQRT2 }' },
  glorotTanh: {
    name: 'varianceScaling',
    arguments: (q) => `{ scale: 25 / 9, mode: ${q}fanAvg${q}, distribution: ${q}uniform${q} }`,
  },
  glorotSigmoid: {
    name: 'varianceScaling',
    arguments: (q) => `{ scale: 16, mode: ${q}fanAvg${q}, distribution: ${q}uniform${q} }`,
  },
};

/** Properties by which a layer of this class takes the initialiser of its weights. */
export function initialiserProperties(type: string): string[] {
  if (type.startsWith('Separable')) return ['depthwiseInitializer', 'pointwiseInitializer'];
  return [type.startsWith('Depthwise') ? 'depthwiseInitializer' : 'kernelInitializer'];
}
