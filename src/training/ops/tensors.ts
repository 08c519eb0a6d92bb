import type { Tensor } from '@tensorflow/tfjs-core';
import { engine } from '@tensorflow/tfjs-core';
import type { DType, GraphValue } from '../../graph/graph';
import { heap } from '../kernels/heap';

export type HeapView = Float32Array | Int32Array | Uint8Array;

/** How each dtype of the graph is stored. */
const STORAGE = { float: 'float32', int: 'int32', bool: 'bool' } as const satisfies Record<DType, string>;

export const storageOf = (dtype: DType): 'float32' | 'int32' | 'bool' => STORAGE[dtype];

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** A tensor of the value's shape and dtype whose elements are still to be written. */
export function allocate(value: GraphValue): Tensor {
  return heap().allocate([...value.shape], storageOf(value.dtype));
}

/** The node's output number `index`, still to be written. */
export function allocateOutput(outputValues: readonly GraphValue[], index = 0): Tensor {
  const value = outputValues[index];
  if (value === undefined) throw new RangeError(`The node has no output number ${index}.`);
  return allocate(value);
}

export function allocateFloats(shape: readonly number[]): Tensor {
  return heap().allocate([...shape], 'float32');
}

/** The tensor's elements on the heap. Fetch it after the last allocation: views detach when the heap grows. */
export function elements(tensor: Tensor): HeapView {
  const backend = heap();
  if (tensor.dtype === 'int32') return backend.ints(tensor);
  return tensor.dtype === 'bool' ? backend.bools(tensor) : backend.floats(tensor);
}

export const floats = (tensor: Tensor): Float32Array => heap().floats(tensor);

export function zeros(shape: readonly number[]): Tensor {
  const tensor = allocateFloats(shape);
  floats(tensor).fill(0);
  return tensor;
}

/** A float tensor with these elements (rounded to float32). */
export function fromElements(values: ArrayLike<number>, shape: readonly number[]): Tensor {
  const tensor = allocateFloats(shape);
  floats(tensor).set(values);
  return tensor;
}

/** A second handle on the same elements, perhaps with another shape of equal size; disposed of on its own. */
export function alias(tensor: Tensor, shape: readonly number[] = tensor.shape): Tensor {
  const backend = heap();
  backend.incRef(tensor.dataId);
  return engine().makeTensorFromTensorInfo({ dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype }, backend);
}

/** Whether no other handle shares the elements, so that they may be overwritten. */
export const isSoleOwner = (tensor: Tensor): boolean => heap().refCount(tensor.dataId) === 1;
