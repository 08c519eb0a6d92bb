import * as path from 'node:path';
import type { ModelGraph } from '../graph/graph';
import type { TrainerPort } from '../pipeline/ports';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';
import type { LatticeResult } from '../training/trainer';
import { SupervisedWorker } from './supervisor';
import { Cancelled } from './supervisorErrors';
import type { Answer, TrainerApi, TrainerData, TrainerEvents } from './trainerApi';

export type TrainOptions = Parameters<TrainerPort['train']>[2];

/** A thread whose WASM heap has grown beyond this is replaced after its call, since WASM memory never shrinks. */
const RECYCLE_BYTES = 512 * 2 ** 20;
/** Milliseconds beyond its budget after which a run counts as hung: one step of the largest model that is not refused takes less. */
const HANG = 120_000;
/**
 * Milliseconds that a cancelled run gets to stop by itself, which keeps its thread: it is asked between ops. One that is in the
 * middle of a long op is terminated with its thread, so that the core is free within 50 ms.
 */
const CANCEL_GRACE = 25;

/** One training thread: started with the first call, one call at a time, replaced when it fails or has grown large. */
export class TrainerClient implements TrainerPort {
  readonly #worker: SupervisedWorker<TrainerApi, TrainerEvents>;
  readonly #listeners = new Map<number, NonNullable<TrainOptions['onStep']>>();
  #jobs = 0;
  /** Settles when all calls so far are done. */
  #tail: Promise<void> = Promise.resolve();

  /**
   * @param directory the folder that holds `trainer.js` and `wasm/`
   * @param log one line for each start, end and failure of the thread
   * @param cancelGrace milliseconds after which a cancelled run is terminated
   */
  constructor(directory: string, log: (message: string) => void, cancelGrace = CANCEL_GRACE) {
    const workerData: TrainerData = { wasm: path.join(directory, 'wasm') };
    this.#worker = new SupervisedWorker<TrainerApi, TrainerEvents>({
      name: 'trainer',
      file: path.join(directory, 'trainer.js'),
      workerData,
      events: { step: (job, seed, step, loss) => this.#listeners.get(job)?.(seed, step, loss) },
      cancelGrace,
      log,
    });
  }

  /** Whether the thread is up, so that a call need not wait for its start. */
  get isReady(): boolean {
    return this.#worker.isReady;
  }

  /** Starts the thread ahead of the first call. */
  start(): Promise<void> {
    return this.#worker.start();
  }

  train(graph: ModelGraph, plan: TrainingPlan, options: TrainOptions): Promise<GradientTrace> {
    const { budget, onStep, signal } = options;
    const job = this.#jobs++;
    const cancel = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const abort = () => void Atomics.store(cancel, 0, 1);
    return this.#inTurn(signal, async () => {
      signal?.addEventListener('abort', abort, { once: true });
      if (onStep !== undefined) this.#listeners.set(job, onStep);
      try {
        const timeout = budget === undefined ? undefined : budget * plan.seeds.length + HANG;
        return await this.#worker.call('train', [job, graph, plan, { cancel, budget: budget ?? null }], {
          signal,
          timeout,
        });
      } finally {
        this.#listeners.delete(job);
        signal?.removeEventListener('abort', abort);
      }
    });
  }

  lattice(graph: ModelGraph, signal?: AbortSignal): Promise<LatticeResult> {
    return this.#inTurn(signal, () => this.#worker.call('lattice', [graph], { signal }));
  }

  initialDeviations(graph: ModelGraph, seeds: number[], signal?: AbortSignal): Promise<number[]> {
    return this.#inTurn(signal, () => this.#worker.call('initialDeviations', [graph, seeds], { signal }));
  }

  /** Ends the thread for good; calls under way and waiting ones reject with `Cancelled`. */
  dispose(): Promise<void> {
    return this.#worker.dispose();
  }

  /** Runs one call after the others, so that the thread can be replaced between two without harm. */
  async #inTurn<T>(signal: AbortSignal | undefined, run: () => Promise<Answer<T>>): Promise<T> {
    const before = this.#tail;
    let done: () => void = () => undefined;
    this.#tail = new Promise((resolve) => (done = resolve));
    try {
      await turn(before, signal);
      const { result, heapBytes } = await run();
      if (heapBytes > RECYCLE_BYTES) await this.#worker.stop();
      return result;
    } finally {
      // A call that was given up while it waited must not let the next one in early.
      void before.then(done);
    }
  }
}

/** Resolves with `before`; rejects at once where `signal` aborts first. */
function turn(before: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Cancelled());
    if (signal?.aborted === true) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    void before.then(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
  });
}
