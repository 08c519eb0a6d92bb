import { serialization } from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { Models, NamedSetting } from './models';
import type { Operations } from './operations';
import { knownSettings } from './settings';
import { mark, type Sites } from './sites';
import { factsOf, type Unknowns } from './unknowns';
import { UnknownValue } from './unknownValue';

type Callable = (...given: unknown[]) => unknown;
type Namespace = Record<string, unknown>;

/** `@tensorflow/tfjs` as the file sees it: tfjs-layers itself with every call watched, and tensors with shapes alone. */
export function makeTensorflow(sites: Sites, models: Models, operations: Operations, unknowns: Unknowns): unknown {
  const make = (name: string, real: Callable): Callable => {
    return (first, ...rest) => {
      const made = real(knownSettings(name, first, unknowns), ...rest);
      if (typeof made === 'object' && made !== null) mark(made, sites.current);
      return made;
    };
  };
  const model = (name: string, real: Callable): Callable => {
    return (first, ...rest) => {
      const made = real(knownSettings(name, first, unknowns), ...rest);
      if (made instanceof tfl.LayersModel) models.made(made);
      return made;
    };
  };
  const settings = (space: string): unknown =>
    new Proxy({}, { get: (_, key) => (typeof key === 'string' ? setting(key, space, sites, unknowns) : undefined) });
  const loaded = (name: string) => () => unknowns.make({ name: `tf.${name}()`, loaded: true });

  const tf: Namespace = {
    ...operations.namespace(),
    layers: watched(tfl.layers, make),
    sequential: model('sequential', tfl.sequential as Callable),
    model: model('model', tfl.model as Callable),
    input: make('input', tfl.input as Callable),
    initializers: tfl.initializers,
    regularizers: tfl.regularizers,
    constraints: tfl.constraints,
    metrics: settings('metrics'),
    train: settings('train'),
    serialization,
    SymbolicTensor: tfl.SymbolicTensor,
    InputSpec: tfl.InputSpec,
    RNN: tfl.RNN,
    Sequential: constructible(tfl.Sequential, models, unknowns),
    LayersModel: constructible(tfl.LayersModel, models, unknowns),
    version: { tfjs: '4.22.0', 'tfjs-layers': '4.22.0', 'tfjs-core': '4.22.0' },
    ...Object.fromEntries(LOADERS.map((name) => [name, loaded(name)])),
    Callback: EmptyClass,
    CustomCallback: EmptyClass,
    callbacks: unknowns.make({ name: 'tf.callbacks' }),
    data: unknowns.make({ name: 'tf.data' }),
  };
  const space: unknown = new Proxy(tf, {
    get: (own, key) => {
      if (key === '__esModule') return true;
      if (key === 'default') return space;
      if (typeof key !== 'string' || key === 'then') return undefined;
      return Object.hasOwn(own, key) ? own[key] : unknowns.make({ name: `tf.${key}` });
    },
    set: () => true,
  });
  return space;
}

const LOADERS = ['loadLayersModel', 'loadGraphModel', 'loadGraphModelSync', 'loadModel', 'loadFrozenModel'];

/** To be extended; what callbacks do is of no concern here. */
const EmptyClass = function (): void {
  // Nothing to set up.
};

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

function constructible<T extends new (...given: never[]) => tfl.LayersModel>(
  Model: T,
  models: Models,
  unknowns: Unknowns,
): T {
  const isInstance = (value: unknown) => factsOf(value)?.loaded === true || value instanceof Model;
  return new Proxy(Model, {
    // A model that is loaded is one, though nothing is known of it.
    get: (target, key, receiver) =>
      key === Symbol.hasInstance ? isInstance : (Reflect.get(target, key, receiver) as unknown),
    construct: (target, [first, ...rest]: never[], newTarget) => {
      const config = knownSettings(target.name, first, unknowns);
      const made = Reflect.construct(target, [config, ...rest], newTarget) as tfl.LayersModel;
      models.made(made);
      return made;
    },
  });
}

/** An optimiser or metric: its name and arguments are all that matters here. */
function setting(name: string, space: string, sites: Sites, unknowns: Unknowns): unknown {
  if (space !== 'train') {
    const named = (): unknown => unknowns.make({ name });
    Object.defineProperty(named, 'name', { value: name });
    return named;
  }
  return (...given: unknown[]): unknown => {
    const made: NamedSetting = { settingName: name, arguments: given, site: sites.current };
    const rest = unknowns.make({ name: `tf.train.${name}()` }) as Record<PropertyKey, unknown>;
    return new Proxy(made, {
      get: (own, key) =>
        typeof key === 'string' && Object.hasOwn(own, key) ? own[key as keyof NamedSetting] : rest[key],
    });
  };
}
