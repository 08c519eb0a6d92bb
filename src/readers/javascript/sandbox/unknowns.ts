const FACTS = Symbol('facts');
/** What destructuring takes at most; a loop over something unknown ends after as many rounds. */
const ELEMENTS = 8;
/** Whoever takes more elements than these goes through all of them. */
const FEW = 4;
const ITERATES = /\.(forEach|map|flatMap|reduce|reduceRight|filter|some|every)$/;
const BUILDS = /\.(add|apply|push)\s*\(|\blayers\b|\bsequential\b/;
/** The figure that an unknown number counts as while guessing. */
export const GUESSED_SIZE = 8;
const MOST_CALLBACKS = 400;
const MOST_SETTLED = 500;
const LONGEST_NAME = 60;

/** What is known of an unknown value. */
export interface Facts {
  /** How the code gets at it, e.g. `data.width`. */
  name?: string;
  /** Properties that are known after all. */
  known?: Readonly<Record<string, unknown>>;
  /** Whether it is, or comes from, a model that is loaded from elsewhere. */
  loaded?: boolean;
  /** Hears what is assigned to its properties. */
  assigned?: (name: string, value: unknown) => void;
}

type AnyFunction = (...given: unknown[]) => unknown;

/** Makes and counts the values that stand for whatever is not read: packages, data, the page. */
export class Unknowns {
  /** How often one was used as a number or gone through to its end: the code then depends on what is not known. */
  coercions = 0;
  /** How often code was left out that would add layers for each of something unknown. */
  skipped = 0;
  /** Whether an unknown number counts as `GUESSED_SIZE` instead of NaN. */
  guessing = false;
  /** Names of the unknown numbers that were guessed. */
  guessed = new Set<string>();
  readonly #callbacks = new Set<AnyFunction>();
  readonly #seen = new Set<unknown>();
  #settled = 0;

  /**
   * Every property, call and construction of the value gives another such value; as a number it is NaN, so that nothing is ever
   * built with a made-up size.
   */
  readonly make = (facts: Facts = {}): unknown => this.#make(facts, true);

  /** How many functions were handed to unknown ones and not taken since. */
  get callbacks(): number {
    return this.#callbacks.size;
  }

  takeCallback(): AnyFunction | null {
    const [first] = this.#callbacks;
    if (!first) return null;
    this.#callbacks.delete(first);
    return first;
  }

  #make(facts: Facts, thenable: boolean): unknown {
    const child = (step: string): unknown => this.make(named(facts, step));
    const target = (): undefined => undefined;
    const proxy: unknown = new Proxy(target, {
      get: (_, key) => {
        if (key === FACTS) return facts;
        if (key === 'then') return thenable ? this.#then(facts) : undefined;
        if (key === Symbol.toPrimitive) return (hint: string) => this.#primitive(facts, hint);
        if (key === Symbol.iterator) return () => this.#iterate(facts);
        if (key === Symbol.asyncIterator) return () => this.#iterateLater(facts);
        if (typeof key === 'symbol') return undefined;
        if (facts.known && Object.hasOwn(facts.known, key)) return facts.known[key];
        return child(/^\d+$/.test(key) ? `[${key}]` : `.${key}`);
      },
      has: (_, key) => key !== 'then',
      set: (_, key, value) => {
        if (typeof key === 'string') facts.assigned?.(key, value);
        this.keep(value);
        return true;
      },
      defineProperty: () => true,
      deleteProperty: () => true,
      apply: (_, _receiver, given: unknown[]) => {
        given.forEach((item) => this.keep(item));
        // What is done for each of unknown elements is not done here.
        if (ITERATES.test(facts.name ?? '')) {
          this.coercions++;
          if (given.some((item) => typeof item === 'function' && BUILDS.test(sourceOf(item)))) this.skipped++;
        }
        return child('()');
      },
      ownKeys: () => {
        this.coercions++;
        return [];
      },
      construct: (_, given: unknown[], newTarget) => {
        given.forEach((item) => this.keep(item));
        // A class of the file's own that extends something unknown still has its own methods.
        if (newTarget !== proxy) return Object.create(newTarget.prototype as object) as object;
        return child('()') as object;
      },
      getPrototypeOf: () => Object.prototype,
    });
    return proxy;
  }

  #primitive(facts: Facts, hint: string): string | number {
    if (hint === 'string') return '';
    if (this.guessing) {
      this.guessed.add(facts.name ?? 'a number');
      return GUESSED_SIZE;
    }
    this.coercions++;
    return NaN;
  }

  #then(facts: Facts): AnyFunction {
    const settled = this.#make(facts, false);
    return (resolve) => {
      // A loop that waits for something unknown in every round ends here.
      if (typeof resolve === 'function' && !isUnknown(resolve) && this.#settled++ < MOST_SETTLED)
        void Promise.resolve()
          .then(() => (resolve as AnyFunction)(settled))
          // What the callback throws is the file's own affair, and nobody waits for it.
          .catch(() => undefined);
      return this.make(facts);
    };
  }

  *#iterate(facts: Facts): Generator {
    for (let i = 0; i < ELEMENTS; i++) {
      if (i === FEW) this.coercions++;
      yield this.make(named(facts, `[${i}]`));
    }
  }

  async *#iterateLater(facts: Facts): AsyncGenerator {
    await Promise.resolve();
    yield this.make(named(facts, '[0]'));
  }

  /** Keeps functions that something unknown may call one day: handlers of events, bodies of tests, what follows a download. */
  keep(value: unknown, depth = 0): void {
    if (isUnknown(value) || this.#seen.size >= MOST_CALLBACKS) return;
    if (typeof value === 'function') {
      if (this.#seen.has(value) || /^\s*class\b/.test(sourceOf(value))) return;
      this.#seen.add(value);
      this.#callbacks.add(value as AnyFunction);
    } else if (typeof value === 'object' && value !== null && depth < 3 && isPlain(value)) {
      Object.values(value).forEach((item) => this.keep(item, depth + 1));
    }
  }
}

function named({ name, loaded }: Facts, step: string): Facts {
  const longer = name === undefined ? undefined : `${name}${step}`;
  return {
    ...(longer === undefined ? {} : { name: longer.length > LONGEST_NAME ? name : longer }),
    ...(loaded === undefined ? {} : { loaded }),
  };
}

const sourceOf = (value: unknown): string => Function.prototype.toString.call(value);

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}

/** What is known of an unknown value; null for any other value. */
export function factsOf(value: unknown): Facts | null {
  if (typeof value !== 'function') return null;
  const facts = (value as unknown as Record<symbol, unknown>)[FACTS];
  return typeof facts === 'object' && facts !== null ? facts : null;
}

export const isUnknown = (value: unknown): boolean => factsOf(value) !== null;

/** A place in plain data that holds an unknown value or NaN. */
export interface UnknownPlace {
  /** Path of property names. */
  path: string;
  facts: Facts;
}

/** The first unknown value or NaN inside plain data, null where there is none. */
export function unknownIn(value: unknown, path = '', depth = 0): UnknownPlace | null {
  const facts = typeof value === 'number' && Number.isNaN(value) ? {} : factsOf(value);
  if (facts) return { path, facts };
  if (typeof value !== 'object' || value === null || depth > 3 || !isPlain(value)) return null;
  for (const [name, item] of Object.entries(value)) {
    const found = unknownIn(item, Array.isArray(value) ? path : path === '' ? name : `${path}.${name}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
