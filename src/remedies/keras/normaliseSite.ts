import type { SyntaxNode } from '@lezer/common';
import type { ActivationPlace } from '../idea';
import type { FileEdits } from '../python/fileEdits';
import { besides } from '../python/besides';
import { kerasPath } from './names';
import { spellLayer } from './layersModule';

/**
 * Puts a batch norm beside the layer that runs an activation: in front of an `Activation`, behind a layer that holds its own. Returns which, or
 * null where the layer stands in no list, `add`, or functional call.
 */
export function normalise(place: ActivationPlace, edits: FileEdits): 'before' | 'behind' | null {
  const { source } = edits;
  const call = source.callAt(place.span.range);
  const callee = call?.firstChild;
  if (!call || !callee) return null;
  const path = kerasPath(edits.names.canonical(source.textOf(callee)) ?? '');
  const side = path.endsWith('.Activation') ? 'before' : 'behind';
  const norm = `${spellLayer('BatchNormalization', call, edits)}()`;
  return besides(call, norm, side, edits) || wrapped(call, norm, side, edits) ? side : null;
}

/** `Dense(8)(x)` becomes `BatchNormalization()(Dense(8)(x))`. */
function wrapped(call: SyntaxNode, norm: string, side: 'before' | 'behind', edits: FileEdits): boolean {
  const applied = call.parent;
  if (applied?.name !== 'CallExpression' || applied.firstChild?.from !== call.from || applied.firstChild.to !== call.to)
    return false;
  const list = applied.getChild('ArgList');
  if (!list || list.getChildren(',').length > 0) return false;
  const [from, to] = side === 'behind' ? [applied.from, applied.to] : [list.from + 1, list.to - 1];
  edits.insert(from, `${norm}(`);
  edits.insert(to, ')');
  return true;
}
