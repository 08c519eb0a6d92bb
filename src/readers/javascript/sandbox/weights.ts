import { fill, type serialization } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { datumOf } from './tensors/datum';

type Callable = (...given: unknown[]) => unknown;

interface LayerWeight {
  originalName: string;
  trainable: boolean;
  read(): { dataId: object };
}

/** Lets tfjs-layers build its weights without drawing them; how each would be drawn is noted. */
export function watchWeights(): void {
  const prototype = layers.Layer.prototype as unknown as Record<string, Callable>;
  const addWeight = prototype['addWeight'];
  if (addWeight === undefined) throw new Error('tfjs-layers has changed');
  prototype['addWeight'] = function (this: unknown, name, shape, dtype, initialiser, ...rest) {
    const unfilled = { apply: (size: number[], type: 'float32') => fill(size, 0, type) };
    const weight = addWeight.call(this, name, shape, dtype, unfilled, ...rest) as LayerWeight;
    const datum = datumOf(weight.read());
    if (datum) {
      const layer = this as { name?: unknown };
      const owner = typeof layer.name === 'string' ? `${layer.name}/` : '';
      datum.weight = {
        name: `${owner}${String(name)}`,
        trainable: weight.trainable,
        initialiser: serialised(initialiser),
      };
    }
    return weight;
  };
}

function serialised(initialiser: unknown): unknown {
  if (typeof initialiser !== 'object' || initialiser === null) return null;
  const own = initialiser as Partial<serialization.Serializable>;
  try {
    return { class_name: own.getClassName?.() ?? initialiser.constructor.name, config: own.getConfig?.() ?? {} };
  } catch {
    return { class_name: initialiser.constructor.name, config: {} };
  }
}
