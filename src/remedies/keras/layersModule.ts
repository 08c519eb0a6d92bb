import type { SyntaxNode } from '@lezer/common';
import type { FileEdits } from '../python/fileEdits';
import { kerasPath } from './names';

/** The module of layers that a file uses at a call (`tensorflow.keras.layers`), else the one that its imports know. */
export function layersModule(call: SyntaxNode, edits: FileEdits): string {
  const { source, names } = edits;
  const callee = call.firstChild;
  const path = callee ? names.canonical(source.textOf(callee)) : null;
  const module = path?.slice(0, path.lastIndexOf('.')) ?? '';
  if (kerasPath(module) === 'keras.layers') return module;
  return (
    ['keras.layers', 'tensorflow.keras.layers'].find((known) => names.spell(`${known}.Dense`) !== null) ??
    'keras.layers'
  );
}

/** Spells a class of Keras layers as the file does beside `call`. */
export function spellLayer(name: string, call: SyntaxNode, edits: FileEdits): string {
  const module = layersModule(call, edits);
  const line = `from ${module.replace(/\.layers$/, '')} import layers`;
  const callee = call.firstChild;
  const known = callee && edits.names.canonical(edits.source.textOf(callee)) !== null;
  const beside = known ? edits.source.textOf(callee) : '';
  return edits.spell(`${module}.${name}`, beside, { line, short: `layers.${name}` });
}
