import { candidatesOf } from '../moduleNames';
import { type Coercions, makeInert } from './inert';

type Body = (require: unknown, exports: unknown, module: { exports: unknown }, scope: Scope) => unknown;

/** A module's top-level names, each read when it is asked for, and the expressions that the caller may want of it. */
export interface Scope {
  names: Record<string, () => unknown>;
  entries: (() => unknown)[];
  attempt: (variable: string | null, body: () => unknown) => unknown;
  failed: (error: unknown) => void;
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

  constructor(
    private readonly tensorflow: unknown,
    private readonly failed: (error: unknown, variable: string | null) => void,
    private readonly coercions: Coercions,
  ) {}

  define(path: string, body: Body): void {
    const attempt = (variable: string | null, run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        this.failed(error, variable);
        return makeInert({}, this.coercions);
      }
    };
    this.#modules.set(path, {
      module: { exports: {} },
      scope: { names: {}, entries: [], attempt, failed: (error) => this.failed(error, null) },
      started: false,
      body,
    });
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
    return loaded.body(require, loaded.module.exports, loaded.module, loaded.scope);
  }

  scope(path: string): Scope | null {
    return this.#modules.get(path)?.scope ?? null;
  }

  #require(from: string, name: string): unknown {
    if (TENSORFLOW.test(name)) return this.tensorflow;
    if (!name.startsWith('.')) return makeInert({}, this.coercions);
    for (const path of candidatesOf(join(from, name))) {
      const loaded = this.#modules.get(path);
      if (!loaded) continue;
      try {
        this.run(path);
      } catch (error) {
        this.failed(error, null);
      }
      return loaded.module.exports;
    }
    return makeInert({}, this.coercions);
  }
}

function join(from: string, name: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
