import { serialization } from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type Coercions, type Facts, isInert, makeInert, unknownIn } from './inert';
import type { Models, NamedSetting } from './models';
import { mark, type Sites } from './sites';
import { UnknownValue } from './unknownValue';

type Callable = (...given: unknown[]) => unknown;
type Namespace = Record<string, unknown>;

/** Settings of a layer that shape neither the model nor its start. */
const HARMLESS = /regularizer|constraint|^trainable$|^weights$|callback/i;

/** `@tensorflow/tfjs` as the file sees it: tfjs-layers itself, with every call watched, and inert tensors. */
export function makeTensorflow(sites: Sites, models: Models, coercions: Coercions): unknown {
  const inert = (facts: Facts = {}): unknown => makeInert(facts, coercions);
  const make = (name: string, real: Callable): Callable => {
    return (...given) => {
      refuseUnknown(name, given[0]);
      const made = real(...given);
      if (typeof made === 'object' && made !== null) mark(made, sites.current);
      return made;
    };
  };
  const model = (name: string, real: Callable): Callable => {
    return (...given) => {
      refuseUnknown(name, given[0]);
      const made = real(...given);
      if (made instanceof tfl.LayersModel) models.made(made);
      return made;
    };
  };
  const settings = (space: string): unknown =>
    new Proxy({}, { get: (_, key) => (typeof key === 'string' ? setting(key, space, sites) : undefined) });

  const sequential = model('sequential', tfl.sequential as Callable);
  const functional = model('model', tfl.model as Callable);
  const tf: Namespace = {
    layers: watched(tfl.layers, make),
    sequential,
    model: functional,
    input: make('input', tfl.input as Callable),
    initializers: tfl.initializers,
    regularizers: tfl.regularizers,
    constraints: tfl.constraints,
    metrics: settings('metrics'),
    losses: settings('losses'),
    train: settings('train'),
    serialization,
    SymbolicTensor: tfl.SymbolicTensor,
    InputSpec: tfl.InputSpec,
    RNN: tfl.RNN,
    Sequential: constructible(tfl.Sequential, models),
    LayersModel: constructible(tfl.LayersModel, models),
    version: { tfjs: '4.22.0', 'tfjs-layers': '4.22.0', 'tfjs-core': '4.22.0' },
    tidy: (first: unknown, second?: unknown) => {
      const body = typeof first === 'function' ? first : second;
      return typeof body === 'function' ? (body as Callable)() : undefined;
    },
    Callback: EmptyClass,
    CustomCallback: EmptyClass,
    ...creators(inert),
  };
  const space: unknown = new Proxy(tf, {
    get: (own, key) => {
      if (key === '__esModule') return true;
      if (key === 'default') return space;
      return typeof key === 'string' && Object.hasOwn(own, key) ? own[key] : key === 'then' ? undefined : inert();
    },
    set: () => true,
  });
  return space;
}

/** To be extended; what callbacks do is of no concern here. */
const EmptyClass = function (): void {
  // Nothing to set up.
};

function refuseUnknown(name: string, config: unknown): void {
  const options = typeof config === 'object' && config !== null ? config : { value: config };
  for (const [key, value] of Object.entries(options)) {
    if (HARMLESS.test(key)) continue;
    const found = unknownIn(value);
    if (found === null && !(isInert(config) && key === 'value')) continue;
    throw new UnknownValue(
      `\`${key}\` of \`${name}\` is not known here: it comes from an argument, data or a package that is not read.`,
    );
  }
}

/** Factories of a namespace are watched; its classes stay as they are, to be extended. */
function watched(space: Namespace, watch: (name: string, real: Callable) => Callable): Namespace {
  const known = Object.fromEntries(
    Object.entries(space).map(([name, member]) => [
      name,
      typeof member === 'function' && /^[a-z]/.test(name) ? watch(name, member as Callable) : member,
    ]),
  );
  return new Proxy(known, {
    get: (own, key) => {
      if (typeof key === 'string' && !Object.hasOwn(own, key))
        return () => {
          throw new UnknownValue(`TensorFlow.js has no layer \`tf.layers.${key}\`.`);
        };
      return own[key as string];
    },
  });
}

function constructible<T extends new (...given: never[]) => tfl.LayersModel>(Model: T, models: Models): T {
  return new Proxy(Model, {
    construct: (target, given: never[], newTarget) => {
      refuseUnknown(target.name, given[0]);
      const made = Reflect.construct(target, given, newTarget) as tfl.LayersModel;
      models.made(made);
      return made;
    },
  });
}

/** An optimiser, loss or metric: its name and arguments are all that matters here. */
function setting(name: string, space: string, sites: Sites): unknown {
  if (space !== 'train') {
    const named = (): unknown => makeInert();
    Object.defineProperty(named, 'name', { value: name });
    return named;
  }
  return (...given: unknown[]): unknown => {
    const made: NamedSetting = { settingName: name, arguments: given, site: sites.current };
    return new Proxy(made, {
      get: (own, key) =>
        typeof key === 'string' && Object.hasOwn(own, key) ? own[key as keyof NamedSetting] : makeInert(),
    });
  };
}

/** Tensors have no values here, but where their shape is written down it may size a layer. */
function creators(inert: (facts?: Facts) => unknown): Namespace {
  const shaped = (shape: unknown): unknown =>
    Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n)) ? inert({ shape: shape as number[] }) : inert();
  const ofShape = (shape: unknown): unknown => shaped(shape);
  const ofValues = (values: unknown, shape?: unknown): unknown =>
    shaped(Array.isArray(shape) ? shape : extents(values));
  const names = ['tensor', 'tensor1d', 'tensor2d', 'tensor3d', 'tensor4d', 'tensor5d'];
  return {
    ...Object.fromEntries(
      ['zeros', 'ones', 'randomNormal', 'randomUniform', 'truncatedNormal', 'fill'].map((name) => [name, ofShape]),
    ),
    ...Object.fromEntries(names.map((name) => [name, ofValues])),
  };
}

function extents(values: unknown): number[] | null {
  if (isInert(values)) return null;
  if (!Array.isArray(values)) return typeof values === 'number' ? [] : null;
  const inner = values.length === 0 ? null : extents(values[0]);
  return inner === null ? null : [values.length, ...inner];
}
