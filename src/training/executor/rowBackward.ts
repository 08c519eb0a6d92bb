import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { DrawSource } from '../ops/row';
import { alias } from '../ops/tensors';
import { ExecutionError } from './errors';
import { copyMoved, measured, stepsTo, type MeasuredGradient, type Scaled } from './scaled';
import type { Step } from './wiring';

export interface BackwardData {
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  saved: readonly Tensor[];
  wanted: readonly boolean[];
  draws: DrawSource;
  onStateGradients?: ((node: number, log2Rms: Float64Array) => void) | undefined;
}

/** Results under this L2 norm may have lost elements to float32's lower end; they are made again from a lifted gradient. */
const LOST = 2 ** -80;
/** L2 norms (log2) to which the output gradient is moved for a second try. */
const LIFTED = 100;
const LOWERED = -40;

/**
 * Runs a row's backward rule. The rule is linear in the output gradients, so where a result underflows (a tiny
 * activation in the product) or overflows (a huge one), it is run again from output gradients moved by a power of two.
 * What is zero after that is zero, or 2^-220 of the incoming gradient. `gradients` share one exponent.
 */
export function runBackward(
  step: Step,
  gradients: readonly (MeasuredGradient | null)[],
  data: BackwardData,
): { gradients: (MeasuredGradient | null)[]; nonFinite: boolean } {
  const exponent = gradients.find((gradient) => (gradient?.squaredNorm ?? 0) !== 0)?.exponent ?? 0;
  const first = attempt(step, gradients, exponent, data);
  const overflow = first.some((result) => result !== null && !Number.isFinite(result.squaredNorm));
  const underflow = first.some((result) => result !== null && result.squaredNorm < LOST ** 2);
  const results = overflow ? secondTry(LOWERED, step, gradients, exponent, data, first) : first;
  const made = underflow ? secondTry(LIFTED, step, gradients, exponent, data, results) : results;
  const nonFinite =
    made.some((result) => result !== null && !Number.isFinite(result.squaredNorm)) &&
    gradients.every((gradient) => gradient === null || Number.isFinite(gradient.squaredNorm));
  return { gradients: made, nonFinite };
}

/** Replaces what the first try spoiled by what a moved gradient gives, where that is better. */
function secondTry(
  target: number,
  step: Step,
  gradients: readonly (MeasuredGradient | null)[],
  exponent: number,
  data: BackwardData,
  first: readonly (MeasuredGradient | null)[],
): (MeasuredGradient | null)[] {
  const largest = gradients.reduce<MeasuredGradient | null>(
    (best, gradient) => (gradient !== null && gradient.squaredNorm > (best?.squaredNorm ?? 0) ? gradient : best),
    null,
  );
  const steps = largest === null ? 0 : stepsTo(target, largest);
  if (steps === 0) return [...first];
  const lifted = target === LIFTED;
  const wanted = first.map(
    (result) => result !== null && (lifted ? result.squaredNorm < LOST ** 2 : !Number.isFinite(result.squaredNorm)),
  );
  const copies = gradients.map((gradient) => (gradient === null ? null : copyMoved(gradient, steps)));
  const second = attempt(step, copies, exponent - steps, { ...data, wanted });
  for (const copy of copies) copy?.tensor.dispose();
  return first.map((result, k) => {
    const other = second[k] ?? null;
    if (wanted[k] !== true || other === null) return result;
    const better = Number.isFinite(other.squaredNorm) && !(lifted && other.squaredNorm === 0);
    (better ? result : other)?.tensor.dispose();
    return better ? other : result;
  });
}

/** One call of the row, in a scope of its own, its results checked and measured. */
function attempt(
  step: Step,
  gradients: readonly (Scaled | null)[],
  exponent: number,
  data: BackwardData,
): (MeasuredGradient | null)[] {
  const { node, index, row, inputValues, outputValues } = step;
  const tf = engine();
  let kept: (Tensor | null)[] = [];
  const { onStateGradients } = data;
  const hook =
    onStateGradients &&
    ((log2Rms: Float64Array) =>
      onStateGradients(
        index,
        log2Rms.map((log2) => log2 + exponent),
      ));
  tf.startScope();
  try {
    const results =
      row?.backward?.(
        { ...data, outputGradients: gradients.map((gradient) => gradient?.tensor ?? null) },
        { node, inputValues, outputValues, draws: data.draws, ...(hook ? { onStateGradients: hook } : {}) },
      ) ?? [];
    kept = results.map((result, k) => (data.wanted[k] === true ? checked(result, k, results) : null));
  } finally {
    tf.endScope(kept.filter((result) => result !== null));
  }
  return kept.map((tensor) => (tensor === null ? null : measured({ tensor, exponent })));

  function checked(result: Tensor | null, k: number, results: readonly (Tensor | null)[]): Tensor | null {
    if (result === null) return null;
    const shape = inputValues[k]?.shape ?? [];
    if (result.shape.join() !== shape.join() || result.dtype !== 'float32') {
      throw new ExecutionError(
        `"${node.op}" (node ${index}) gave a ${result.dtype} gradient [${result.shape.join(', ')}] for its input ${k} of shape [${shape.join(', ')}].`,
        index,
      );
    }
    const isLent = [...data.inputs, ...data.outputs, ...data.saved].includes(result);
    const isTwice = results.indexOf(result) !== k;
    return isLent || isTwice || gradients.some((gradient) => gradient?.tensor === result) ? alias(result) : result;
  }
}
