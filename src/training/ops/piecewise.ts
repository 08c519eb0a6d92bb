import type { OpAttributes, OpName } from '../../graph/ops';
import { heap } from '../kernels/heap';
import { operand } from '../kernels/rows';
import { pointwise, type Pointwise } from './pointwise';
import type { OpRow } from './row';
import { allocateFloats } from './tensors';

type Line = readonly [slope: number, offset: number];

/** Three straight lines: the first where x <= low, the last where x >= high, the second between. */
interface Pieces {
  low: number;
  /** Infinite if left off. */
  high?: number;
  lines: readonly [Line, Line, Line];
}

/** The float32 next to x, which need not be one itself, on the far side of it. */
function beyond(x: number, step: 1 | -1): number {
  const float = Float32Array.of(x);
  const bits = new Int32Array(float.buffer);
  while (step * (float[0] ?? NaN) <= step * x) {
    if (float[0] === 0) float[0] = step * 2 ** -149;
    else bits[0] = (bits[0] ?? 0) + ((float[0] ?? 0) > 0 ? step : -step);
  }
  return float[0] ?? NaN;
}

/** The largest float32 that is smaller than x. */
export const below = (x: number): number => beyond(x, -1);
/** The smallest float32 that is larger than x. */
export const above = (x: number): number => beyond(x, 1);

/** An edge as a float32 with the same order to every other float32. */
const rounded = (edge: number, step: 1 | -1): number => (Math.fround(edge) === edge ? edge : beyond(edge, step));

/**
 * Row of an activation made of straight lines; operands that are not float have no gradient. `slopeFrom`: the output will do
 * where it lies on the same piece as its input.
 */
export function pieced<O extends OpName>(
  of: (attributes: OpAttributes<O>) => Pieces,
  slopeFrom: 'input' | 'output' = 'input',
): OpRow<O> {
  const value = ({ low, high = Infinity, lines }: Pieces): Pointwise['value'] => {
    const at = ([slope, offset]: Line, x: number) => (slope === 0 ? 0 : slope * x) + offset;
    return (x) => at(lines[x <= low ? 0 : x >= high ? 2 : 1], x);
  };
  const plain = pointwise<O>((attributes) => ({ value: value(of(attributes)), slope: null }));
  return {
    forward(inputs, context) {
      const x = operand(inputs, 0);
      if (x.dtype !== 'float32') return plain.forward(inputs, context);
      const { low, high = Infinity, lines } = of(context.node.attributes);
      const [[s0, o0], [s1, o1], [s2, o2]] = lines;
      const y = allocateFloats(x.shape);
      const backend = heap();
      const [from, to] = [backend.address(x), backend.address(y)];
      backend.kernels.pieces(from, to, x.size, rounded(low, -1), rounded(high, 1), s0, o0, s1, o1, s2, o2);
      return { outputs: [y] };
    },
    backward({ inputs, outputs, outputGradients: [dy] }, { node }) {
      if (!dy) return [null];
      const x = operand(slopeFrom === 'input' ? inputs : outputs, 0);
      const { low, high = Infinity, lines } = of(node.attributes);
      const [[s0], [s1], [s2]] = lines;
      const dx = allocateFloats(x.shape);
      const backend = heap();
      const [from, gradient, to] = [backend.address(x), backend.address(dy), backend.address(dx)];
      backend.kernels.piecesGradient(from, gradient, to, x.size, rounded(low, -1), rounded(high, 1), s0, s1, s2);
      return [dx];
    },
  };
}

/** Row of right x for x > 0, else left (e^(x / width) - 1). */
export function tailed<O extends OpName>(
  of: (attributes: OpAttributes<O>) => readonly [right: number, left: number, width: number],
): OpRow<O> {
  return {
    forward([x], { node }) {
      const from = operand([x ?? null], 0);
      const y = allocateFloats(from.shape);
      const backend = heap();
      backend.kernels.tail(backend.address(from), backend.address(y), from.size, ...of(node.attributes));
      return { outputs: [y] };
    },
    backward({ inputs, outputGradients: [dy] }, { node }) {
      if (!dy) return [null];
      const x = operand(inputs, 0);
      const dx = allocateFloats(x.shape);
      const backend = heap();
      const [from, gradient, to] = [backend.address(x), backend.address(dy), backend.address(dx)];
      backend.kernels.tailGradient(from, gradient, to, x.size, ...of(node.attributes));
      return [dx];
    },
  };
}
