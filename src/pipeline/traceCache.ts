import type { GradientTrace } from '../trace/trace';

/** The traces last used, up to `capacity`; partial ones are never kept, because a quieter machine would do better. */
export class TraceCache {
  readonly #traces = new Map<string, GradientTrace>();

  constructor(private readonly capacity: number) {}

  get(key: string): GradientTrace | undefined {
    const trace = this.#traces.get(key);
    if (trace) {
      // A Map keeps the order of insertion: moving a hit to the end makes the first key the one unused for longest.
      this.#traces.delete(key);
      this.#traces.set(key, trace);
    }
    return trace;
  }

  set(key: string, trace: GradientTrace): void {
    if (trace.partial) return;
    this.#traces.set(key, trace);
    const oldest = this.#traces.keys().next();
    if (this.#traces.size > this.capacity && !oldest.done) this.#traces.delete(oldest.value);
  }
}
