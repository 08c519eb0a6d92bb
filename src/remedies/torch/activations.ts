import type { OpName } from '../../graph/ops';
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

/** Layers that a remedy replaces, by the op that they run; functions and methods have the same names in small letters. */
const REPLACEABLE: Partial<Record<OpName, readonly string[]>> = {
  sigmoid: ['Sigmoid'],
  tanh: ['Tanh'],
  hardSigmoid: ['Hardsigmoid'],
  softSign: ['Softsign'],
  logSigmoid: ['LogSigmoid'],
  clip: ['Hardtanh', 'ReLU6'],
  relu: ['ReLU'],
};

/** True for `torch.nn.Sigmoid` and its like (also below `torch.nn.modules.activation`) that run `op`. */
export function isReplaceableLayer(path: string | null, op: OpName): boolean {
  return path?.startsWith('torch.nn.') === true && namesOf(op).includes(lastOf(path));
}

/** True for `torch.tanh`, `torch.nn.functional.sigmoid` and their like that run `op`. */
export function isReplaceableFunction(path: string | null, op: OpName): boolean {
  return path !== null && isReplaceableMethod(lastOf(path), op);
}

/** True for the name of the methods `x.sigmoid()` and `x.tanh()` where they run `op`. */
export function isReplaceableMethod(name: string, op: OpName): boolean {
  return namesOf(op).some((layer) => layer.toLowerCase() === name);
}

const namesOf = (op: OpName) => REPLACEABLE[op] ?? [];
const lastOf = (path: string) => path.slice(path.lastIndexOf('.') + 1);
