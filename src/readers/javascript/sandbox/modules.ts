import { pathsOf } from '../moduleNames';
import { commandLinePackages } from './commandLine';
import type { Unknowns } from './unknowns';

type Body = (require: unknown, exports: unknown, module: { exports: unknown }, scope: Scope) => unknown;

/** A module's top-level names, each read when it is asked for, and the expressions that the caller may want of it. */
export interface Scope {
  names: Record<string, () => unknown>;
  entries: (() => unknown)[];
  attempt: (variable: string | null, body: () => unknown) => unknown;
  failed: (error: unknown) => void;
  /** Notes the arguments with which a top-level function or class is called. */
  enter: (name: string, given: ArrayLike<unknown>) => void;
  /** The same of an arrow function, which has no `arguments`. */
  watch: (name: string, body: (...given: unknown[]) => unknown) => unknown;
  /** Stands for a name whose statement cannot be parsed. */
  unknown: (name: string) => unknown;
  /** `import()` */
  load: (name: string) => Promise<unknown>;
  /** `import.meta` */
  meta: unknown;
}

interface Loaded {
  module: { exports: unknown };
  scope: Scope;
  started: boolean;
  body: Body;
}

const TENSORFLOW = /^@tensorflow\/tfjs(-node|-node-gpu|-layers|-core|-backend-\w+|-react-native)?(\/.*)?$/;

/** The file and the modules beside it, run in CommonJS form; whatever else is imported is inert. */
export class Modules {
  readonly #modules = new Map<string, Loaded>();
  readonly #packages: Readonly<Record<string, unknown>>;
  #active = '';
  #running: string | null = null;

  constructor(
    private readonly tensorflow: unknown,
    private readonly failed: (error: unknown, variable: string | null) => void,
    private readonly unknowns: Unknowns,
    private readonly enter: (name: string, given: ArrayLike<unknown>) => void,
    private readonly begin: () => void,
  ) {
    this.#packages = commandLinePackages(unknowns);
  }

  define(path: string, body: Body): void {
    const attempt = (variable: string | null, run: () => unknown): unknown => {
      this.begin();
      try {
        return run();
      } catch (error) {
        this.failed(error, variable);
        return this.unknowns.make({ name: variable ?? 'a value' });
      }
    };
    this.#modules.set(path, {
      module: { exports: {} },
      scope: {
        names: {},
        entries: [],
        attempt,
        failed: (error) => this.failed(error, null),
        enter: (name, given) => {
          if (path === this.#active) this.enter(name, given);
        },
        watch: (name, body) => {
          const enter = (given: unknown[]) => {
            if (path === this.#active) this.enter(name, given);
          };
          const watched = (...given: unknown[]): unknown => {
            enter(given);
            return body(...given);
          };
          Object.defineProperty(watched, 'name', { value: name });
          Object.defineProperty(watched, 'length', { value: body.length });
          return watched;
        },
        unknown: (name) => this.unknowns.make({ name }),
        load: (name) => Promise.resolve().then(() => this.#require(path, name)),
        meta: this.unknowns.make({ name: 'import.meta' }),
      },
      started: false,
      body,
    });
  }

  /** The module whose calls are noted. */
  set active(path: string) {
    this.#active = path;
  }

  /** @returns a promise where the module awaits at its top level. */
  run(path: string): unknown {
    const loaded = this.#modules.get(path);
    if (!loaded || loaded.started) return undefined;
    loaded.started = true;
    const require = Object.assign((name: string) => this.#require(path, name), {
      main: null,
      resolve: (name: string) => name,
    });
    const outer = this.#running;
    this.#running = path;
    try {
      return loaded.body(require, loaded.module.exports, loaded.module, loaded.scope);
    } finally {
      this.#running = outer;
    }
  }

  /** Path of the module whose top level is being run. */
  get running(): string | null {
    return this.#running;
  }

  scope(path: string): Scope | null {
    return this.#modules.get(path)?.scope ?? null;
  }

  #require(from: string, name: string): unknown {
    if (TENSORFLOW.test(name)) return this.tensorflow;
    const isRelative = name.startsWith('.');
    if (!isRelative && Object.hasOwn(this.#packages, name)) return this.#packages[name];
    // Beside relative names, a bare one may be a module of the workspace under an alias (`@/model`, `src/model`).
    for (const path of pathsOf(from, name)) {
      const loaded = this.#modules.get(path);
      if (!loaded) continue;
      try {
        this.run(path);
      } catch (error) {
        this.failed(error, null);
      }
      return loaded.module.exports;
    }
    return this.unknowns.make({ name, ...(name.startsWith('@tensorflow-models/') ? { loaded: true } : {}) });
  }
}
