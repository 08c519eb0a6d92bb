import type { SyntaxNode } from '@lezer/common';
import type { LayerPlace } from '../idea';
import { addArgument, argumentAt } from '../python/arguments';
import { besides } from '../python/besides';
import { renameClass } from '../python/dispatch';
import type { FileEdits } from '../python/fileEdits';
import { argumentsOf } from '../python/pythonSource';
import type { ValueFinder } from '../python/values';
import { layersModule, spellLayer } from './layersModule';
import { kerasPath } from './names';

const CLASSES = { lstm: 'LSTM', gru: 'GRU' } as const;

/** Makes a `SimpleRNN` an `LSTM` or `GRU`, which take all its arguments. */
export function swapCell(layer: LayerPlace, to: 'lstm' | 'gru', edits: FileEdits, values: ValueFinder): boolean {
  const { source, names } = edits;
  const call = source.callAt(layer.span.range);
  const callee = call?.firstChild;
  if (!call || !callee || layer.type !== 'SimpleRNN') return false;
  const isClass = (name: string) => (written: string) =>
    kerasPath(names.canonical(written) ?? '') === `keras.layers.${name}`;
  const spell = () => spellLayer(CLASSES[to], call, edits);
  return renameClass(callee, isClass('SimpleRNN'), isClass(CLASSES[to]), spell, edits, values);
}

/** Lets a recurrent layer give all its steps and puts their mean behind it. */
export function readAllSteps(layer: LayerPlace, edits: FileEdits, values: ValueFinder): boolean {
  const { source } = edits;
  const call = source.callAt(layer.span.range);
  if (!call) return false;
  const given = argumentAt(call, 'return_sequences', null, source, values);
  if (given && source.textOf(given) !== 'False') return false;
  const outer = wrapper(call, edits);
  const pooled = `${spellLayer('GlobalAveragePooling1D', outer, edits)}()`;
  if (given) edits.replace(given.from, given.to, 'True');
  else if (!addArgument(call, 'return_sequences=True', edits)) return false;
  return besides(outer, pooled, 'behind', edits) || inSequential(outer, pooled, edits);
}

/** The `Bidirectional` around a recurrent layer, else the layer itself. */
function wrapper(call: SyntaxNode, { source, names }: FileEdits): SyntaxNode {
  const around = call.parent?.parent;
  const callee = around?.name === 'CallExpression' ? around.firstChild : null;
  const path = callee ? kerasPath(names.canonical(source.textOf(callee)) ?? '') : '';
  return around && path === 'keras.layers.Bidirectional' ? around : call;
}

/** Where no list, `add` or functional call shows what follows, the two become one layer. */
function inSequential(layer: SyntaxNode, added: string, edits: FileEdits): boolean {
  const { source } = edits;
  const keras = layersModule(layer, edits).replace(/\.layers$/, '');
  const name = edits.spell(`${keras}.Sequential`, '', { line: `from ${keras} import Sequential`, short: 'Sequential' });
  if (argumentsOf(layer, source).starred) return false;
  edits.insert(layer.from, `${name}([`);
  edits.insert(layer.to, `, ${added}])`);
  return true;
}
