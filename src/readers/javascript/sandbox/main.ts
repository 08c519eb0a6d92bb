// The program inside the seal: tfjs-layers with its calls watched, and the user's modules run against it.
import { LayersModel } from '@tensorflow/tfjs-layers';
import { Callers } from './callers';
import { layerAt, LayerTrace } from './layerTrace';
import { furnish } from './globals';
import { Messages } from './messages';
import { Models } from './models';
import { Modules } from './modules';
import { MissingKernel, Operations } from './operations';
import type { PageElement } from './page';
import type { Answer, Failure, State, TraceAnswer } from './records';
import type { Shaped } from './tensors/datum';
import { siteOf, Sites } from './sites';
import { makeTensorflow } from './tensorflow';
import { useShapesBackend } from './tensors/backend';
import { isUnknown, Unknowns } from './unknowns';
import { UnknownValue } from './unknownValue';
import { watchWeights } from './weights';

/** Arguments given to functions that say nothing about theirs; more than any has. */
const MOST_ARGUMENTS = 12;

type AnyFunction = (...given: unknown[]) => unknown;
type AnyClass = new (...given: unknown[]) => object;

const scope = globalThis as unknown as Record<string, unknown>;
const resetNames = scope['__resetNames'] as () => void;
const { stringify } = JSON;
delete scope['__resetNames'];

const unknowns = new Unknowns();
const sites = new Sites();
let elements: Readonly<Record<string, PageElement>> = {};
useShapesBackend(sites);
watchWeights();
furnish(scope, unknowns, () => elements);
const callers = new Callers(unknowns);
const models = new Models(sites, callers, unknowns);
const failures: State['failures'] = [];
const operations = new Operations(unknowns);
const tensorflow = makeTensorflow(sites, models, operations, unknowns);
// Pages load TensorFlow.js by a script tag.
scope['tf'] = tensorflow;
const modules = new Modules(
  tensorflow,
  (error, variable) => {
    failures.push({ failure: failureOf(error), variable });
  },
  unknowns,
  callers.enter,
  callers.begin,
);
new Messages(unknowns, () => modules.running).furnish(scope);
const layerTrace = new LayerTrace();
let answer: Answer = { found: [], failure: null };
let traced: { trace: TraceAnswer | null; failure: Failure | null } = { trace: null, failure: null };

function failureOf(error: unknown): Failure {
  const site = typeof error === 'object' && error !== null ? siteOf(error) : null;
  const message =
    error instanceof Error ? `${error.name}: ${error.message}` : 'the code threw a value that is not an Error';
  if (error instanceof MissingKernel) return { code: 'unsupported', message: error.message, site };
  if (error instanceof Error && error.name === 'InternalError' && error.message === 'stack overflow')
    return { code: 'too-deep', message: 'The code calls itself without end, or deeper than can be followed.', site };
  return error instanceof UnknownValue
    ? { code: 'unknown-value', message: error.message, site }
    : { code: 'runtime-error', message, site };
}

/** Models in a value: the value itself, or its own properties. */
function collect(value: unknown): void {
  if (value instanceof LayersModel) {
    answer.found.push({ path: '', model: models.describe(value) });
  } else if (typeof value === 'object' && value !== null && !isUnknown(value)) {
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

/** Numbers that JSON does not know. */
const isOdd = (value: unknown) => typeof value === 'number' && !Number.isFinite(value);

const isCallable = (value: unknown): value is AnyFunction => typeof value === 'function' && !isUnknown(value);

/** Unknown values under the names of parameters, and some more. */
const unknownFor = (names: readonly string[]): unknown[] =>
  Array.from({ length: Math.max(MOST_ARGUMENTS, names.length) }, (_, i) => {
    const name = names[i];
    return unknowns.make(name === undefined || name === '' ? {} : { name });
  });

function begin(): void {
  resetNames();
  models.forget();
}

const swallow = (value: unknown): void => {
  if (value instanceof Promise) void value.catch(() => undefined);
};

const lens = {
  at: sites.at,
  here(site: number): void {
    callers.begin();
    sites.here(site);
  },
  about: sites.about,
  define: modules.define.bind(modules),
  page(given: Readonly<Record<string, PageElement>>): void {
    elements = given;
  },
  guess(): void {
    unknowns.guessing = true;
  },
  run(path: string): void {
    modules.active = path;
    lens.runOther(path);
  },
  /** Runs another module of the workspace, which may show how the active one is used. */
  runOther(path: string): void {
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
    begin();
    ask(() => {
      const value = valueOf(path, name);
      return isCallable(value) ? value() : undefined;
    });
  },
  construct(path: string, name: string): void {
    begin();
    ask(() => {
      const value = valueOf(path, name);
      return isCallable(value) ? built(new (value as unknown as AnyClass)()) : undefined;
    });
  },
  entry(path: string, number: number): void {
    begin();
    ask(() => modules.scope(path)?.entries[number]?.());
  },
  /** Runs a function with unknown arguments: the calls inside it show how the file builds its models. */
  exercise(path: string, name: string, parameters: readonly string[]): void {
    begin();
    ask(() => {
      const value = valueOf(path, name);
      return isCallable(value) ? value(...unknownFor(parameters)) : undefined;
    });
  },
  /** Makes an object with unknown arguments, and calls a method of it with some. */
  exerciseMethod(
    path: string,
    name: string,
    parameters: readonly string[],
    method: string | null,
    of: readonly string[],
  ): void {
    begin();
    ask(() => {
      const value = valueOf(path, name);
      if (!isCallable(value)) return undefined;
      const made = new (value as unknown as AnyClass)(...unknownFor(parameters)) as Record<string, unknown>;
      if (method === null) return built(made);
      const member = made[method] ?? (value as unknown as Record<string, unknown>)[method];
      const given = isCallable(member) ? member.apply(made, unknownFor(of)) : undefined;
      const whole = (last: unknown) => (last instanceof LayersModel ? last : made);
      return given instanceof Promise ? given.then(whole) : whole(given);
    });
  },
  /** Calls one of the functions that were handed to unknown ones: handlers, tests, what follows a download. */
  callBack(): void {
    unknowns.coercions = 0;
    callers.forget();
    try {
      swallow(unknowns.takeCallback()?.(...unknownFor([])));
    } catch {
      // A handler that fails for want of its event says nothing about the models.
    }
  },
  callbacks: () => `${unknowns.callbacks} ${models.changes}`,
  begin,
  /** Follows the `call` of a layer of the file's own, in the model that was described as number `number`. */
  trace(number: number, names: readonly string[], given: readonly Shaped[], named: Record<string, unknown>): void {
    traced = { trace: null, failure: null };
    operations.strict = true;
    try {
      const model = models.numbered(number);
      const layer = model === null ? null : layerAt(model, names);
      if (layer) traced.trace = layerTrace.of(layer, given, named);
    } catch (error) {
      const failure = failureOf(error);
      traced.failure = { ...failure, site: failure.site ?? sites.whereabouts };
    } finally {
      operations.strict = false;
    }
  },
  traced: () => stringify(traced, (_, value: unknown) => (isOdd(value) ? String(value) : value)),
  answer: () => stringify(answer),
  state: () => stringify({ failures, made: models.roots(), whereabouts: sites.whereabouts } satisfies State),
  clear: () => sites.clear(),
};
Object.defineProperty(scope, '__lens', { value: Object.freeze(lens) });
