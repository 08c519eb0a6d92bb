import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import type { JsonLayer, Topology } from './topology';

/** Puts a batch norm behind a layer of a Sequential model; a graph of layers would have to be wired anew. */
export function addBatchNorm({ object }: JsonLayer, topology: Topology): boolean {
  const list = object.parent;
  if (list?.type !== 'array' || findNodeAtLocation(object, ['inbound_nodes']) || !isSequential(list)) return false;
  const name = `batch_normalization_after_${nameOf(object)}`;
  const config = { name, trainable: true, axis: -1, momentum: 0.99, epsilon: 0.001, center: true, scale: true };
  const isKeras3 = findNodeAtLocation(object, ['module']) !== undefined;
  const layer = isKeras3
    ? { module: 'keras.layers', class_name: 'BatchNormalization', config, registered_name: null }
    : { class_name: 'BatchNormalization', config };
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
