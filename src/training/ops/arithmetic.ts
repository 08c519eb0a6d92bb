import type { Tensor } from '@tensorflow/tfjs-core';
import { heap } from '../kernels/heap';
import { operand } from '../kernels/rows';
import { pair, pairWalk, reducedTo } from './broadcasting';
import type { OpRow, OpRows } from './row';
import { forEachRun } from './strides';
import { allocateFloats } from './tensors';

type Kernel = 'addRun' | 'subtractRun' | 'multiplyRun' | 'divideRun';

/**
 * a op b by a SIMD kernel, run by run, as a tensor of `shape`; null where an operand is not float or skips elements along
 * the last axis.
 */
function byKernel(name: Kernel, a: Tensor, b: Tensor, shape: readonly number[]): Tensor | null {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return null;
  const cells = pairWalk(a, b, shape);
  if (cells.strides.some((own) => (own.at(-1) ?? 0) > 1)) return null;
  const y = allocateFloats(shape);
  const backend = heap();
  const kernel = backend.kernels[name];
  const [left, right, to] = [backend.address(a), backend.address(b), backend.address(y)];
  forEachRun(cells, (count, cell, [, i = 0, j = 0], [, stepA = 0, stepB = 0]) =>
    kernel(left + 4 * i, stepA, right + 4 * j, stepB, to + 4 * cell, count),
  );
  return y;
}

/** The row with its forward rule on a kernel where one fits. */
const onKernel = <O extends 'add' | 'sub' | 'mul' | 'div'>(name: Kernel, row: OpRow<O>): OpRow<O> => ({
  ...row,
  forward(inputs, context) {
    const y = byKernel(name, operand(inputs, 0), operand(inputs, 1), context.outputValues[0]?.shape ?? []);
    return y === null ? row.forward(inputs, context) : { outputs: [y] };
  },
});

/** a + b or a - b: the gradient is the incoming one itself, summed where an operand was repeated. */
function linear<O extends 'add' | 'sub'>(sign: 1 | -1): OpRow<O> {
  return {
    ...pair<O>({ value: (a, b) => a + sign * b, slopeA: null, slopeB: null }),
    backward: ({ inputs, outputGradients: [dy], wanted }) =>
      inputs.map((input, side) =>
        dy && wanted[side] === true ? reducedTo(input.shape, dy, side === 0 ? 1 : sign) : null,
      ),
  };
}

const MUL = pair<'mul'>({ value: (a, b) => a * b, slopeA: (_, b) => b, slopeB: (a) => a });
const DIV = pair<'div'>({ value: (a, b) => a / b, slopeA: (_, b) => 1 / b, slopeB: (a, b) => -a / (b * b) });

/** A side's gradient by a kernel: dy op the other operand, where the side itself was not repeated. */
function sideByKernel(name: Kernel, dy: Tensor, own: Tensor, other: Tensor): Tensor | null {
  return own.size === dy.size ? byKernel(name, dy, other, own.shape) : null;
}

const mul: OpRow<'mul'> = {
  ...MUL,
  backward(given, context) {
    const [a, b, [dy]] = [operand(given.inputs, 0), operand(given.inputs, 1), given.outputGradients];
    if (!dy) return [null, null];
    const made = [
      given.wanted[0] === true ? sideByKernel('multiplyRun', dy, a, b) : null,
      given.wanted[1] === true ? sideByKernel('multiplyRun', dy, b, a) : null,
    ];
    return completed(MUL, made, given, context);
  },
};

const div: OpRow<'div'> = {
  ...DIV,
  backward(given, context) {
    const [a, b, [dy]] = [operand(given.inputs, 0), operand(given.inputs, 1), given.outputGradients];
    if (!dy) return [null, null];
    const made = [given.wanted[0] === true ? sideByKernel('divideRun', dy, a, b) : null, null];
    return completed(DIV, made, given, context);
  },
};

/** Fills in the wanted gradients that no kernel made. */
function completed<O extends 'mul' | 'div'>(
  row: OpRow<O>,
  made: (Tensor | null)[],
  ...[given, context]: Parameters<NonNullable<OpRow<O>['backward']>>
): (Tensor | null)[] {
  const wanted = given.wanted.map((wants, side) => wants && made[side] === null);
  if (!wanted.includes(true)) return made;
  const rest = row.backward?.({ ...given, wanted }, context) ?? [];
  return made.map((gradient, side) => gradient ?? rest[side] ?? null);
}

/** The four operations, on SIMD kernels where the operands allow it. */
export const ARITHMETIC_ROWS = {
  add: onKernel('addRun', linear<'add'>(1)),
  sub: onKernel('subtractRun', linear<'sub'>(-1)),
  mul: onKernel('multiplyRun', mul),
  div: onKernel('divideRun', div),
} satisfies OpRows;
