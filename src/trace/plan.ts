import type { LossKind } from '../graph/graph';

export interface LossPlan {
  /** One loss, summed over the outputs. */
  kind: LossKind;
  /** Where the outputs have losses of different kinds: one each, in the order of `outputs`; `kind` is then the first. */
  kinds?: LossKind[];
  /** Places in `graph.outputs` that the loss reads. */
  outputs: number[];
  /** True where the framework computes the cross-entropy from what goes into the last activation (`fusedLoss.ts`). */
  fused?: true;
  /** `file`: the source names it; `head`: concluded from the last layers; `asked`: given by the caller. */
  origin: 'file' | 'head' | 'asked';
}

export interface OptimiserPlan {
  kind: 'adam' | 'sgd';
  learningRate: number;
  momentum: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  origin: 'file' | 'default' | 'asked';
}

/** All that decides a training run; the same plan and graph give the same trace, to the bit, on the same machine. */
export interface TrainingPlan {
  seeds: number[];
  /** Optimiser steps; gradients are measured before each, so step 0 is the initialisation. */
  steps: number;
  batch: number;
  loss: LossPlan;
  optimiser: OptimiserPlan;
  /** True where every step sees the batch of the first, inputs and targets alike: something that can be learnt by heart. Fresh ones otherwise. */
  repeated?: true;
  /** One sentence each: what was made smaller to fit the budget. */
  reductions: string[];
}
