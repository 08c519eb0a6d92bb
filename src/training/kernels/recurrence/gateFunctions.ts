import { sigmoid } from '../../ops/special';
import type { HeapBackend } from '../heap';

/** A gate's function over `size` floats at byte addresses. */
export interface GateFunction {
  apply(x: number, y: number, size: number): void;
  /** dx = dy * slope(x), from the input, so that a saturated gate's tiny slope is kept. */
  gradient(x: number, dy: number, dx: number, size: number): void;
  /** f(-x) = 1 - f(x), so that 1 - f(x) can be had without cancellation. */
  symmetric: boolean;
}

interface Rule {
  value: (x: number) => number;
  slope: (x: number) => number;
}

const hardSigmoid = (slope: number): Rule => ({
  value: (x) => Math.min(1, Math.max(0, slope * x + 0.5)),
  slope: (x) => (slope * x + 0.5 > 0 && slope * x + 0.5 < 1 ? slope : 0),
});

/** What has no kernel of its own, by the frameworks' names in lower case without underscores. */
const RULES: Record<string, Rule> = {
  relu: { value: (x) => (x > 0 ? x : 0), slope: (x) => (x > 0 ? 1 : 0) },
  linear: { value: (x) => x, slope: () => 1 },
  exponential: { value: Math.exp, slope: Math.exp },
  softsign: { value: (x) => x / (1 + Math.abs(x)), slope: (x) => 1 / (1 + Math.abs(x)) ** 2 },
  softplus: { value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: sigmoid },
  elu: { value: (x) => (x > 0 ? x : Math.expm1(x)), slope: (x) => (x > 0 ? 1 : Math.exp(x)) },
  silu: { value: (x) => x * sigmoid(x), slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)) },
};

const ALIASES: Record<string, string> = { swish: 'silu', none: 'linear' };

function byRule(backend: HeapBackend, { value, slope }: Rule, symmetric = false): GateFunction {
  const floats = (address: number, size: number): Float32Array =>
    new Float32Array(backend.heapMemory.buffer, address, size);
  return {
    symmetric,
    apply(x, y, size) {
      const [from, to] = [floats(x, size), floats(y, size)];
      for (let i = 0; i < size; i++) to[i] = value(from[i] ?? NaN);
    },
    gradient(x, dy, dx, size) {
      const [from, incoming, to] = [floats(x, size), floats(dy, size), floats(dx, size)];
      for (let i = 0; i < size; i++) to[i] = (incoming[i] ?? NaN) * slope(from[i] ?? NaN);
    },
  };
}

/** The function that a framework means by a name; throws for one that is not known. */
export function gateFunction(
  backend: HeapBackend,
  name: string,
  framework: 'pytorch' | 'keras' | 'tfjs',
): GateFunction {
  const plain = name.toLowerCase().replaceAll('_', '');
  const known = ALIASES[plain] ?? plain;
  const { kernels } = backend;
  if (known === 'sigmoid') return { apply: kernels.sigmoid, gradient: kernels.sigmoidGradient, symmetric: true };
  if (known === 'tanh') return { apply: kernels.tanh, gradient: kernels.tanhGradient, symmetric: false };
  if (known === 'hardsigmoid') return byRule(backend, hardSigmoid(framework === 'tfjs' ? 0.2 : 1 / 6), true);
  const rule = RULES[known];
  if (rule === undefined) throw new RangeError(`The activation '${name}' is not known in recurrent layers.`);
  return byRule(backend, rule);
}
