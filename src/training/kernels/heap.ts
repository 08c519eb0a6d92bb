import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelExports } from './exports';

type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

/**
 * tfjs' WASM backend with its memory in our hands: kernels of our own run on the same heap, between the same tensors.
 * Addresses stay good as long as their tensor; views over the heap detach whenever it grows, so fetch them after the
 * last allocation and never keep them.
 */
export class HeapBackend extends BackendWasm {
  #scratch: { id: object; bytes: number } | null = null;

  constructor(
    module: WasmModule,
    readonly heapMemory: WebAssembly.Memory,
    readonly kernels: KernelExports,
    /** Whether the kernels use fused multiply-add. */
    readonly relaxed: boolean,
  ) {
    super(module);
  }

  /** Byte address of a tensor's first element. */
  address(tensor: TensorInfo): number {
    return this.getMemoryOffset(tensor.dataId);
  }

  floats(tensor: Tensor): Float32Array {
    return new Float32Array(this.heapMemory.buffer, this.address(tensor), tensor.size);
  }

  ints(tensor: Tensor): Int32Array {
    return new Int32Array(this.heapMemory.buffer, this.address(tensor), tensor.size);
  }

  /** The elements of a bool tensor, 0 or 1. */
  bools(tensor: Tensor): Uint8Array {
    return new Uint8Array(this.heapMemory.buffer, this.address(tensor), tensor.size);
  }

  /** At least `bytes` of working memory, good until the next call. Its contents are whatever was there. */
  scratch(bytes: number): number {
    if (this.#scratch === null || bytes > this.#scratch.bytes) {
      if (this.#scratch !== null) this.disposeData(this.#scratch.id, true);
      const id = this.write(null, [Math.ceil(bytes / 4)], 'float32');
      this.#scratch = { id, bytes };
      this.#checked(id, bytes);
    }
    return this.getMemoryOffset(this.#scratch.id);
  }

  /** A tensor whose elements are still to be written. */
  allocate(shape: number[], dtype: 'float32' | 'int32' | 'bool' = 'float32'): Tensor {
    const info = this.makeOutput(shape, dtype);
    const tensor = engine().makeTensorFromTensorInfo(info, this);
    this.#checked(info.dataId, tensor.size);
    return tensor;
  }

  #checked(id: object, elements: number): void {
    if (elements > 0 && this.getMemoryOffset(id) === 0) {
      throw new RangeError("The trainer's memory is full: WebAssembly could not grow it further.");
    }
  }
}

/** The backend that `bootBackend` made. */
export function heap(): HeapBackend {
  const current = backend();
  if (current instanceof HeapBackend) return current;
  throw new Error('The training backend is not booted.');
}
