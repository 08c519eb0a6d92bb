import type { ModelGraph } from '../graph/graph';
import type { TrainerPort } from '../pipeline/ports';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';
import { Cancelled } from './supervisorErrors';
import type { TrainerClient, TrainOptions } from './trainerClient';

type Member = Pick<TrainerClient, 'train' | 'isReady'>;

/** Several training threads as one: each run gets a free one; further runs wait, first come first served. */
export class TrainerPool implements TrainerPort {
  readonly #free: Member[];
  readonly #waiting: ((member: Member) => void)[] = [];

  /** The members stay the caller's, who disposes of them. */
  constructor(members: readonly Member[]) {
    this.#free = [...members];
  }

  async train(graph: ModelGraph, plan: TrainingPlan, options: TrainOptions): Promise<GradientTrace> {
    const member = await this.#acquire(options.signal);
    try {
      return await member.train(graph, plan, options);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(member);
      else next(member);
    }
  }

  #acquire(signal: AbortSignal | undefined): Promise<Member> {
    if (signal?.aborted === true) return Promise.reject(new Cancelled());
    // A thread that is up is better than one that must start first.
    const ready = this.#free.findIndex((member) => member.isReady);
    const [member] = this.#free.splice(Math.max(0, ready), 1);
    if (member !== undefined) return Promise.resolve(member);
    return new Promise((resolve, reject) => {
      const next = (given: Member) => {
        signal?.removeEventListener('abort', abort);
        resolve(given);
      };
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        reject(new Cancelled());
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(next);
    });
  }
}
