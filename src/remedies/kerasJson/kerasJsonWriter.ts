import { findNodeAtLocation } from 'jsonc-parser';
import type { OpName } from '../../graph/ops';
import type { TextEdit } from '../../report/report';
import { everywhere } from '../everywhere';
import type { Change, InitialiserName } from '../idea';
import { ACTIVATION_STRINGS, initialiserArguments, replaceable } from '../keras/names';
import type { RemedyScope } from '../scope';
import { quoted, SIGMOID_FOR_SOFTMAX, type Writer } from '../writer';
import { initialiserObject } from './initialisers';
import { addBatchNorm, readAllSteps } from './addLayer';
import { type JsonLayer, textOf, Topology } from './topology';

/** Writes changes into the JSON of a Keras or TensorFlow.js model; all that is not changed stays byte for byte. */
export class KerasJsonWriter implements Writer {
  readonly #topologies = new Map<string, Topology>();

  constructor(private readonly scope: RemedyScope) {}

  write(change: Change): string | null {
    const topologyOf = (path: string) => this.#topologyOf(path);
    switch (change.kind) {
      case 'activation': {
        const made = everywhere(change.places, topologyOf, ({ span, op }, topology) => {
          const layer = topology.layerAt(span);
          return layer ? swap(layer, op, ACTIVATION_STRINGS[change.to], topology) : [];
        });
        return made && `Replace ${quoted(made.map((swapped) => swapped.from))} by ${quoted(made.map(({ to }) => to))}`;
      }
      case 'sigmoidForSoftmax': {
        const made = everywhere(change.places, topologyOf, ({ span, op }, topology) => {
          const layer = topology.layerAt(span);
          return layer ? swap(layer, op, 'sigmoid', topology) : [];
        });
        return made && SIGMOID_FOR_SOFTMAX;
      }
      case 'initialiser': {
        const made = everywhere(change.layers, topologyOf, ({ span, type }, topology) => {
          const layer = topology.layerAt(span);
          return layer && initialise(layer, type, change.to, topology) ? [''] : [];
        });
        return made && '';
      }
      case 'normalise': {
        const made = everywhere(change.places, topologyOf, ({ span }, topology) => {
          const layer = topology.layerAt(span);
          return layer && addBatchNorm(layer, topology) ? [''] : [];
        });
        return made && `Put \`BatchNormalization\` behind ${quoted(change.places.map(({ name }) => name))}`;
      }
      case 'recurrentCell': {
        const made = everywhere(change.layers, topologyOf, ({ span, type }, topology) => {
          const layer = topology.layerAt(span);
          if (!layer || type !== 'SimpleRNN') return [];
          topology.replace(layer.className, change.to.toUpperCase());
          return [''];
        });
        return made && `Replace \`SimpleRNN\` by \`${change.to.toUpperCase()}\``;
      }
      case 'readAllSteps': {
        const made = everywhere(change.layers, topologyOf, ({ span }, topology) => {
          const layer = topology.layerAt(span);
          return layer && readAllSteps(layer, topology) ? [''] : [];
        });
        return made && 'Average all steps instead of reading the last';
      }
      default:
        return null;
    }
  }

  finish(): TextEdit[] {
    return [...this.#topologies.values()].flatMap(({ edits }) => edits.finish());
  }

  #topologyOf(path: string): Topology | null {
    const file = this.scope.files.find((candidate) => candidate.path === path);
    if (!file) return null;
    const topology = this.#topologies.get(path) ?? new Topology(path, file.text);
    this.#topologies.set(path, topology);
    return topology;
  }
}

/** The activation of a layer is a string, or since Keras 3 also an object that names a function. */
function swap(
  { config }: JsonLayer,
  op: OpName,
  name: string | null,
  topology: Topology,
): { from: string; to: string }[] {
  const value = findNodeAtLocation(config, ['activation']);
  const from = value?.type === 'object' ? textOf(findNodeAtLocation(value, ['config'])) : textOf(value);
  if (!value || name === null || from === null || !replaceable(op).has(from)) return [];
  topology.replace(value, name);
  return [{ from, to: name }];
}

function initialise({ config, object }: JsonLayer, type: string, to: InitialiserName, topology: Topology): boolean {
  return initialiserArguments(type).every((name) => {
    const value = findNodeAtLocation(config, [name]);
    // Keras 3 names the module of each object.
    const isKeras3 = findNodeAtLocation(object, ['module']) !== undefined;
    const written = initialiserObject(to, isKeras3);
    if (!value) return topology.add(config, name, written);
    topology.replace(value, written);
    return true;
  });
}
