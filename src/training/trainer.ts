import type { ModelGraph } from '../graph/graph';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';

export interface TrainHooks {
  /** Called after each step of each seed. */
  onStep?: (seed: number, step: number, loss: number) => void;
  /** Asked between ops; true stops with a `CancelledError`. */
  cancelled?: () => boolean;
  /** Milliseconds that one seed may take: after that no further step starts, and the trace is `partial`. */
  budget?: number;
}

/** Loss and gradients under the conformance pack's lattice rule (fixed pseudo-random weights, inputs and targets). */
export interface LatticeResult {
  loss: number;
  /** L2 norm of each output. */
  outputNorms: number[];
  outputShapes: number[][];
  parameters: { reached: boolean; log2GradientNorm: number }[];
}

/** What the training room offers. One instance owns one tfjs WASM backend; calls do not overlap. */
export interface Trainer {
  train(graph: ModelGraph, plan: TrainingPlan, hooks?: TrainHooks): Promise<GradientTrace>;
  lattice(graph: ModelGraph): Promise<LatticeResult>;
  /** Standard deviation (divided by n) of each parameter's elements, mean over `seeds`. */
  initialDeviations(graph: ModelGraph, seeds: number[]): Promise<number[]>;
  dispose(): void;
}
