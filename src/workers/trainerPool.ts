import type { ModelGraph } from '../graph/graph';
import { mergeTraces } from '../pipeline/mergeTraces';
import type { TrainerPort } from '../pipeline/ports';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';
import { Cancelled } from './supervisorErrors';
import type { TrainerClient, TrainOptions } from './trainerClient';

type Member = Pick<TrainerClient, 'train' | 'isReady'>;
type Next = (member: Member) => void;

/**
 * Several training threads as one. Each seed of a plan is a run of its own, because threads inside a run measured slower than
 * runs side by side; the seeds' order in the trace is the plan's, whoever finishes first. Runs that find no free thread wait,
 * first come first served,
 * but runs of proofs behind all that diagnose: what is wrong with the next file is shown before the fixes of the last one are tried.
 */
export class TrainerPool implements TrainerPort {
  readonly #free: Member[];
  readonly #waiting: Next[] = [];
  readonly #proofs: Next[] = [];

  /** The members (at least one) stay the caller's, who disposes of them. */
  constructor(members: readonly Member[]) {
    if (members.length === 0) throw new RangeError('a pool needs at least one trainer');
    this.#free = [...members];
  }

  async train(graph: ModelGraph, plan: TrainingPlan, options: TrainOptions): Promise<GradientTrace> {
    if (plan.seeds.length <= 1) return this.#run(graph, plan, options);
    // One failed seed makes the others worthless: they are cancelled rather than left to run.
    const failed = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
    const runs = plan.seeds.map((seed) => this.#run(graph, { ...plan, seeds: [seed] }, { ...options, signal }));
    try {
      const [first, ...others] = await Promise.all(runs);
      if (!first) throw new RangeError('a plan needs at least one seed');
      return mergeTraces(first, ...others);
    } catch (error) {
      failed.abort();
      await Promise.allSettled(runs);
      throw error;
    }
  }

  async #run(graph: ModelGraph, plan: TrainingPlan, options: TrainOptions): Promise<GradientTrace> {
    const member = await this.#acquire(options);
    try {
      return await member.train(graph, plan, options);
    } finally {
      const next = this.#waiting.shift() ?? this.#proofs.shift();
      if (next === undefined) this.#free.push(member);
      else next(member);
    }
  }

  #acquire({ signal, proof = false }: TrainOptions): Promise<Member> {
    if (signal?.aborted === true) return Promise.reject(new Cancelled());
    // A thread that is up is better than one that must start first.
    const ready = this.#free.findIndex((member) => member.isReady);
    const [member] = this.#free.splice(Math.max(0, ready), 1);
    if (member !== undefined) return Promise.resolve(member);
    const queue = proof ? this.#proofs : this.#waiting;
    return new Promise((resolve, reject) => {
      const next: Next = (given) => {
        signal?.removeEventListener('abort', abort);
        resolve(given);
      };
      const abort = () => {
        queue.splice(queue.indexOf(next), 1);
        reject(new Cancelled());
      };
      signal?.addEventListener('abort', abort, { once: true });
      queue.push(next);
    });
  }
}
