import type { Framework } from '../../graph/graph';

/**
 * Whose layers a file means: they share names and differ in figures. `keras2` is tf.keras up to 2.15, `keras3` the
 * multi-backend Keras, `tfjs` TensorFlow.js' layers.
 */
export type Dialect = 'keras2' | 'keras3' | 'tfjs';

export const frameworkOf = (dialect: Dialect): Framework => (dialect === 'tfjs' ? 'tfjs' : 'keras');

/** Slope of hard sigmoid, clip(slope x + 0.5, 0, 1): Keras 3 follows PyTorch, the others the original Keras. */
export const hardSigmoidSlope = (dialect: Dialect): number => (dialect === 'keras3' ? 1 / 6 : 0.2);

/** Initialiser of kernels where the configuration names none. */
export const defaultKernel = (dialect: Dialect): string => (dialect === 'tfjs' ? 'GlorotNormal' : 'GlorotUniform');

/** Gate activation of LSTM and GRU where the configuration names none. */
export const defaultGate = (dialect: Dialect): string => (dialect === 'tfjs' ? 'hard_sigmoid' : 'sigmoid');

/** Whether the forget gate's bias starts at one unasked: in Keras it does, in TensorFlow.js 4.22 only where `unitForgetBias` is set. */
export const defaultForgetBias = (dialect: Dialect): boolean => dialect !== 'tfjs';
