import type { ActivationName } from '../idea';

/** How PyTorch spells an activation as a layer, as a function and as a method of a tensor. */
export interface ActivationSpelling {
  /** Class below `torch.nn`, e.g. `ReLU`. */
  layer: string;
  /** Function below `torch.nn.functional`. */
  functional: string;
  /** Function below `torch` itself, where there is one. */
  torch: string | null;
  /** Method of a tensor, where there is one. */
  method: string | null;
}

/** Replacements on offer. */
export const ACTIVATIONS: Record<ActivationName, ActivationSpelling> = {
  relu: { layer: 'ReLU', functional: 'relu', torch: 'relu', method: 'relu' },
  leakyRelu: { layer: 'LeakyReLU', functional: 'leaky_relu', torch: null, method: null },
  elu: { layer: 'ELU', functional: 'elu', torch: null, method: null },
  gelu: { layer: 'GELU', functional: 'gelu', torch: null, method: null },
  silu: { layer: 'SiLU', functional: 'silu', torch: null, method: null },
  selu: { layer: 'SELU', functional: 'selu', torch: 'selu', method: null },
};

/** Layers that saturate: what their constructors and calls are named below `torch.nn`, `torch.nn.functional` and `torch`. */
const SATURATING_LAYERS: ReadonlySet<string> = new Set([
  'Sigmoid',
  'Tanh',
  'Hardtanh',
  'Hardsigmoid',
  'Softsign',
  'LogSigmoid',
]);
const SATURATING_CALLS: ReadonlySet<string> = new Set([
  'sigmoid',
  'tanh',
  'hardtanh',
  'hardsigmoid',
  'softsign',
  'logsigmoid',
]);

/** True for `torch.nn.Sigmoid` and its like (also below `torch.nn.modules.activation`). */
export function isSaturatingLayer(path: string | null): boolean {
  return path?.startsWith('torch.nn.') === true && SATURATING_LAYERS.has(path.slice(path.lastIndexOf('.') + 1));
}

/** True for `torch.tanh`, `torch.nn.functional.sigmoid` and their like. */
export function isSaturatingFunction(path: string | null): boolean {
  return path !== null && SATURATING_CALLS.has(path.slice(path.lastIndexOf('.') + 1));
}

/** True for the methods `x.sigmoid()` and `x.tanh()`. */
export function isSaturatingMethod(name: string): boolean {
  return name === 'sigmoid' || name === 'tanh';
}
