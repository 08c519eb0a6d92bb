import type { ModelGraph } from '../graph/graph';
import { mergeTraces } from '../pipeline/mergeTraces';
import type { TrainerPort } from '../pipeline/ports';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';

type TrainOptions = Parameters<TrainerPort['train']>[2];

/**
 * Several trainers as one. Each seed of a plan is a job of its own, because threads inside a job measured slower than jobs
 * side by side; the seeds' order in the trace is the plan's, whoever finishes first.
 */
export class TrainerPool implements TrainerPort {
  readonly #idle: TrainerPort[];
  readonly #waiting: ((trainer: TrainerPort) => void)[] = [];

  constructor(trainers: readonly TrainerPort[]) {
    if (trainers.length === 0) throw new RangeError('a pool needs at least one trainer');
    this.#idle = [...trainers];
  }

  async train(graph: ModelGraph, plan: TrainingPlan, options: TrainOptions): Promise<GradientTrace> {
    if (plan.seeds.length <= 1) return this.#run(graph, plan, options);
    // One failed seed makes the others worthless: they are cancelled rather than left to run.
    const failed = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
    const jobs = plan.seeds.map((seed) => this.#run(graph, { ...plan, seeds: [seed] }, { ...options, signal }));
    try {
      const [first, ...others] = await Promise.all(jobs);
      if (!first) throw new RangeError('a plan needs at least one seed');
      return mergeTraces(first, ...others);
    } catch (error) {
      failed.abort();
      await Promise.allSettled(jobs);
      throw error;
    }
  }

  async #run(graph: ModelGraph, plan: TrainingPlan, options: TrainOptions): Promise<GradientTrace> {
    const trainer = this.#idle.pop() ?? (await new Promise<TrainerPort>((resolve) => this.#waiting.push(resolve)));
    try {
      options.signal?.throwIfAborted();
      return await trainer.train(graph, plan, options);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(trainer);
      else this.#idle.push(trainer);
    }
  }
}
