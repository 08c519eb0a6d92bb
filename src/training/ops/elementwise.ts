import { operand } from '../kernels/rows';
import { plain, undifferentiated } from './pointwise';
import type { OpRows } from './row';
import { erf, erfSlope } from './special';
import { alias, allocateOutput, elements } from './tensors';

/** To the nearest whole number, halves to the even one (NumPy, PyTorch, TensorFlow). */
function roundToEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest < 0.5 || (rest === 0.5 && low % 2 === 0)) return low;
  return rest >= 0.5 ? low + 1 : x;
}

/** Functions of one value that are not activations. Steps (`floor` and kin) have gradient zero, as in PyTorch. */
export const ELEMENTWISE_ROWS = {
  identity: {
    forward: (inputs) => ({ outputs: [alias(operand(inputs, 0))] }),
    backward: ({ outputGradients: [dy] }) => [dy ? alias(dy) : null],
  },
  detach: {
    forward: (inputs) => ({ outputs: [alias(operand(inputs, 0))] }),
    backward: null,
  },
  cast: {
    forward(inputs, { inputValues: [from], outputValues }) {
      const x = operand(inputs, 0);
      const [to] = outputValues;
      if (from?.dtype === to?.dtype) return { outputs: [alias(x)] };
      const y = allocateOutput(outputValues);
      const [source, target] = [elements(x), elements(y)];
      // Storing into an int32 array cuts the fraction off, as a cast does.
      if (to?.dtype === 'bool') source.forEach((v, i) => (target[i] = v === 0 ? 0 : 1));
      else target.set(source);
      return { outputs: [y] };
    },
    backward: ({ outputGradients: [dy], wanted }) => [dy && wanted[0] === true ? alias(dy) : null],
  },

  neg: plain<'neg'>(
    (x) => -x,
    () => -1,
  ),
  abs: plain<'abs'>(Math.abs, (x) => Math.sign(x)),
  sign: plain<'sign'>(Math.sign, null),
  exp: plain<'exp'>(Math.exp, Math.exp),
  expm1: plain<'expm1'>(Math.expm1, Math.exp),
  log: plain<'log'>(Math.log, (x) => 1 / x),
  log1p: plain<'log1p'>(Math.log1p, (x) => 1 / (1 + x)),
  sqrt: plain<'sqrt'>(Math.sqrt, (x) => 0.5 / Math.sqrt(x)),
  rsqrt: plain<'rsqrt'>(
    (x) => 1 / Math.sqrt(x),
    (x) => -0.5 / (x * Math.sqrt(x)),
  ),
  square: plain<'square'>(
    (x) => x * x,
    (x) => 2 * x,
  ),
  reciprocal: plain<'reciprocal'>(
    (x) => 1 / x,
    (x) => -1 / (x * x),
  ),
  sin: plain<'sin'>(Math.sin, Math.cos),
  cos: plain<'cos'>(Math.cos, (x) => -Math.sin(x)),
  tan: plain<'tan'>(Math.tan, (x) => 1 / Math.cos(x) ** 2),
  asin: plain<'asin'>(Math.asin, (x) => 1 / Math.sqrt((1 - x) * (1 + x))),
  acos: plain<'acos'>(Math.acos, (x) => -1 / Math.sqrt((1 - x) * (1 + x))),
  atan: plain<'atan'>(Math.atan, (x) => 1 / (1 + x * x)),
  sinh: plain<'sinh'>(Math.sinh, Math.cosh),
  cosh: plain<'cosh'>(Math.cosh, Math.sinh),
  erf: plain<'erf'>(erf, erfSlope),
  floor: plain<'floor'>(Math.floor, null),
  ceil: plain<'ceil'>(Math.ceil, null),
  round: plain<'round'>(roundToEven, null),
  logicalNot: undifferentiated<'logicalNot'>((x) => (x === 0 ? 1 : 0)),
  isNan: undifferentiated<'isNan'>((x) => (Number.isNaN(x) ? 1 : 0)),
} satisfies OpRows;
