import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import type { JsonLayer, Topology } from './topology';

/** A batch norm behind a layer. */
export function addBatchNorm(layer: JsonLayer, topology: Topology): boolean {
  const name = `batch_normalization_after_${nameOf(layer.object)}`;
  const config = { name, trainable: true, axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true };
  return addLayer(layer, 'BatchNormalization', config, topology);
}

/** The mean over all steps of a recurrent layer behind it. */
export function readAllSteps(layer: JsonLayer, topology: Topology): boolean {
  const given = findNodeAtLocation(layer.config, ['return_sequences']);
  if (given?.value === true) return false;
  const name = `global_average_pooling1d_after_${nameOf(layer.object)}`;
  if (!addLayer(layer, 'GlobalAveragePooling1D', { name, trainable: true }, topology)) return false;
  if (!given) return topology.add(layer.config, 'return_sequences', true);
  topology.replace(given, true);
  return true;
}

/** Adds a layer behind one of a Sequential model; a graph of layers would have to be wired anew. */
function addLayer({ object }: JsonLayer, className: string, config: object, topology: Topology): boolean {
  const list = object.parent;
  if (list?.type !== 'array' || findNodeAtLocation(object, ['inbound_nodes']) || !isSequential(list)) return false;
  const isKeras3 = findNodeAtLocation(object, ['module']) !== undefined;
  const layer = isKeras3
    ? { module: 'keras.layers', class_name: className, config, registered_name: null }
    : { class_name: className, config };
  const gap = topology.gapBefore(object);
  topology.edits.insert(object.offset + object.length, `,${gap}${spaced(layer, gap)}`);
  return true;
}

/** The object laid out like those around it: on one line, or indented by one space more than the gap in front of it. */
function spaced(value: unknown, gap: string): string {
  const indent = /\n([ \t]*)$/.exec(gap)?.[1];
  if (indent === undefined) return JSON.stringify(value).replace(/":/g, '": ').replace(/,"/g, ', "');
  return JSON.stringify(value, null, 1).replace(/\n/g, `\n${indent}`);
}

function isSequential(list: Node): boolean {
  const owner = list.parent?.parent?.type === 'object' ? list.parent.parent.parent?.parent : undefined;
  const name = owner ? findNodeAtLocation(owner, ['class_name']) : undefined;
  return name?.value === 'Sequential';
}

function nameOf(object: Node): string {
  const name: unknown = getNodeValue(findNodeAtLocation(object, ['config', 'name']) ?? object);
  return typeof name === 'string' ? name : 'layer';
}
