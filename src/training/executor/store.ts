import type { Tensor } from '@tensorflow/tfjs-core';
import { floats, isSoleOwner } from '../ops/tensors';
import { ExecutionError } from './errors';
import type { Step } from './wiring';

/** Float32 loses precision under 2^-126; from here on a product of two elements is already at risk. */
const TINY = 2 ** -100;
const SMALLEST_NORMAL = 2 ** -126;

/** The values of one pass: those that rows made are owned and disposed of, fed ones and constants are lent. */
export class TensorStore {
  readonly #tensors: (Tensor | null)[];
  readonly #owned: boolean[];
  /** Values whose elements all fell so low that float32 may have lost them. */
  readonly underflow = new Set<number>();

  constructor(size: number) {
    this.#tensors = new Array<Tensor | null>(size).fill(null);
    this.#owned = new Array<boolean>(size).fill(false);
  }

  get(value: number): Tensor {
    const tensor = this.#tensors[value];
    if (tensor === null || tensor === undefined)
      throw new ExecutionError(`Value ${value} is not there (any more).`, -1);
    return tensor;
  }

  has(value: number): boolean {
    return (this.#tensors[value] ?? null) !== null;
  }

  own(value: number, tensor: Tensor): void {
    this.#tensors[value] = tensor;
    this.#owned[value] = true;
  }

  lend(value: number, tensor: Tensor): void {
    this.#tensors[value] = tensor;
  }

  /** Gives a value's elements back early; its shape stays known. */
  retire(value: number): void {
    if (this.#owned[value] === true) this.#tensors[value]?.dispose();
  }

  release(value: number): void {
    if (this.#owned[value] === true) this.#tensors[value]?.dispose();
    this.#tensors[value] = null;
  }

  dispose(): void {
    for (let value = 0; value < this.#tensors.length; value++) this.release(value);
  }

  /**
   * A value that is tiny but not zero, or zero where an input was tiny, has been cut off by float32: zeros in it, and
   * in gradients made from it, are not exact. Ordinary values are told by their first elements.
   */
  noteUnderflow({ node, outputValues }: Step): void {
    node.outputs.forEach((value, k) => {
      if (outputValues[k]?.dtype !== 'float') return;
      const size = sizeClass(floats(this.get(value)));
      if (size === 'tiny' || (size === 'zero' && node.inputs.some((input) => this.underflow.has(input)))) {
        this.underflow.add(value);
        flushDenormals(this.get(value));
      }
    });
  }
}

/** Denormals slow every kernel that meets them by two orders of magnitude, and what they hold is lost already. */
function flushDenormals(tensor: Tensor): void {
  if (!isSoleOwner(tensor)) return;
  const values = floats(tensor);
  values.forEach((element, i) => {
    if (Math.abs(element) < SMALLEST_NORMAL) values[i] = 0;
  });
}

function sizeClass(elements: Float32Array): 'ordinary' | 'tiny' | 'zero' {
  let zero = true;
  for (const element of elements) {
    if (!(Math.abs(element) < TINY)) return 'ordinary';
    if (element !== 0) zero = false;
  }
  return zero ? 'zero' : 'tiny';
}
