import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeOf } from '../../graph/graph';
import type { OpName } from '../../graph/ops';
import type { GraphValue } from '../../graph/graph';

/** Where forward passes get their draws: the lattice in conformance runs, a seeded generator in training. */
export interface DrawSource {
  /** Draw number `draw` (in order of execution) of N(0,1) or U(0,1). */
  draw(distribution: 'normal' | 'uniform', draw: number, size: number): Float32Array;
  /** Keep mask of a dropout node: 1 with probability 1 - rate, else 0. null: dropout is off in this run. */
  keep(draw: number, rate: number, size: number): Float32Array | null;
}

export interface RowContext<O extends OpName> {
  node: NodeOf<O>;
  /** Static shape and dtype of each input and output. */
  inputValues: readonly GraphValue[];
  outputValues: readonly GraphValue[];
  draws: DrawSource;
  /**
   * Asked for by whoever measures vanishing in time: a recurrent node's backward pass calls it with log2 of RMS(dL/dh_t) for
   * each step of x, in the order of x, -Infinity for zero.
   */
  onStateGradients?: (log2Rms: Float64Array) => void;
}

export interface Forward {
  outputs: Tensor[];
  /** What backward needs besides inputs and outputs; the executor disposes of it after the backward pass. */
  saved?: Tensor[];
}

export interface BackwardArguments {
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  saved: readonly Tensor[];
  /** Gradient of each output; null where the loss does not reach it. */
  outputGradients: readonly (Tensor | null)[];
  /** Which inputs want a gradient (float, and on a path to a parameter or measured). */
  wanted: readonly boolean[];
}

/**
 * One op: its forward rule and its gradient, side by side. `backward` must be linear in `outputGradients`, because the
 * executor carries a power of two beside each gradient tensor so that vanished gradients do not underflow; it must add no
 * constants and must not clamp. Returned tensors must be fresh (not views that alias an argument's handle: use `clone`),
 * of exactly the input's shape; the executor owns and disposes of them. Intermediates are the row's own to dispose of (`tidy`).
 */
export interface OpRow<O extends OpName> {
  forward(inputs: readonly Tensor[], context: RowContext<O>): Forward;
  /** null for an op without a gradient (integer outputs, comparisons, detach). */
  backward: ((arguments_: BackwardArguments, context: RowContext<O>) => (Tensor | null)[]) | null;
}

export type OpRows = { [O in OpName]?: OpRow<O> };
