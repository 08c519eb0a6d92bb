import type { GraphParameter } from '../graph/graph';
import { FROZEN_NOTE } from '../report/unjudgedReason';

/** The last part of a parameter's name: `weight` of `layers.0.weight`, `kernel` of `dense/kernel`. */
function lastPart(name: string): string {
  return name.split(/[./]/).at(-1) ?? name;
}

/** Biases, whatever their rank: the two-row bias of a Keras GRU and the biases of Keras attention heads have several dims. */
export function isBias(name: string): boolean {
  const part = lastPart(name).replace(/:\d+$/, '');
  return /bias$/i.test(part) || /^bias_/i.test(part) || part === 'beta';
}

/**
 * Why a parameter is not judged by the size of its gradient, or null where it is. Judged are weights of two or more dims:
 * a bias or a scale before a normalisation has a tiny gradient by design.
 */
export function whyUnjudged(parameter: GraphParameter): string | null {
  if (!parameter.trainable) return FROZEN_NOTE;
  if (parameter.initialiserOrigin === 'checkpoint') {
    return 'Its values come from a checkpoint, so its initialisation is not judged.';
  }
  if (parameter.initialiser.kind === 'unknown') {
    return `How it starts is not known (${parameter.initialiser.reason}), so it is not judged.`;
  }
  if (isBias(parameter.name)) return 'Biases are not judged.';
  if (parameter.shape.length < 2) return 'Parameters with fewer than two dims are not judged.';
  return null;
}
