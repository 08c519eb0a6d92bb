import { operand } from '../kernels/rows';
import { ARITHMETIC_ROWS } from './arithmetic';
import { comparison, pair } from './broadcasting';
import type { OpRow, OpRows } from './row';
import { broadcastStrides, forEachRun, stridesOf, walk } from './strides';
import { allocateOutput, elements, floats, fromElements } from './tensors';

/** Rest of a / b with the divisor's sign (Python's %). */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** Python's //: through the rest, because a / b alone may round up to the next whole number. */
function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  return Math.round((a - modulo(a, b)) / b);
}

/** Larger (sign 1) or smaller (-1) operand. Where both are equal each gets half of the gradient, as in PyTorch. */
const extreme = <O extends 'maximum' | 'minimum'>(sign: 1 | -1, value: (a: number, b: number) => number): OpRow<O> => {
  const share = (own: number, other: number): number => (own === other ? 0.5 : sign * (own - other) > 0 ? 1 : 0);
  return pair<O>({ value, slopeA: (a, b) => share(a, b), slopeB: (a, b) => share(b, a) });
};

/** x where it is positive, else slope * x, with a slope that is itself learnt (He et al. 2015). */
const prelu = pair<'prelu'>({
  value: (x, slope) => (x > 0 ? x : slope * x),
  slopeA: (x, slope) => (x > 0 ? 1 : slope),
  slopeB: (x) => (x > 0 ? 0 : x),
});

const where: OpRow<'where'> = {
  forward(inputs, { outputValues }) {
    const [condition, a, b] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const y = allocateOutput(outputValues);
    const [holds, left, right, to] = [elements(condition), elements(a), elements(b), elements(y)];
    const cells = walk(y.shape, [
      stridesOf(y.shape),
      ...[condition, a, b].map((operand) => broadcastStrides(operand.shape, y.shape)),
    ]);
    forEachRun(cells, (count, cell, offsets, strides) => {
      let [, c = 0, i = 0, j = 0] = offsets;
      const [, dc = 0, di = 0, dj = 0] = strides;
      for (let k = cell; k < cell + count; k++, c += dc, i += di, j += dj) {
        to[k] = (holds[c] ?? 0) !== 0 ? (left[i] ?? 0) : (right[j] ?? 0);
      }
    });
    return { outputs: [y] };
  },
  backward({ inputs, outputGradients: [dy], wanted }) {
    if (!dy) return [null, null, null];
    const [condition, a, b] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const chosen = [a, b].map((own, side) => {
      if (wanted[side + 1] !== true) return null;
      const sums = new Float64Array(own.size);
      const [holds, gradient] = [elements(condition), floats(dy)];
      const shapes = [condition.shape, own.shape].map((shape) => broadcastStrides(shape, dy.shape));
      forEachRun(walk(dy.shape, [stridesOf(dy.shape), ...shapes]), (count, cell, offsets, strides) => {
        let [, c = 0, i = 0] = offsets;
        const [, dc = 0, di = 0] = strides;
        for (let k = cell; k < cell + count; k++, c += dc, i += di) {
          if (((holds[c] ?? 0) !== 0) === (side === 0)) sums[i] = (sums[i] ?? 0) + (gradient[k] ?? 0);
        }
      });
      return fromElements(sums, own.shape);
    });
    return [null, ...chosen];
  },
};

/** Ops on operands that broadcast against each other; gradients are summed back to each operand's shape. */
export const PAIR_ROWS = {
  prelu,
  where,
  ...ARITHMETIC_ROWS,
  floorDiv: pair<'floorDiv'>({ value: floorDivide, slopeA: null, slopeB: null }),
  mod: pair<'mod'>({ value: modulo, slopeA: () => 1, slopeB: (a, b) => -floorDivide(a, b) }),
  pow: pair<'pow'>({
    value: (a, b) => a ** b,
    slopeA: (a, b) => (b === 0 ? 0 : b * a ** (b - 1)),
    // 0^b with b >= 0 does not move with b (PyTorch's convention for b = 0 too).
    slopeB: (a, b) => (a === 0 && b >= 0 ? 0 : a ** b * Math.log(a)),
  }),
  maximum: extreme<'maximum'>(1, Math.max),
  minimum: extreme<'minimum'>(-1, Math.min),
  atan2: pair<'atan2'>({
    value: Math.atan2,
    slopeA: (a, b) => b / (a * a + b * b),
    slopeB: (a, b) => -a / (a * a + b * b),
  }),
  equal: comparison<'equal'>((a, b) => a === b),
  notEqual: comparison<'notEqual'>((a, b) => a !== b),
  less: comparison<'less'>((a, b) => a < b),
  lessEqual: comparison<'lessEqual'>((a, b) => a <= b),
  greater: comparison<'greater'>((a, b) => a > b),
  greaterEqual: comparison<'greaterEqual'>((a, b) => a >= b),
  logicalAnd: comparison<'logicalAnd'>((a, b) => a !== 0 && b !== 0),
  logicalOr: comparison<'logicalOr'>((a, b) => a !== 0 || b !== 0),
  logicalXor: comparison<'logicalXor'>((a, b) => (a !== 0) !== (b !== 0)),
} satisfies OpRows;
