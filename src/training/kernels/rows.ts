import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { BackwardArguments, Forward } from '../ops/row';

/** The tensor at `index`; a node with fewer inputs than its op takes is an error of the reader. */
export function operand(tensors: readonly (Tensor | null)[], index: number): Tensor {
  const tensor = tensors[index];
  if (tensor === undefined || tensor === null) throw new RangeError(`The node has no operand number ${index}.`);
  return tensor;
}

/** Runs `work`; the tensors that it made and does not return are disposed of, also when it throws. */
export function scoped<T>(work: () => T, kept: (result: T) => Tensor[]): T {
  const keep: Tensor[] = [];
  engine().startScope('row');
  try {
    const result = work();
    keep.push(...kept(result));
    return result;
  } finally {
    engine().endScope(keep);
  }
}

/** A forward rule whose temporaries are disposed of. */
export const forwardScope = (work: () => Forward): Forward =>
  scoped(work, ({ outputs, saved }) => [...outputs, ...(saved ?? [])]);

/**
 * A backward rule of an op with one output: no gradient where none came, temporaries disposed of. `work` gives one entry for
 * each input.
 */
export function backwardScope(
  { outputGradients, inputs }: BackwardArguments,
  work: (outputGradient: Tensor) => (Tensor | null)[],
): (Tensor | null)[] {
  const [gradient] = outputGradients;
  if (gradient === undefined || gradient === null) return inputs.map(() => null);
  return scoped(
    () => work(gradient),
    (results) => results.filter((result) => result !== null),
  );
}

export const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
