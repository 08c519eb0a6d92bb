const SITE = Symbol('site');

/** The call sites of the user's code that are being run, and what was made at them. */
export class Sites {
  #stack: number[] = [];
  #last: number | null = null;
  #pending: number | null = null;

  /** Runs the call at site `id`; used by the instrumented code. */
  readonly at = <T>(id: number, call: () => T): T => {
    this.#pending = null;
    this.#stack.push(id);
    const depth = this.#stack.length;
    try {
      return call();
    } catch (error) {
      // The innermost site that an error passes first is where it happened.
      if (typeof error === 'object' && error !== null && siteOf(error) === null) mark(error, id);
      throw error;
    } finally {
      this.#last = id;
      this.#stack.length = depth - 1;
    }
  };

  /** Notes the site of a call whose arguments wait for something: the call itself cannot move into another function. */
  readonly about = <T>(id: number, given: T): T => {
    this.#pending = id;
    return given;
  };

  /** Notes that a statement begins. */
  readonly here = (id: number): void => {
    this.#last = id;
  };

  get current(): number | null {
    return this.#pending ?? this.#stack.at(-1) ?? null;
  }

  /** Innermost first. */
  get stack(): number[] {
    const stack = this.#stack.toReversed();
    return this.#pending === null ? stack : [this.#pending, ...stack];
  }

  /** Where the code stands, or stood last. */
  get whereabouts(): number | null {
    return this.current ?? this.#last;
  }

  /** An interrupted run leaves its calls on the stack. */
  clear(): void {
    this.#stack = [];
    this.#pending = null;
  }
}

/** Notes where `made` was constructed; the first note stays. */
export function mark(made: object, site: number | null): void {
  if (site === null || !Object.isExtensible(made) || siteOf(made) !== null) return;
  Object.defineProperty(made, SITE, { value: site });
}

export function siteOf(made: object): number | null {
  const site = (made as Record<symbol, unknown>)[SITE];
  return typeof site === 'number' ? site : null;
}
