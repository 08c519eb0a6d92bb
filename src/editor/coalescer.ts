/**
 * Turns bursts of requests for the same key into one run: save-all, format on save and file events come in flocks.
 * The run starts `delay` milliseconds after the first request of a burst, so a steady stream cannot starve it.
 */
export class Coalescer<K> {
  readonly #timers = new Map<K, ReturnType<typeof setTimeout>>();
  readonly #delay: number;
  readonly #run: (key: K) => void;

  constructor(delay: number, run: (key: K) => void) {
    this.#delay = delay;
    this.#run = run;
  }

  request(key: K): void {
    if (this.#timers.has(key)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#run(key);
    }, this.#delay);
    this.#timers.set(key, timer);
  }

  /** Forgets a request that has not started. */
  cancel(key: K): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
