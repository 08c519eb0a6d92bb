import type { Framework } from '../../graph/graph';
import type { Random } from '../random';

/** One output of the model as the loss sees it. Elements in C order of the framework's own layout. */
export interface LossOutput {
  elements: Float32Array;
  shape: readonly number[];
  /** True where it comes out of a rectifier: targets below zero, which it can never reach, would shut it for good. */
  positive?: boolean;
}

export interface LossContext {
  framework: Framework;
  /** The model's first float input: what autoencoders rebuild. */
  input: LossOutput | null;
  /** Draws targets; the same draws whatever the outputs' values are. */
  random: Random;
}

/** Loss and its gradient by each output, in float64. Mean over the batch, as the frameworks reduce by default. */
export interface LossResult {
  loss: number;
  gradients: Float64Array[];
}

export type LossRule = (outputs: readonly LossOutput[], context: LossContext) => LossResult;

/** A loss summed over outputs that each have their own random targets. */
export function perOutput(
  rule: (output: LossOutput, context: LossContext) => { loss: number; gradient: Float64Array },
): LossRule {
  return (outputs, context) => {
    const parts = outputs.map((output) => rule(output, context));
    return { loss: parts.reduce((sum, part) => sum + part.loss, 0), gradients: parts.map((part) => part.gradient) };
  };
}

/** A loss that is the mean over elements of f(x, target); `slope` is df/dx. */
export function elementwise(
  target: (random: Random) => number,
  value: (x: number, target: number, framework: Framework) => number,
  slope: (x: number, target: number, framework: Framework) => number,
): LossRule {
  return perOutput(({ elements, positive }, { framework, random }) => {
    const n = elements.length;
    const gradient = new Float64Array(n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const x = elements[i] ?? 0;
      const drawn = target(random);
      const t = positive ? Math.abs(drawn) : drawn;
      sum += value(x, t, framework);
      gradient[i] = slope(x, t, framework) / n;
    }
    return { loss: sum / n, gradient };
  });
}
