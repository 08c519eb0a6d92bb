import type { LossKind } from '../graph/graph';

export interface LossPlan {
  kind: LossKind;
  /** Places in `graph.outputs` that the loss reads. */
  outputs: number[];
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
  /** One sentence each: what was made smaller to fit the budget. */
  reductions: string[];
}
