import {
  type DataId,
  type DataType,
  fill,
  KernelBackend,
  registerBackend,
  registerKernel,
  setBackend,
} from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

const NAME = 'shapes';

/** Tensors with a shape and no values: enough to build every layer, and free of charge. */
class ShapesBackend extends KernelBackend {
  override write(): DataId {
    return {};
  }
  override disposeData(): boolean {
    return true;
  }
  override incRef(): void {
    // Nothing is held.
  }
  override refCount(): number {
    return 1;
  }
  override numDataIds(): number {
    return 0;
  }
  override memory() {
    return { unreliable: true, reasons: ['tensors have no values here'] };
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {
    // Nothing is held.
  }
}

interface Shaped {
  shape: number[];
  dtype?: DataType;
}

/** Lets tfjs-layers build its weights without drawing them. */
export function useShapesBackend(): void {
  const backend = new ShapesBackend();
  registerBackend(NAME, () => backend);
  registerKernel({
    kernelName: 'Fill',
    backendName: NAME,
    kernelFunc: ({ attrs }) => {
      const { shape, dtype = 'float32' } = attrs as unknown as Shaped;
      return { dataId: backend.write(), shape, dtype };
    },
  });
  void setBackend(NAME);
  const prototype = layers.Layer.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
  const addWeight = prototype['addWeight'];
  if (addWeight === undefined) throw new Error('tfjs-layers has changed');
  prototype['addWeight'] = function (this: unknown, name, shape, dtype, _initialiser, ...rest) {
    const unfilled = { apply: (size: number[], type: 'float32') => fill(size, 0, type) };
    return addWeight.call(this, name, shape, dtype, unfilled, ...rest);
  };
}
