import type { DataType } from '@tensorflow/tfjs-core';

export interface Shaped {
  shape: number[];
  dtype: DataType;
}

/** How a weight is filled at its start, as far as that can be told. */
export interface WeightFacts {
  name: string;
  trainable: boolean;
  /** `{className, config}` of one of TensorFlow.js' own initialisers. */
  initialiser: unknown;
}

/** The kernel call that gave a tensor. */
export interface Producer {
  /** Rises with every call. */
  order: number;
  kernel: string;
  inputs: { name: string; datum: Datum }[];
  attributes: Readonly<Record<string, unknown>>;
  outputs: Datum[];
  site: number | null;
}

/** What stands in the place of a tensor's data: where it comes from, and its values only where they were written down. */
export class Datum implements Shaped {
  producer: Producer | null = null;
  weight: WeightFacts | null = null;

  constructor(
    readonly shape: number[],
    readonly dtype: DataType,
    readonly values: ArrayLike<number> | null,
  ) {}
}

export const datumOf = (tensor: { dataId: object }): Datum | null =>
  tensor.dataId instanceof Datum ? tensor.dataId : null;
