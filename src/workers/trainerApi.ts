import type { ModelGraph } from '../graph/graph';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';
import type { LatticeResult } from '../training/trainer';

/** What the training thread answers. One call at a time. */
export interface TrainerApi {
  /**
   * Rejects with a message for people where the model cannot be trained, and when cancelled.
   *
   * @param job names this run in `step` events
   * @param cancel one shared number: anything but 0 stops the run at its next op
   */
  train(job: number, graph: ModelGraph, plan: TrainingPlan, options: TrainCall): Promise<Answer<GradientTrace>>;
  lattice(graph: ModelGraph): Promise<Answer<LatticeResult>>;
  initialDeviations(graph: ModelGraph, seeds: number[]): Promise<Answer<number[]>>;
}

export interface TrainCall {
  cancel: Int32Array;
  /** Milliseconds after which no further step of a seed starts; null for no limit. */
  budget: number | null;
}

export interface Answer<T> {
  result: T;
  /** Size of the thread's WASM heap, which never shrinks. */
  heapBytes: number;
}

/** What the training thread tells while it works. */
export interface TrainerEvents {
  step(job: number, seed: number, step: number, loss: number): void;
}

/** `workerData` of the training thread. */
export interface TrainerData {
  /** The folder of the WASM binaries. */
  wasm: string;
}
