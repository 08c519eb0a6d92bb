import type { TrainingPlan } from './plan';

/** How many of a tensor's elements (of a sample of them, where there are many) lie where, at one step. */
export interface ElementHistogram {
  step: number;
  /** Edge of the first bin and width of each: log2 |x| for gradients, x itself for activations. */
  first: number;
  width: number;
  counts: number[];
  zeros: number;
}

/**
 * What training measured. All logarithms are to base 2 and carry the exponent that float32 cannot: -Infinity means
 * exactly zero (every element), never an underflow. Arrays have one entry a step.
 */
export interface ParameterTrace {
  /** False where the graph holds no path from the loss to this parameter. */
  reached: boolean;
  /** log2 of the L2 norm of dL/dW. */
  gradient: Float64Array;
  /** log2 of the L2 norm of W. */
  weight: Float64Array;
  /** Share of exactly zero elements in dL/dW. */
  zeroShare: Float64Array;
  /** Of the elements of dL/dW, at the last planned step, else at step 0. */
  histogram?: ElementHistogram;
}

export interface ValueTrace {
  /** log2 of the root mean square of dL/dvalue; -Infinity where exactly zero; NaN where the loss does not reach it. */
  gradient: Float64Array;
  mean: Float64Array;
  /** Standard deviation over all elements. */
  deviation: Float64Array;
  /**
   * Outputs of activations only, else NaN: share of elements where the slope is under 5 % of its maximum
   * (saturated sigmoid, tanh and kin; closed units of the ReLU family).
   */
  saturated: Float64Array;
  /** Outputs of activations only, else NaN: share of units (index along the channel or last axis) with slope zero on the whole batch. */
  dead: Float64Array;
  /** Of the elements, at the last planned step, else at step 0. */
  histogram?: ElementHistogram;
}

export interface NonFinite {
  step: number;
  /** Node number where a NaN or infinity first appears, forward or backward. */
  node: number;
  direction: 'forward' | 'backward';
}

/** How much of the loss comes back to each step of one direction of a recurrent layer, at initialisation. */
export interface StateTrace {
  /** Place in `graph.nodes`. */
  node: number;
  /**
   * log2 of RMS(dL/dh_t) for each step of the sequence, in its order, where the loss reads the last step only: of outputs
   * that are sequences the gradient of their last step alone was followed.
   */
  log2Rms: Float64Array;
  /** True where the model's own loss reads an output at each of the layer's steps (a tagger, a language model). */
  everyStep: boolean;
}

export interface SeedTrace {
  seed: number;
  /** Steps that were run (fewer than planned after a cancel, an overrun or a non-finite value). */
  steps: number;
  loss: Float64Array;
  /** Same order as `graph.parameters`. */
  parameters: ParameterTrace[];
  /** Same order as `graph.values`. */
  values: ValueTrace[];
  nonFinite: NonFinite | null;
  /**
   * Numbers of values whose elements fell so far in the forward pass of some step that float32 lost them (an activation
   * that collapses layer by layer). A gradient of exactly zero that was made from one of them is an underflow: it
   * vanished, it is not dead. Left off where there are none.
   */
  underflow?: number[];
  /** In the order of the nodes. Left off where no recurrent layer was reached. */
  states?: StateTrace[];
}

export interface GradientTrace {
  plan: TrainingPlan;
  seeds: SeedTrace[];
  /** True where the time budget ended the run early: shown, not cached. */
  partial: boolean;
}
