import type { SourceSpan } from '../../graph/source';
import { Config } from '../layers/config';
import type { Dialect } from '../layers/dialect';
import { Unreadable } from '../unreadable';
import { collectReferences, inboundCalls, type InboundCall, type Reference } from './inbound';
import type { JsonPlace } from './document';

/** A layer as the file describes it. */
export interface LayerEntry {
  className: string;
  name: string;
  config: Config;
  /** Where the file writes the class. */
  span: SourceSpan;
  place: JsonPlace;
  trainable: boolean;
  /** Calls in order; empty in a Sequential model, whose layers are called one after another. */
  calls: InboundCall[];
  nested: Topology | null;
  /** The function that it calls, where it is no layer: of `keras.ops`, or one of TensorFlow's. */
  operation: string | null;
  /** Place among all layers of the file, for the order of parameters. */
  rank: number;
}

export interface Topology {
  kind: 'sequential' | 'functional';
  name: string;
  span: SourceSpan;
  layers: LayerEntry[];
  inputs: Reference[];
  outputs: Reference[];
  /** `[null, ...]` of a Sequential model that says so apart from its layers. */
  builtShape: (number | null)[] | null;
}

const MODELS = new Set(['Sequential', 'Functional', 'Model']);

export interface FoundModel {
  model: JsonPlace;
  dialect: Dialect;
  /** Where the file may say how the model is trained. */
  training: (JsonPlace | null)[];
}

/** The serialised model inside a file: Keras' own JSON, a `.keras` archive's config, TF.js' model.json; null if it holds none. */
export function findModel(root: JsonPlace): FoundModel | null {
  if (!root.isObject) return null;
  const topology = root.get('modelTopology');
  if (topology?.isObject || root.get('weightsManifest')?.isArray) {
    if (root.text('format') === 'graph-model' || topology?.get('node'))
      throw new Unreadable(
        'unsupported',
        'This is a TensorFlow.js graph model: a frozen graph, whose layers were folded away when it was converted. Convert with `--output_format=tfjs_layers_model`, or open the code that builds the model.',
        root.get('format')?.span ?? root.span,
      );
    if (!topology?.isObject)
      throw new Unreadable(
        'unsupported',
        'This file lists weights, but holds no topology (`modelTopology` is empty). Save the whole model (`model.save`), or open the code that builds it.',
        root.get('modelTopology')?.span ?? root.span,
      );
    const model = topology.get('model_config') ?? topology;
    const training = [topology.get('training_config'), root.get('trainingConfig')];
    return isModel(model) ? { model, dialect: 'tfjs', training } : null;
  }
  const model = root.get('model_config') ?? root;
  if (!isModel(model)) return subclassed(model);
  return {
    model,
    dialect: dialectOf(root, model),
    training: [root.get('compile_config'), root.get('training_config')],
  };
}

/** Keras 3 saves a subclassed model as its class name alone, beside how it was built and compiled. */
function subclassed(place: JsonPlace): null {
  const className = place.text('class_name');
  const isSaved = place.text('registered_name') !== null && place.get('build_config') && place.get('compile_config');
  if (className !== null && isSaved)
    throw new Unreadable(
      'unknown-layer',
      `\`${className}\` is a model class of its own: what it does stands in its code, not in this file. Open that code instead.`,
      place.get('class_name')?.span ?? place.span,
    );
  return null;
}

function isModel(place: JsonPlace): boolean {
  const className = place.text('class_name');
  const config = place.get('config');
  if (className === null || !config) return false;
  return config.isArray || config.get('layers')?.isArray === true;
}

/** Keras 3 writes `batch_shape` where Keras 2 wrote `batch_input_shape`; failing both, the version or `module` tells. */
function dialectOf(root: JsonPlace, model: JsonPlace): Dialect {
  const layers = (model.get('config', 'layers') ?? model.get('config'))?.items ?? [];
  for (const layer of layers) {
    if (layer.get('config', 'batch_input_shape')) return 'keras2';
    if (layer.get('config', 'batch_shape')) return 'keras3';
  }
  const version = root.text('keras_version');
  if (version !== null) return version.startsWith('3') ? 'keras3' : 'keras2';
  return model.get('module') ? 'keras3' : 'keras2';
}

/** Reads models out of JSON places; counts layers across nested models. */
export class TopologyReader {
  #rank = 0;

  /** @throws Unreadable where the file does not have the form that Keras writes. */
  read(model: JsonPlace): Topology {
    const className = model.text('class_name') ?? '';
    const config = model.get('config');
    const list = config?.isArray ? config : config?.get('layers');
    if (!config || !list?.isArray) throw new Unreadable('malformed', 'The model has no list of layers.', model.span);
    const kind = className === 'Sequential' ? 'sequential' : 'functional';
    const layers = list.items.map((layer) => this.#layer(layer));
    refuseTwins(layers);
    const shape: unknown = config.get('build_input_shape')?.value ?? null;
    return {
      kind,
      name: config.text('name') ?? model.text('name') ?? 'model',
      span: model.get('class_name')?.span ?? model.span,
      layers,
      inputs: collectReferences(config.get('input_layers')?.value),
      outputs: collectReferences(config.get('output_layers')?.value),
      builtShape: Array.isArray(shape) ? (shape as (number | null)[]) : null,
    };
  }

  #layer(place: JsonPlace): LayerEntry {
    const className = place.text('class_name');
    const config = place.get('config');
    if (className === null || !config)
      throw new Unreadable('malformed', 'A layer must have a `class_name` and a `config`.', place.span);
    const rank = this.#rank++;
    const bare = className.split('>').at(-1) ?? className;
    const nested = MODELS.has(bare) && isModel(place) ? this.read(place) : null;
    const name = config.text('name') ?? place.text('name') ?? nested?.name ?? `${className}_${rank}`;
    return {
      className: bare,
      name,
      config: Config.of(config.value),
      span: place.get('class_name')?.span ?? place.span,
      place,
      trainable: config.get('trainable')?.value !== false,
      calls: inboundCalls(place.get('inbound_nodes')?.value),
      nested,
      operation: operationName(place, bare),
      rank,
    };
  }
}

/** Layers are called by their names: with two of one name nobody can tell which is meant. */
function refuseTwins(layers: readonly LayerEntry[]): void {
  const names = new Set<string>();
  for (const { name, span } of layers) {
    if (names.has(name))
      throw new Unreadable('malformed', `Two layers are called \`${name}\`; give each a name of its own.`, span);
    names.add(name);
  }
}

/** Keras 3 tells functions from layers by their module; Keras 2 wraps them. */
function operationName(place: JsonPlace, className: string): string | null {
  if (/^keras\.(?:src\.)?ops\b/.test(place.text('module') ?? '')) return className;
  const wrapped = className === 'TFOpLambda' ? place.get('config', 'function')?.value : null;
  if (typeof wrapped === 'string') return wrapped;
  const recorded = className === 'TensorFlowOpLayer' ? place.get('config', 'node_def', 'op')?.value : null;
  // Operands of a recorded node stand in its own format: constants are kept apart.
  return typeof recorded === 'string' ? `TensorFlow node ${recorded}` : null;
}
