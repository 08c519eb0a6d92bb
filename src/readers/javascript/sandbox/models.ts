import { serialization } from '@tensorflow/tfjs-core';
import { LayersModel, Sequential, layers } from '@tensorflow/tfjs-layers';
import type { Callers } from './callers';
import type { CompiledWith, FoundModel } from './records';
import { mark, siteOf, type Sites } from './sites';
import { factsOf, isUnknown, type Unknowns } from './unknowns';
import { UnknownValue } from './unknownValue';

type Methods = Record<string, (...given: unknown[]) => unknown>;

interface Made {
  model: LayersModel;
  stack: number[];
  /** How the functions that were last entered had been called, by name. */
  calls: FoundModel['calls'];
  before: number;
}

/** Methods that train, run or store; what they would give is not known, and no model depends on it. */
const RUNNING = ['predict', 'predictOnBatch', 'executeInternal'];
const RUNNING_LATER = ['fit', 'fitDataset', 'evaluateDataset', 'trainOnBatch', 'save'];

/** Every model that the file makes, with what it says about training it. */
export class Models {
  #made: Made[] = [];
  #compiled = new Map<object, CompiledWith>();
  #weightsSet = new Set<object>();
  #coercionsSeen = new Map<object, number>();
  readonly #described: LayersModel[] = [];

  /** Grows whenever a model is made, gets a layer, is compiled or has its weights set. */
  changes = 0;

  constructor(
    private readonly sites: Sites,
    private readonly callers: Callers,
    private readonly unknowns: Unknowns,
  ) {
    const model = LayersModel.prototype as unknown as Methods;
    const sequential = Sequential.prototype as unknown as Methods;
    const layer = layers.Layer.prototype as unknown as Methods;
    const compile = (subject: object, given: unknown) => this.#compile(subject, given);
    const setWeights = (subject: object) => {
      this.changes++;
      this.#weightsSet.add(subject);
    };
    for (const prototype of [model, sequential]) {
      prototype['compile'] = function (this: object, given: unknown) {
        compile(this, given);
      };
      prototype['summary'] = () => undefined;
      for (const name of [...RUNNING, 'evaluate']) prototype[name] = () => unknowns.make({ name: `.${name}()` });
      for (const name of RUNNING_LATER) prototype[name] = () => Promise.resolve(unknowns.make({ name: `.${name}()` }));
    }
    for (const prototype of [model, sequential, layer]) {
      for (const name of ['setWeights', 'loadWeights'])
        prototype[name] = function (this: object) {
          setWeights(this);
        };
      prototype['getWeights'] = () => unknowns.make({ name: 'the weights' });
    }
    this.#watchAdd(sequential);
    this.#watchApply(layer);
  }

  made(model: LayersModel): void {
    this.changes++;
    mark(model, this.sites.current);
    this.#made.push({ model, stack: this.sites.stack, calls: this.callers.calls(), before: this.callers.before });
    this.#coercionsSeen.set(model, this.unknowns.coercions);
  }

  /** Forgets which models were made, as their makers are asked for next. */
  forget(): void {
    this.#made = [];
    this.callers.forget();
    this.unknowns.coercions = 0;
    this.unknowns.skipped = 0;
    this.unknowns.guessed.clear();
  }

  /** All models made since `forget` that are no part of another one. */
  roots(): FoundModel[] {
    const inner = new Set(
      this.#made.flatMap(({ model }) => model.layers.filter((layer) => layer instanceof LayersModel)),
    );
    return this.#made.flatMap(({ model }) =>
      (inner.has(model) && !this.#compiled.has(model)) || model.layers.length === 0 ? [] : [this.describe(model)],
    );
  }

  describe(model: LayersModel): FoundModel {
    const all = layersBelow(model);
    const made = this.#made.find((known) => known.model === model);
    return {
      number: this.#numberOf(model),
      topology: topologyOf(model),
      stack: made?.stack ?? (siteOf(model) === null ? [] : [siteOf(model) ?? 0]),
      calls: made?.calls ?? {},
      nested: all.flatMap((layer) => (layer instanceof LayersModel ? (siteOf(layer) ?? []) : [])),
      compiled: this.#compiled.get(model) ?? null,
      weightsSet: [model, ...all].some((layer) => this.#weightsSet.has(layer)),
      coercions: this.#coercionsSeen.get(model) ?? 0,
      before: made?.before ?? 0,
      skipped: this.unknowns.skipped > 0,
      guessed: [...this.unknowns.guessed],
    };
  }

  /** The model that was described as number `number`. */
  numbered(number: number): LayersModel | null {
    return this.#described[number] ?? null;
  }

  #numberOf(model: LayersModel): number {
    const known = this.#described.indexOf(model);
    return known === -1 ? this.#described.push(model) - 1 : known;
  }

  #compile(model: object, given: unknown): void {
    const { loss, optimizer } = (given ?? {}) as { loss?: unknown; optimizer?: unknown };
    const list = Array.isArray(loss) ? loss : typeof loss === 'object' && loss !== null ? Object.values(loss) : [loss];
    const names = list.flatMap((item: unknown) => nameOf(item) ?? []);
    this.changes++;
    this.#compiled.set(model, {
      loss: names.length === 0 || names.length < list.length ? null : names,
      optimiser: optimiserOf(optimizer),
      site: this.sites.current,
    });
  }

  #watchAdd(sequential: Methods): void {
    const add = sequential['add'];
    if (add === undefined) throw new Error('tfjs-layers has changed');
    const { sites } = this;
    const grown = (model: object) => {
      this.changes++;
      this.#coercionsSeen.set(model, this.unknowns.coercions);
    };
    sequential['add'] = function (this: object, layer: unknown) {
      if (isUnknown(layer) || typeof layer !== 'object' || layer === null)
        throw new UnknownValue(
          factsOf(layer)?.loaded === true
            ? 'What is added to the model here is, or comes from, a model that is loaded: its layers are not in this file.'
            : 'What is added to the model here is not a layer that can be read: it comes from data, a download or an unknown package.',
        );
      mark(layer, sites.current);
      grown(this);
      return add.call(this, layer);
    };
  }

  #watchApply(layer: Methods): void {
    const apply = layer['apply'];
    if (apply === undefined) throw new Error('tfjs-layers has changed');
    const { sites, unknowns } = this;
    layer['apply'] = function (this: object, inputs: unknown, ...rest) {
      if (isUnknown(inputs) || (Array.isArray(inputs) && inputs.some(isUnknown)))
        return unknowns.make({ name: 'what a layer gives', ...loadedness(inputs) });
      mark(this, sites.current);
      return apply.call(this, inputs, ...rest);
    };
  }
}

const loadedness = (inputs: unknown): { loaded?: boolean } =>
  [inputs].flat().some((value) => factsOf(value)?.loaded === true) ? { loaded: true } : {};

export interface NamedSetting {
  settingName: string;
  arguments: unknown[];
  site: number | null;
}

export const isNamedSetting = (value: unknown): value is NamedSetting =>
  typeof value === 'object' && value !== null && typeof (value as Partial<NamedSetting>).settingName === 'string';

function nameOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'function' && !isUnknown(value)) return value.name;
  return null;
}

function optimiserOf(value: unknown): CompiledWith['optimiser'] {
  if (typeof value === 'string') return { name: value, learningRate: null, momentum: null, site: null };
  if (!isNamedSetting(value)) return null;
  const number = (given: unknown) => (typeof given === 'number' && Number.isFinite(given) ? given : null);
  const [rate, momentum] = value.arguments;
  return {
    name: value.settingName,
    learningRate: number(rate),
    momentum: value.settingName === 'momentum' ? number(momentum) : null,
    site: value.site,
  };
}

function layersBelow(model: LayersModel): layers.Layer[] {
  return model.layers.flatMap((layer) => [layer, ...(layer instanceof LayersModel ? layersBelow(layer) : [])]);
}

interface Serialised {
  class_name?: string;
  name?: string;
  config: { layers?: Serialised[]; depth_multiplier?: number } | Serialised[];
  __site?: number | null;
  /** Whether the layer's class is the file's own. */
  __own?: boolean;
}

/** What TensorFlow.js leaves out of a layer's configuration though the layer works with it. */
function complete(serialised: Serialised, layer: layers.Layer): void {
  const { depthMultiplier } = layer as { depthMultiplier?: unknown };
  if (typeof depthMultiplier !== 'number' || Array.isArray(serialised.config)) return;
  serialised.config.depth_multiplier ??= depthMultiplier;
}

/** Classes of TensorFlow.js' own register themselves while it is loaded. */
const BUILT_IN = new Set(
  Object.values(serialization.SerializationMap.getMap().classNameMap).map(([made]) => made as unknown),
);
const isBuiltIn = (layer: layers.Layer): boolean => BUILT_IN.has(layer.constructor) || layer instanceof LayersModel;

function topologyOf(model: LayersModel): unknown {
  const topology = model.toJSON(null, false) as unknown as Serialised;
  annotate(topology, model);
  return topology;
}

/** Writes the call sites into the serialised form; its layers stand in the order of `model.layers`. */
function annotate(serialised: Serialised, layer: layers.Layer): void {
  serialised.class_name ??= layer.constructor.name;
  serialised.__site = siteOf(layer);
  if (!isBuiltIn(layer)) serialised.__own = true;
  complete(serialised, layer);
  if (!(layer instanceof LayersModel)) return;
  const list = Array.isArray(serialised.config) ? serialised.config : (serialised.config.layers ?? []);
  const own = new Map(layer.layers.map((inner) => [inner.name, inner]));
  list.forEach((inner, place) => {
    const config = Array.isArray(inner.config) ? {} : (inner.config as { name?: string });
    const made = own.get(config.name ?? inner.name ?? '') ?? layer.layers[place];
    if (made) annotate(inner, made);
  });
}
