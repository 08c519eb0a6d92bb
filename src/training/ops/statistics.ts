import { scalarToNumber } from '../../graph/scalar';
import { operand } from '../kernels/rows';
import { foldInto, groupsOf, type Groups } from './groups';
import type { OpRow, OpRows } from './row';
import { allocateFloats, allocateOutput, floats } from './tensors';

/** Mean and sum of squared distances from it, group by group, in two passes. */
function moments(groups: Groups, x: Float32Array): { means: Float64Array; squares: Float64Array } {
  const means = foldInto(new Float64Array(groups.size), groups, x, (total, v) => total + v).map(
    (total) => total / groups.count,
  );
  const squares = new Float64Array(groups.size);
  groups.forEach((i, g) => {
    const distance = (x[i] ?? 0) - (means[g] ?? 0);
    squares[g] = (squares[g] ?? 0) + distance * distance;
  });
  return { means, squares };
}

/** Variance or its root, divided by n - correction. */
function spread<O extends 'variance' | 'standardDeviation'>(root: boolean): OpRow<O> {
  return {
    forward(inputs, { node, outputValues }) {
      const x = operand(inputs, 0);
      const y = allocateOutput(outputValues);
      const { axes, correction } = node.attributes;
      const groups = groupsOf(x.shape, axes);
      const variances = moments(groups, floats(x)).squares.map((s) => s / (groups.count - correction));
      floats(y).set(root ? variances.map(Math.sqrt) : variances);
      return { outputs: [y] };
    },
    backward({ inputs, outputGradients: [dy] }, { node }) {
      if (!dy) return [null];
      const x = operand(inputs, 0);
      const dx = allocateFloats(x.shape);
      const { axes, correction } = node.attributes;
      const groups = groupsOf(x.shape, axes);
      const [from, gradient, to] = [floats(x), floats(dy), floats(dx)];
      const { means, squares } = moments(groups, from);
      const divisor = groups.count - correction;
      groups.forEach((i, g) => {
        const distance = (from[i] ?? 0) - (means[g] ?? 0);
        // d sqrt(s/d) = distance / (d sqrt(s/d)); zero where all elements are equal, as in PyTorch.
        const scale = root ? 1 / (divisor * Math.sqrt((squares[g] ?? 0) / divisor)) : 2 / divisor;
        to[i] = distance === 0 ? 0 : (gradient[g] ?? 0) * distance * scale;
      });
      return [dx];
    },
  };
}

/** p-norms with their limits: p = 0 counts non-zeros, ±inf takes the largest or smallest magnitude. */
function normValues(groups: Groups, x: Float32Array, p: number): Float64Array {
  const fold = (start: number, step: (total: number, x: number) => number) =>
    foldInto(new Float64Array(groups.size).fill(start), groups, x, step);
  if (p === Infinity) return fold(0, (best, v) => Math.max(best, Math.abs(v)));
  if (p === -Infinity) return fold(Infinity, (best, v) => Math.min(best, Math.abs(v)));
  if (p === 0) return fold(0, (total, v) => total + (v === 0 ? 0 : 1));
  if (p === 1) return fold(0, (total, v) => total + Math.abs(v));
  if (p === 2) return fold(0, (total, v) => total + v * v).map(Math.sqrt);
  return fold(0, (total, v) => total + Math.abs(v) ** p).map((total) => total ** (1 / p));
}

const norm: OpRow<'norm'> = {
  forward(inputs, { node, outputValues }) {
    const x = operand(inputs, 0);
    const y = allocateOutput(outputValues);
    floats(y).set(normValues(groupsOf(x.shape, node.attributes.axes), floats(x), scalarToNumber(node.attributes.p)));
    return { outputs: [y] };
  },
  backward({ inputs, outputGradients: [dy] }, { node }) {
    if (!dy) return [null];
    const x = operand(inputs, 0);
    const dx = allocateFloats(x.shape);
    const p = scalarToNumber(node.attributes.p);
    const groups = groupsOf(x.shape, node.attributes.axes);
    const [from, gradient, to] = [floats(x), floats(dy), floats(dx)];
    const norms = normValues(groups, from, p);
    const ties = new Float64Array(groups.size);
    if (!Number.isFinite(p)) {
      groups.forEach((i, g) => {
        if (Math.abs(from[i] ?? 0) === norms[g]) ties[g] = (ties[g] ?? 0) + 1;
      });
    }
    groups.forEach((i, g) => {
      const v = from[i] ?? 0;
      to[i] = (gradient[g] ?? 0) * normSlope(v, norms[g] ?? 0, p, ties[g] ?? 0);
    });
    return [dx];
  },
};

/** d |x|_p / dx; zero at the origin, equal extremes share (PyTorch's subgradient). */
function normSlope(x: number, norm: number, p: number, ties: number): number {
  if (x === 0 || norm === 0 || p === 0) return 0;
  if (!Number.isFinite(p)) return Math.abs(x) === norm ? Math.sign(x) / ties : 0;
  return Math.sign(x) * (Math.abs(x) / norm) ** (p - 1);
}

export const STATISTIC_ROWS = {
  variance: spread<'variance'>(false),
  standardDeviation: spread<'standardDeviation'>(true),
  norm,
} satisfies OpRows;
