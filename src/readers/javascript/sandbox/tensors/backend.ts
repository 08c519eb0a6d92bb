import {
  type BackendValues,
  type DataId,
  type DataType,
  env,
  KernelBackend,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerBackend,
  registerKernel,
  setBackend,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { Sites } from '../sites';
import { Datum } from './datum';
import { KERNELS } from './kernels';

const NAME = 'shapes';

/** Tensors with a shape and, where the code writes them down, values: enough to build every layer, and free of charge. */
class ShapesBackend extends KernelBackend {
  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    return new Datum(shape, dtype, isNumeric(values) ? values : null);
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

const isNumeric = (values: BackendValues): values is Float32Array =>
  ArrayBuffer.isView(values) || (Array.isArray(values) && typeof values[0] === 'number');

/** Runs TensorFlow.js on shapes alone, each tensor knowing the kernel call that made it. */
export function useShapesBackend(sites: Sites): void {
  const backend = new ShapesBackend();
  registerBackend(NAME, () => backend);
  let order = 0;
  for (const [kernelName, shapesOf] of Object.entries(KERNELS))
    registerKernel({
      kernelName,
      backendName: NAME,
      kernelFunc: ({ inputs, attrs }) => {
        const given = presentOf(inputs);
        const attributes: NamedAttrMap = attrs ?? {};
        const shapes = shapesOf(Object.fromEntries(given), attributes);
        const list = Array.isArray(shapes) ? shapes : [shapes];
        const outputs = list.map(({ shape, dtype }) => new Datum(shape, dtype, null));
        const known = given.flatMap(([name, { dataId }]) => (dataId instanceof Datum ? [{ name, datum: dataId }] : []));
        const producer = {
          order: order++,
          kernel: kernelName,
          inputs: known,
          attributes,
          outputs,
          site: sites.current,
        };
        const infos = outputs.map((datum): TensorInfo => {
          datum.producer = producer;
          return { dataId: datum, shape: datum.shape, dtype: datum.dtype };
        });
        const [only] = infos;
        return Array.isArray(shapes) || only === undefined ? infos : only;
      },
    });
  void setBackend(NAME);
  env().setPlatform('sealed', new SealedPlatform());
}

/** What tfjs-core asks of the program around it: nothing is there. */
class SealedPlatform {
  now(): number {
    return 0;
  }
  isTypedArray(value: unknown): value is Float32Array {
    return ArrayBuffer.isView(value) && !(value instanceof DataView);
  }
  encode(): Uint8Array {
    return new Uint8Array();
  }
  decode(): string {
    return '';
  }
  fetch(): Promise<Response> {
    return Promise.reject(new Error('nothing can be fetched here'));
  }
}

/** Optional inputs that are left off stand in the map without a value. */
function presentOf(inputs: NamedTensorInfoMap): [string, TensorInfo][] {
  return Object.entries(inputs as Record<string, TensorInfo | null | undefined>).flatMap(([name, info]) =>
    info === null || info === undefined ? [] : [[name, info] as [string, TensorInfo]],
  );
}
