import { scalarToNumber } from '../../graph/scalar';
import { above, below, pieced, tailed } from './piecewise';
import { onKernel, plain, pointwise } from './pointwise';
import type { OpRow, OpRows } from './row';
import { normalCumulative, sigmoid, softPlus } from './special';

/** Klambauer et al. 2017. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;
/** sqrt(2 / pi), from the tanh form of GELU (Hendrycks & Gimpel 2016). */
const GELU_ROOT = 0.7978845608028654;
const GELU_CUBE = 0.044715;

/** tanh(softplus(x)), by e^-|x| so that neither end overflows or cancels. */
function mishGate(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x > 0 ? (1 + 2 * e) / (1 + 2 * e + 2 * e * e) : (e * e + 2 * e) / (e * e + 2 * e + 2);
}

/** d mishGate / dx = sech^2(softplus(x)) sigmoid(x), with sech^2 = 4 q / (q + 1)^2 and q = (1 + e^x)^2. */
function mishGateSlope(x: number): number {
  const e = Math.exp(-Math.abs(x));
  const q = (1 + e) * (1 + e);
  const root = x > 0 ? q + e * e : q + 1;
  return ((4 * q) / (root * root)) * sigmoid(x) * (x > 0 ? e * e : 1);
}

const GELU_BY_ERF = onKernel<'gelu'>('gelu', (x) => x * normalCumulative(x));

/** 0.5 (1 + tanh u) = sigmoid(2 u) */
const GELU_BY_TANH = onKernel<'gelu'>('geluTanh', (x) => x * sigmoid(2 * GELU_ROOT * (x + GELU_CUBE * x * x * x)));

const geluRow = (approximate: 'none' | 'tanh'): OpRow<'gelu'> => (approximate === 'tanh' ? GELU_BY_TANH : GELU_BY_ERF);

/**
 * Activations. Slopes are computed from the input, so that a saturated unit's tiny slope is not lost where 1 - y would be
 * zero. At a kink the slope is PyTorch's.
 */
export const ACTIVATION_ROWS = {
  relu: onKernel<'relu'>('relu', (x) => Math.max(0, x), 'output'),
  leakyRelu: pieced<'leakyRelu'>(({ slope }) => ({
    low: 0,
    lines: [
      [slope, 0],
      [1, 0],
      [1, 0],
    ],
  })),
  elu: tailed<'elu'>(({ alpha }) => [1, alpha, 1]),
  celu: tailed<'celu'>(({ alpha }) => [1, alpha, alpha]),
  selu: tailed<'selu'>(() => [SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1]),
  gelu: {
    forward: (inputs, context) => geluRow(context.node.attributes.approximate).forward(inputs, context),
    backward: (given, context) => geluRow(context.node.attributes.approximate).backward?.(given, context) ?? [null],
  },
  silu: onKernel<'silu'>('silu', (x) => x * sigmoid(x)),
  mish: plain<'mish'>(
    (x) => x * mishGate(x),
    (x) => mishGate(x) + x * mishGateSlope(x),
  ),
  sigmoid: onKernel<'sigmoid'>('sigmoid', sigmoid),
  logSigmoid: plain<'logSigmoid'>(
    (x) => -softPlus(-x),
    (x) => sigmoid(-x),
  ),
  hardSigmoid: pieced<'hardSigmoid'>(({ slope, offset }) => ({
    low: -offset / slope,
    high: (1 - offset) / slope,
    lines: [
      [0, 0],
      [slope, offset],
      [0, 1],
    ],
  })),
  hardSwish: plain<'hardSwish'>(
    (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
    (x) => (x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1),
  ),
  tanh: onKernel<'tanh'>('tanh', Math.tanh),
  tanhShrink: plain<'tanhShrink'>(
    // The series where x - tanh x would cancel.
    (x) => (Math.abs(x) < 0.01 ? (x * x * x) / 3 - (2 * x ** 5) / 15 + (17 * x ** 7) / 315 : x - Math.tanh(x)),
    (x) => Math.tanh(x) ** 2,
  ),
  softPlus: pointwise<'softPlus'>(({ beta, threshold }) => ({
    value: (x) => (beta * x > threshold ? x : softPlus(beta * x) / beta),
    slope: (x) => (beta * x > threshold ? 1 : sigmoid(beta * x)),
  })),
  softSign: plain<'softSign'>(
    (x) => x / (1 + Math.abs(x)),
    (x) => 1 / (1 + Math.abs(x)) ** 2,
  ),
  softShrink: pieced<'softShrink'>(({ lambda }) => ({
    low: below(-lambda),
    high: above(lambda),
    lines: [
      [1, lambda],
      [0, 0],
      [1, -lambda],
    ],
  })),
  hardShrink: pieced<'hardShrink'>(({ lambda }) => ({
    low: below(-lambda),
    high: above(lambda),
    lines: [
      [1, 0],
      [0, 0],
      [1, 0],
    ],
  })),
  threshold: pieced<'threshold'>(({ threshold, value }) => ({
    low: threshold,
    lines: [
      [0, value],
      [1, 0],
      [1, 0],
    ],
  })),
  /** At a bound the slope is 0, as PyTorch's ReLU6 and Hardtanh have it (its `clamp` says 1). */
  clip: pieced<'clip'>(({ min, max }) => {
    const [from, high] = [Math.fround(scalarToNumber(min)), Math.fround(scalarToNumber(max))];
    // Where the bounds are the wrong way round the upper one wins.
    const low = Math.min(from, high);
    return {
      low,
      high,
      lines: [
        [0, low],
        [1, 0],
        [0, high],
      ],
    };
  }, 'output'),
} satisfies OpRows;
