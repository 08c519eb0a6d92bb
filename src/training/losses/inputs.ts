import type { LossContext, LossOutput, LossRule } from './loss';
import { perOutput } from './loss';

// Losses whose target is the model's own input.

function rebuiltInput(output: LossOutput, { input }: LossContext): Float32Array {
  if (input === null) throw new Error('This loss rebuilds the input, but the model has no float input.');
  if (input.elements.length !== output.elements.length) {
    throw new Error(
      `This loss rebuilds the input, but the output [${output.shape.join(', ')}] has another size than the input [${input.shape.join(', ')}].`,
    );
  }
  return input.elements;
}

/** Mean squared error against the input, reshaped to the output. */
export const reconstruction = perOutput((output, context) => {
  const target = rebuiltInput(output, context);
  const n = target.length;
  const gradient = new Float64Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const difference = (output.elements[i] ?? 0) - (target[i] ?? 0);
    sum += difference ** 2;
    gradient[i] = (2 * difference) / n;
  }
  return { loss: sum / n, gradient };
});

/** Weight of the divergence beside a mean squared error: the order of one over the number of pixels of a small image. */
const DIVERGENCE_WEIGHT = 5e-4;

/**
 * Outputs: reconstruction, mean, log-variance. Reconstruction error plus the weighted divergence from N(0, 1),
 * -1/2 sum(1 + log v - mu^2 - v) (Kingma and Welling 2014, appendix B), averaged as the reference does.
 */
export const variational: LossRule = (outputs, context) => {
  const [rebuilt, mean, logVariance] = outputs;
  if (rebuilt === undefined || mean === undefined || logVariance === undefined) {
    throw new Error('A variational loss needs three outputs: reconstruction, mean and log-variance.');
  }
  const fit = reconstruction([rebuilt], context);
  const n = mean.elements.length;
  const weight = DIVERGENCE_WEIGHT / n;
  const byMean = new Float64Array(n);
  const byLogVariance = new Float64Array(n);
  let divergence = 0;
  for (let i = 0; i < n; i++) {
    const mu = mean.elements[i] ?? 0;
    const log = logVariance.elements[i] ?? 0;
    const variance = Math.exp(log);
    divergence -= (1 + log - mu * mu - variance) / 2;
    byMean[i] = weight * mu;
    byLogVariance[i] = (weight * (variance - 1)) / 2;
  }
  return { loss: fit.loss + weight * divergence, gradients: [...fit.gradients, byMean, byLogVariance] };
};
