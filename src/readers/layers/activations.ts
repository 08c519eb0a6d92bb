import type { GraphBuilder, Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import { Config } from './config';
import { type Dialect, hardSigmoidSlope } from './dialect';

type Apply = (b: GraphBuilder, x: Tensor, dialect: Dialect) => Tensor;

const last = (x: Tensor) => Math.max(0, x.shape.length - 1);
const clip =
  (min: number, max: number): Apply =>
  (b, x) =>
    b.emit('clip', { min, max }, [x], x.shape);

/** One row an activation, by its name in lower case without underscores. Formulas: keras.activations. */
const ACTIVATIONS: Readonly<Record<string, Apply>> = {
  linear: (_, x) => x,
  relu: (b, x) => b.same('relu', x),
  relu6: clip(0, 6),
  leakyrelu: (b, x) => b.emit('leakyRelu', { slope: 0.2 }, [x], x.shape),
  sigmoid: (b, x) => b.same('sigmoid', x),
  hardsigmoid: (b, x, dialect) =>
    b.emit('hardSigmoid', { slope: hardSigmoidSlope(dialect), offset: 0.5 }, [x], x.shape),
  tanh: (b, x) => b.same('tanh', x),
  hardtanh: clip(-1, 1),
  tanhshrink: (b, x) => b.emit('tanhShrink', {}, [x], x.shape),
  elu: (b, x) => b.emit('elu', { alpha: 1 }, [x], x.shape),
  celu: (b, x) => b.emit('celu', { alpha: 1 }, [x], x.shape),
  selu: (b, x) => b.same('selu', x),
  softplus: (b, x) => b.emit('softPlus', { beta: 1, threshold: 20 }, [x], x.shape),
  softsign: (b, x) => b.emit('softSign', {}, [x], x.shape),
  softshrink: (b, x) => b.emit('softShrink', { lambda: 0.5 }, [x], x.shape),
  hardshrink: (b, x) => b.emit('hardShrink', { lambda: 0.5 }, [x], x.shape),
  silu: (b, x) => b.same('silu', x),
  hardsilu: (b, x) => b.emit('hardSwish', {}, [x], x.shape),
  mish: (b, x) => b.emit('mish', {}, [x], x.shape),
  gelu: (b, x) => b.emit('gelu', { approximate: 'none' }, [x], x.shape),
  gelunew: (b, x) => b.emit('gelu', { approximate: 'tanh' }, [x], x.shape),
  exponential: (b, x) => b.same('exp', x),
  logsigmoid: (b, x) => b.emit('logSigmoid', {}, [x], x.shape),
  softmax: (b, x) => b.emit('softmax', { axis: last(x) }, [x], x.shape),
  logsoftmax: (b, x) => b.emit('logSoftmax', { axis: last(x) }, [x], x.shape),
};

const ALIASES: Readonly<Record<string, string>> = { swish: 'silu', hardswish: 'hardsilu', none: 'linear' };

/** The activation's own name: a string, or the name inside a serialised function. */
export function activationName(given: unknown): string {
  if (given === undefined || given === null) return 'linear';
  const name = typeof given === 'string' ? given : serialisedName(given);
  const known = name.toLowerCase().replaceAll('_', '');
  const canonical = ALIASES[known] ?? known;
  if (ACTIVATIONS[canonical] === undefined)
    throw new Unreadable(
      'unknown-activation',
      `The activation \`${name}\` is not one of the framework's own, so its slope is not known. Name a built-in one, such as relu.`,
    );
  return canonical;
}

/** `{class_name: "function", config: "my_relu"}` of Keras 3, `{class_name: "ReLU", config: {...}}` of Keras 2. */
function serialisedName(given: unknown): string {
  const config = Config.of(given);
  const inner = config.raw('config');
  return typeof inner === 'string' ? inner : config.text('class_name');
}

export function applyActivation(b: GraphBuilder, given: unknown, x: Tensor, dialect: Dialect): Tensor {
  const apply = ACTIVATIONS[activationName(given)];
  return apply === undefined ? x : apply(b, x, dialect);
}
