import { factsOf, type Unknowns } from './unknowns';

type Listener = (event: unknown) => unknown;

/** A worker that the page has started: what it is posted, and who listens to what it posts back. */
interface Started {
  /** File name of the worker's script without its end; null where that is not known. */
  script: string | null;
  posted: unknown[];
  listeners: Listener[];
}

/**
 * Brings what a page posts to a worker to the listeners of the worker's module, and back: models are often built in a worker, of sizes
 * that only the page says. Pages and workers share one scope here, so that the modules that are being run tell them apart.
 */
export class Messages {
  readonly #listeners: { script: string | null; listener: Listener }[] = [];
  readonly #started: Started[] = [];

  /** @param running path of the module whose top level runs, null where none does */
  constructor(
    private readonly unknowns: Unknowns,
    private readonly running: () => string | null,
  ) {}

  /** Puts `Worker`, `URL`, `self` and what belongs to them into the scope. */
  furnish(scope: Record<string, unknown>): void {
    const listen = (type: unknown, listener: unknown): void => {
      if (type === 'message') this.#listen(listener);
      else this.unknowns.keep(listener);
    };
    const post = (data: unknown): void => this.#postBack(data);
    const handler = {
      get: () => null,
      set: (listener: unknown) => this.#listen(listener),
      configurable: true,
    };
    scope['addEventListener'] = listen;
    scope['postMessage'] = post;
    Object.defineProperty(scope, 'onmessage', handler);
    const known = { addEventListener: listen, postMessage: post };
    const assigned = (name: string, value: unknown): void => {
      if (name === 'onmessage') this.#listen(value);
    };
    scope['self'] = this.unknowns.make({ name: 'self', known, assigned });
    const worker = (script: unknown): unknown => this.#start(script);
    const address = (given: unknown): unknown =>
      this.unknowns.make({ name: 'a URL', known: typeof given === 'string' ? { href: given } : {} });
    scope['Worker'] = function (script: unknown): unknown {
      return worker(script);
    };
    scope['URL'] = Object.assign(
      function (given: unknown): unknown {
        return address(given);
      },
      { createObjectURL: address, revokeObjectURL: () => undefined },
    );
  }

  #start(script: unknown): unknown {
    const given = factsOf(script)?.known?.['href'] ?? script;
    const started: Started = { script: stemOf(typeof given === 'string' ? given : null), posted: [], listeners: [] };
    this.#started.push(started);
    const listen = (listener: unknown): void => {
      if (typeof listener === 'function') started.listeners.push(listener as Listener);
      this.unknowns.keep(listener);
    };
    const post = (data: unknown): void => {
      started.posted.push(data);
      for (const { script: module, listener } of [...this.#listeners])
        if (module === started.script && module !== null) this.#tell(listener, data);
    };
    return this.unknowns.make({
      name: 'a worker',
      known: {
        postMessage: post,
        addEventListener: (type: unknown, listener: unknown) =>
          type === 'message' ? listen(listener) : this.unknowns.keep(listener),
      },
      assigned: (name, value) => {
        if (name === 'onmessage') listen(value);
      },
    });
  }

  /** Takes a listener of the module that runs, which may have messages waiting; with nobody to post, it is called with unknown ones. */
  #listen(listener: unknown): void {
    if (typeof listener !== 'function') return;
    const script = stemOf(this.running());
    this.#listeners.push({ script, listener: listener as Listener });
    const waiting = this.#started.filter((started) => started.script === script && script !== null);
    for (const { posted } of waiting) for (const data of posted) this.#tell(listener as Listener, data);
    this.unknowns.keep(listener);
  }

  /** Which worker posts is not known once its top level has run, so that only a single one is heard. */
  #postBack(data: unknown): void {
    const [only, ...others] = this.#started;
    if (others.length === 0) for (const listener of only?.listeners ?? []) this.#tell(listener, data);
  }

  #tell(listener: Listener, data: unknown): void {
    try {
      const answer = listener(this.unknowns.make({ name: 'a message', known: { data } }));
      // What a listener throws is the file's own affair.
      if (answer instanceof Promise) void answer.catch(() => undefined);
    } catch {
      // Nor is it the business of whoever posts.
    }
  }
}

const stemOf = (path: string | null): string | null =>
  path === null ? null : (/([^/]+?)(?:\.[cm]?[jt]sx?)?(?:[?#].*)?$/.exec(path)?.[1] ?? null);
