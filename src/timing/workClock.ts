/** The least share of the time on the clock that counts as work, so that what waits for ever is stopped as well. */
const LEAST_SHARE = 1 / 4;

/** What a `WorkClock` reads; both in milliseconds. */
export interface TimeSources {
  elapsed(): number;
  /** Processor time of all threads of this process. */
  processor(): number;
}

const SYSTEM: TimeSources = {
  elapsed: () => performance.now(),
  processor: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/**
 * Time limits go by this clock, so that a file that is read on an idle machine is read on a busy one too: a millisecond counts
 * by the share of it in which the process had a processor, but a quarter at least. Several threads at work count as one.
 */
export class WorkClock {
  #total = 0;
  #elapsed: number;
  #processor: number;

  constructor(private readonly sources: TimeSources = SYSTEM) {
    this.#elapsed = sources.elapsed();
    this.#processor = sources.processor();
  }

  /** Milliseconds of work since the clock was made. */
  now(): number {
    const elapsed = this.sources.elapsed();
    const processor = this.sources.processor();
    const passed = elapsed - this.#elapsed;
    this.#total += Math.max(Math.min(passed, processor - this.#processor), passed * LEAST_SHARE);
    this.#elapsed = elapsed;
    this.#processor = processor;
    return this.#total;
  }
}

/** Calls `over` once after so many milliseconds of work; returns what calls it off. */
export function afterWork(limit: number, over: () => void, clock: { now(): number } = new WorkClock()): () => void {
  const end = clock.now() + limit;
  const look = (): void => {
    const left = end - clock.now();
    if (left > 0) timer = setTimeout(look, Math.ceil(left));
    else over();
  };
  let timer = setTimeout(look, limit);
  return () => clearTimeout(timer);
}
