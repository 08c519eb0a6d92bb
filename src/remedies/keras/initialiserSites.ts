import type { SyntaxNode } from '@lezer/common';
import type { InitialiserName, LayerPlace } from '../idea';
import { addArgument, argumentAt } from '../python/arguments';
import type { FileEdits } from '../python/fileEdits';
import type { PythonSource } from '../python/pythonSource';
import { stringOf, type ValueFinder } from '../python/values';
import { layersModule } from './layersModule';
import { INITIALISER_CALLS, INITIALISER_STRINGS, initialiserArguments } from './names';

/** Sets the initialiser of a layer at its constructor call, or where the value that the call hands on is set. */
export function setInitialiser(layer: LayerPlace, to: InitialiserName, edits: FileEdits, values: ValueFinder): boolean {
  const { source } = edits;
  const call = source.callAt(layer.span.range);
  if (!call) return false;
  const written = spelling(to, call, edits);
  if (written === null) return false;
  return initialiserArguments(layer.type).every((argument) => {
    const value = argumentAt(call, argument, null, source, values);
    if (!value) return addArgument(call, `${argument}=${written}`, edits);
    const shown = values.leaves(value).filter((leaf) => isInitialiser(leaf, edits));
    // Of several values that may arrive here, the one that did is known where it is an object.
    const seen = shown.filter((leaf) => isAt(leaf, layer, source));
    const leaves = seen.length > 0 ? seen : shown;
    for (const leaf of leaves) edits.replace(leaf.from, leaf.to, written);
    return leaves.length > 0;
  });
}

function isAt(leaf: SyntaxNode, { initialiser }: LayerPlace, source: PythonSource): boolean {
  return initialiser?.path === source.path && source.lines.offsetOf(initialiser.range.start) === leaf.from;
}

function isInitialiser(leaf: SyntaxNode, edits: FileEdits): boolean {
  const { source } = edits;
  if (stringOf(leaf, source) !== null || leaf.name === 'None') return true;
  const name = leaf.name === 'CallExpression' ? leaf.firstChild : leaf;
  return name !== null && edits.names.canonical(source.textOf(name))?.includes('initializers') === true;
}

/** `'he_normal'`, or the class with its arguments as the file can name it. */
function spelling(to: InitialiserName, beside: SyntaxNode, edits: FileEdits): string | null {
  const { quote } = edits.source;
  const name = INITIALISER_STRINGS[to];
  if (name !== undefined) return `${quote}${name}${quote}`;
  const call = INITIALISER_CALLS[to];
  if (call === undefined) return null;
  const keras = layersModule(beside, edits).replace(/\.layers$/, '');
  const path = `${keras}.initializers.${call.name}`;
  const line = `from ${keras} import initializers`;
  return `${edits.spell(path, '', { line, short: `initializers.${call.name}` })}(${call.arguments(quote)})`;
}
