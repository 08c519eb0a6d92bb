import { scalarToNumber } from '../../graph/scalar';
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

const elu = (alpha: number) => ({
  value: (x: number) => (x > 0 ? x : alpha * Math.expm1(x)),
  slope: (x: number) => (x > 0 ? 1 : alpha * Math.exp(x)),
});

const GELU_BY_ERF = onKernel<'gelu'>('gelu', (x) => x * normalCumulative(x));

/** 0.5 (1 + tanh u) = sigmoid(2 u) */
const GELU_BY_TANH = onKernel<'gelu'>('geluTanh', (x) => x * sigmoid(2 * GELU_ROOT * (x + GELU_CUBE * x * x * x)));

const geluRow = (approximate: 'none' | 'tanh'): OpRow<'gelu'> => (approximate === 'tanh' ? GELU_BY_TANH : GELU_BY_ERF);

/**
 * Activations. Slopes are computed from the input, so that a saturated unit's tiny slope is not lost where 1 - y would be
 * zero. At a kink the slope is PyTorch's.
 */
export const ACTIVATION_ROWS = {
  relu: onKernel<'relu'>('relu', (x) => Math.max(0, x)),
  leakyRelu: pointwise<'leakyRelu'>(({ slope }) => ({
    value: (x) => (x > 0 ? x : slope * x),
    slope: (x) => (x > 0 ? 1 : slope),
  })),
  elu: pointwise<'elu'>(({ alpha }) => elu(alpha)),
  celu: pointwise<'celu'>(({ alpha }) => ({
    value: (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha)),
    slope: (x) => (x > 0 ? 1 : Math.exp(x / alpha)),
  })),
  selu: plain<'selu'>(
    (x) => SELU_SCALE * elu(SELU_ALPHA).value(x),
    (x) => SELU_SCALE * elu(SELU_ALPHA).slope(x),
  ),
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
  hardSigmoid: pointwise<'hardSigmoid'>(({ slope, offset }) => ({
    value: (x) => Math.min(1, Math.max(0, slope * x + offset)),
    slope: (x) => (slope * x + offset > 0 && slope * x + offset < 1 ? slope : 0),
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
  softShrink: pointwise<'softShrink'>(({ lambda }) => ({
    value: (x) => (x > lambda ? x - lambda : x < -lambda ? x + lambda : 0),
    slope: (x) => (x > lambda || x < -lambda ? 1 : 0),
  })),
  hardShrink: pointwise<'hardShrink'>(({ lambda }) => ({
    value: (x) => (x >= -lambda && x <= lambda ? 0 : x),
    slope: (x) => (x >= -lambda && x <= lambda ? 0 : 1),
  })),
  threshold: pointwise<'threshold'>(({ threshold, value }) => ({
    value: (x) => (x <= threshold ? value : x),
    slope: (x) => (x <= threshold ? 0 : 1),
  })),
  /** At a bound the slope is 0, as PyTorch's ReLU6 and Hardtanh have it (its `clamp` says 1). */
  clip: pointwise<'clip'>(({ min, max }) => {
    const [low, high] = [scalarToNumber(min), scalarToNumber(max)];
    return { value: (x) => Math.min(high, Math.max(low, x)), slope: (x) => (x <= low || x >= high ? 0 : 1) };
  }),
} satisfies OpRows;
