import type { LossKind } from '../../graph/graph';
import { crossEntropy, negativeLogLikelihood, probabilities } from './classes';
import { binaryCrossEntropy, binaryCrossEntropyOnLogits, huber, meanAbsoluteError, meanSquaredError } from './elements';
import { reconstruction, variational } from './inputs';
import { itself } from './itself';
import type { LossRule } from './loss';

/** One rule a loss. Random targets fit the head: classes for class scores, bits for probabilities, normals elsewhere. */
export const LOSSES: Record<LossKind, LossRule> = {
  'cross-entropy': crossEntropy,
  nll: negativeLogLikelihood,
  probs: probabilities,
  bce: binaryCrossEntropy,
  'bce-logits': binaryCrossEntropyOnLogits,
  mse: meanSquaredError,
  mae: meanAbsoluteError,
  huber,
  reconstruct: reconstruction,
  vae: variational,
  output: itself,
};
