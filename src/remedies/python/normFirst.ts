import type { SyntaxNode } from '@lezer/common';
import type { LayerPlace } from '../idea';
import { addArgument, argumentAt } from './arguments';
import type { FileEdits } from './fileEdits';
import type { ValueFinder } from './values';

/** How authors name the switch; PyTorch's own layers take the first. */
const SWITCHES = ['norm_first', 'pre_norm', 'prenorm', 'normalize_before', 'pre_layer_norm', 'pre_ln'];

/**
 * Sets the switch of a block that puts its norms first: at the constructor call, or where the value that it hands on is set. A layer of PyTorch
 * that has none gets one. False for a block of the user's own without such a switch.
 */
export function putNormFirst(layer: LayerPlace, edits: FileEdits, values: ValueFinder): boolean {
  const { source } = edits;
  const call = source.callAt(layer.span.range);
  if (!call) return false;
  for (const name of SWITCHES) {
    const value = argumentAt(call, name, null, source, values);
    if (value) return setTrue(values.leaves(value), edits);
  }
  const callee = call.firstChild;
  const isOwn = callee && edits.names.canonical(source.textOf(callee))?.startsWith('torch.nn.') === true;
  return isOwn === true && addArgument(call, 'norm_first=True', edits);
}

function setTrue(leaves: readonly SyntaxNode[], edits: FileEdits): boolean {
  const off = leaves.filter((leaf) => edits.source.textOf(leaf) === 'False');
  for (const leaf of off) edits.replace(leaf.from, leaf.to, 'True');
  return off.length > 0;
}
