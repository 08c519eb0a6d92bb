import type { Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import type { Activation } from './scope';

const clip =
  (min: number, max: number): Activation =>
  (b, x) =>
    b.emit('clip', { min, max }, [x], x.shape);

/** One row an activation of torch.nn, with its first argument or PyTorch's default. */
const ACTIVATIONS: Readonly<Record<string, (argument: number | null) => Activation>> = {
  SiLU: () => (b, x) => b.same('silu', x),
  ReLU: () => (b, x) => b.same('relu', x),
  ReLU6: () => clip(0, 6),
  LeakyReLU: (slope) => (b, x) => b.emit('leakyRelu', { slope: slope ?? 0.01 }, [x], x.shape),
  ELU: (alpha) => (b, x) => b.emit('elu', { alpha: alpha ?? 1 }, [x], x.shape),
  CELU: (alpha) => (b, x) => b.emit('celu', { alpha: alpha ?? 1 }, [x], x.shape),
  SELU: () => (b, x) => b.same('selu', x),
  GELU: () => (b, x) => b.emit('gelu', { approximate: 'none' }, [x], x.shape),
  Mish: () => (b, x) => b.emit('mish', {}, [x], x.shape),
  Sigmoid: () => (b, x) => b.same('sigmoid', x),
  Hardsigmoid: () => (b, x) => b.emit('hardSigmoid', { slope: 1 / 6, offset: 0.5 }, [x], x.shape),
  Hardswish: () => (b, x) => b.emit('hardSwish', {}, [x], x.shape),
  Hardtanh: () => clip(-1, 1),
  Tanh: () => (b, x) => b.same('tanh', x),
  Softplus: () => (b, x) => b.emit('softPlus', { beta: 1, threshold: 20 }, [x], x.shape),
  Softsign: () => (b, x) => b.emit('softSign', {}, [x], x.shape),
  Identity: () => (_, x) => x,
};

/** An activation of torch.nn by its class name; null for a class that is none. */
export function activationOf(name: string, argument: number | null): Activation | null {
  return Object.hasOwn(ACTIVATIONS, name) ? (ACTIVATIONS[name]?.(argument) ?? null) : null;
}

/** The value of `activation:`, such as `nn.LeakyReLU(0.1)`. */
export function parseActivation(text: string): Activation {
  const call =
    /^\s*(?:torch\.)?nn\.(\w+)\s*\(\s*(?:(?:\w+\s*=\s*)?(-?[\d.]+(?:e-?\d+)?)|inplace\s*=\s*\w+)?\s*\)\s*$/.exec(text);
  const activation = call?.[1] ? activationOf(call[1], call[2] === undefined ? null : Number(call[2])) : null;
  if (activation === null)
    throw new Unreadable(
      'unknown-activation',
      `\`${text.slice(0, 60)}\` is not an activation that can be read here. Write it as nn.SiLU(), nn.LeakyReLU(0.1) or the like.`,
    );
  return activation;
}

export const silu: Activation = (b, x: Tensor) => b.same('silu', x);
export const relu: Activation = (b, x: Tensor) => b.same('relu', x);
