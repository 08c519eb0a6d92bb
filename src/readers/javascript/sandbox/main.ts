// The program inside the seal: tfjs-layers with its calls watched, and the user's modules run against it.
import { LayersModel } from '@tensorflow/tfjs-layers';
import { furnish } from './globals';
import { type Coercions, isInert, makeInert } from './inert';
import { Models } from './models';
import { Modules } from './modules';
import { useShapesBackend } from './nullBackend';
import type { Answer, Failure, State } from './records';
import { siteOf, Sites } from './sites';
import { makeTensorflow } from './tensorflow';
import { UnknownValue } from './unknownValue';

/** Arguments given to functions that want some; more than any has. */
const MOST_ARGUMENTS = 12;

const scope = globalThis as unknown as Record<string, unknown>;
const resetNames = scope['__resetNames'] as () => void;
const { stringify } = JSON;
delete scope['__resetNames'];

useShapesBackend();
const coercions: Coercions = { count: 0 };
furnish(scope, coercions);
const sites = new Sites();
const models = new Models(sites, coercions);
const failures: State['failures'] = [];
const modules = new Modules(
  makeTensorflow(sites, models, coercions),
  (error, variable) => {
    failures.push({ failure: failureOf(error), variable });
  },
  coercions,
);
let answer: Answer = { found: [], failure: null };

function failureOf(error: unknown): Failure {
  const site = typeof error === 'object' && error !== null ? siteOf(error) : null;
  const message =
    error instanceof Error ? `${error.name}: ${error.message}` : 'the code threw a value that is not an Error';
  return error instanceof UnknownValue
    ? { code: 'unknown-value', message: error.message, site }
    : { code: 'runtime-error', message, site };
}

/** Models in a value: the value itself, or its own properties. */
function collect(value: unknown): void {
  if (value instanceof LayersModel) {
    answer.found.push({ path: '', model: models.describe(value) });
  } else if (typeof value === 'object' && value !== null && !isInert(value)) {
    for (const [name, item] of Object.entries(value))
      if (item instanceof LayersModel && item.layers.length > 0)
        answer.found.push({
          path: /^[A-Za-z_$][\w$]*(\(\))?$/.test(name) ? `.${name}` : `[${stringify(name)}]`,
          model: models.describe(item),
        });
  }
}

/** Runs `body`; what it promises is awaited by the jobs that the host runs next. */
function ask(body: () => unknown): void {
  answer = { found: [], failure: null };
  const refuse = (error: unknown): void => {
    answer.failure = failureOf(error);
  };
  try {
    const value = body();
    if (value instanceof Promise) void value.then(collect).catch(refuse);
    else collect(value);
  } catch (error) {
    refuse(error);
  }
}

/** An object's models; where it has none yet, those that its builder gives. */
function built(made: object): unknown {
  if (Object.values(made).some((value) => value instanceof LayersModel && value.layers.length > 0)) return made;
  const prototype = Object.getPrototypeOf(made) as Record<string, unknown>;
  const found: Record<string, unknown> = { ...made };
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (!/^(build|create|make|init|define|assemble)/i.test(name)) continue;
    const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
    if (typeof method !== 'function' || method.length > 0) continue;
    const value = (method as () => unknown).call(made);
    if (value instanceof LayersModel) found[`${name}()`] = value;
    else Object.assign(found, made);
  }
  return found;
}

function valueOf(path: string, name: string): unknown {
  return modules.scope(path)?.names[name]?.();
}

const lens = {
  at: sites.at,
  here: sites.here,
  define: modules.define.bind(modules),
  run(path: string): void {
    resetNames();
    try {
      const running = modules.run(path);
      if (running instanceof Promise)
        void running.catch((error: unknown) => void failures.push({ failure: failureOf(error), variable: null }));
    } catch (error) {
      failures.push({ failure: failureOf(error), variable: null });
    }
  },
  variable(path: string, name: string): void {
    ask(() => {
      const value = valueOf(path, name);
      return value instanceof LayersModel || typeof value === 'object' ? value : undefined;
    });
  },
  call(path: string, name: string): void {
    resetNames();
    models.forget();
    ask(() => {
      const value = valueOf(path, name);
      return typeof value === 'function' && !isInert(value) ? (value as () => unknown)() : undefined;
    });
  },
  construct(path: string, name: string): void {
    resetNames();
    models.forget();
    ask(() => {
      const value = valueOf(path, name);
      return typeof value === 'function' && !isInert(value) ? built(new (value as new () => object)()) : undefined;
    });
  },
  entry(path: string, number: number): void {
    resetNames();
    models.forget();
    ask(() => modules.scope(path)?.entries[number]?.());
  },
  /** Runs a function with unknown arguments: the calls inside it show how the file builds its models. */
  exercise(path: string, name: string): void {
    resetNames();
    models.forget();
    ask(() => {
      const value = valueOf(path, name);
      if (typeof value !== 'function' || isInert(value)) return undefined;
      const unknown = Array.from({ length: MOST_ARGUMENTS }, () => makeInert({}, coercions));
      return (value as (...given: unknown[]) => unknown)(...unknown);
    });
  },
  answer: () => stringify(answer),
  state: () => stringify({ failures, made: models.roots(), whereabouts: sites.whereabouts } satisfies State),
  clear: () => sites.clear(),
};
Object.defineProperty(scope, '__lens', { value: Object.freeze(lens) });
