import type { OpAttributes, OpName } from '../../graph/ops';
import { heap } from '../kernels/heap';
import { operand } from '../kernels/rows';
import type { OpRow } from './row';
import { allocateFloats, allocateOutput, elements, floats } from './tensors';

/** A function of one number and its derivative, in float64. */
export interface Pointwise {
  value: (x: number) => number;
  /** dy/dx, given x and the (float32) y; null where the function is flat by definition: the gradient is then zero. */
  slope: ((x: number, y: number) => number) | null;
}

/** Row of an op that treats each element alone. `of` is asked once for each pass with the node's attributes. */
export function pointwise<O extends OpName>(of: (attributes: OpAttributes<O>) => Pointwise): OpRow<O> {
  return {
    forward(inputs, { node, outputValues }) {
      const x = operand(inputs, 0);
      const { value } = of(node.attributes);
      const y = allocateOutput(outputValues);
      const [from, to] = [elements(x), elements(y)];
      for (let i = 0; i < to.length; i++) to[i] = value(from[i] ?? 0);
      return { outputs: [y] };
    },
    backward({ inputs, outputs, outputGradients: [dy] }, { node }) {
      if (!dy) return [null];
      const [x, y] = [operand(inputs, 0), operand(outputs, 0)];
      const { slope } = of(node.attributes);
      const dx = allocateFloats(x.shape);
      const to = floats(dx);
      if (slope === null) to.fill(0);
      else {
        const [from, made, gradient] = [floats(x), floats(y), floats(dy)];
        for (let i = 0; i < to.length; i++) to[i] = (gradient[i] ?? 0) * slope(from[i] ?? 0, made[i] ?? 0);
      }
      return [dx];
    },
  };
}

type KernelName = 'relu' | 'sigmoid' | 'tanh' | 'silu' | 'gelu' | 'geluTanh';

/**
 * Row of an activation on SIMD kernels. `value` serves operands that are not float, which have no gradient. `slopeFrom`: what
 * the gradient's kernel reads; a ReLU's output tells as much as its input, and is kept for the next layer anyway.
 */
export function onKernel<O extends OpName>(
  name: KernelName,
  value: Pointwise['value'],
  slopeFrom: 'input' | 'output' = 'input',
): OpRow<O> {
  const row = plain<O>(value, null);
  return {
    forward(inputs, context) {
      const x = operand(inputs, 0);
      if (x.dtype !== 'float32') return row.forward(inputs, context);
      const y = allocateFloats(x.shape);
      const backend = heap();
      backend.kernels[name](backend.address(x), backend.address(y), x.size);
      return { outputs: [y] };
    },
    backward({ inputs, outputs, outputGradients: [dy] }) {
      if (!dy) return [null];
      const x = operand(slopeFrom === 'input' ? inputs : outputs, 0);
      const dx = allocateFloats(x.shape);
      const backend = heap();
      backend.kernels[`${name}Gradient`](backend.address(x), backend.address(dy), backend.address(dx), x.size);
      return [dx];
    },
  };
}

/** `pointwise` for an op without attributes. */
export const plain = <O extends OpName>(value: Pointwise['value'], slope: Pointwise['slope']): OpRow<O> => {
  const rule = { value, slope };
  return pointwise<O>(() => rule);
};

/** A pointwise op with an integer or boolean result: nothing to differentiate. */
export const undifferentiated = <O extends OpName>(value: Pointwise['value']): OpRow<O> => ({
  ...plain<O>(value, null),
  backward: null,
});
