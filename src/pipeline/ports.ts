import type { ReadRequest, ReadResult } from '../graph/reading';
import type { ModelGraph } from '../graph/graph';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';

/** The pipeline's two heavy stages, wherever they run (a worker in the product, in process in some tests). */
export interface ReaderPort {
  read(request: ReadRequest, signal?: AbortSignal): Promise<ReadResult>;
}

export interface TrainerPort {
  train(
    graph: ModelGraph,
    plan: TrainingPlan,
    options: {
      budget?: number;
      onStep?: (seed: number, step: number, loss: number) => void;
      signal?: AbortSignal;
      /** A run of a proof: where trainers are few it waits behind those that diagnose. */
      proof?: boolean;
    },
  ): Promise<GradientTrace>;
}
