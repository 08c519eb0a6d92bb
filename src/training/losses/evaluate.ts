import { computedKind } from '../../trace/fusedLoss';
import type { LossPlan } from '../../trace/plan';
import type { LossContext, LossOutput, LossResult } from './loss';
import { LOSSES } from './table';

/**
 * The planned loss over the model's outputs.
 *
 * @param outputs all outputs of the model, in order
 * @returns one gradient for each output of the model; null where the loss does not read it
 */
export function evaluateLoss(
  plan: LossPlan,
  outputs: readonly LossOutput[],
  context: LossContext,
): { loss: number; gradients: (Float64Array | null)[] } {
  const gradients: (Float64Array | null)[] = outputs.map(() => null);
  const read = plan.outputs.map((place) => {
    const output = outputs[place];
    if (output === undefined) throw new Error(`The loss reads output ${place}, but the model has ${outputs.length}.`);
    return output;
  });
  const parts: LossResult[] =
    plan.kinds === undefined
      ? [LOSSES[computedKind(plan.kind, plan)](read, context)]
      : plan.kinds.map((kind, i) => LOSSES[computedKind(kind, plan)](read.slice(i, i + 1), context));
  const flat = parts.flatMap((part) => part.gradients);
  plan.outputs.forEach((place, i) => (gradients[place] = flat[i] ?? null));
  return { loss: parts.reduce((sum, part) => sum + part.loss, 0), gradients };
}
