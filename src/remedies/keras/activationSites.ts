import type { SyntaxNode } from '@lezer/common';
import type { ActivationPlace } from '../idea';
import { argumentAt } from '../python/arguments';
import type { FileEdits } from '../python/fileEdits';
import { argumentsOf } from '../python/pythonSource';
import { stringOf, type ValueFinder } from '../python/values';
import { activationArgument, kerasPath, replaceable } from './names';

/** What a swap wrote: `sigmoid`, `relu`. */
export interface Swap {
  from: string;
  to: string;
}

/**
 * Writes another activation at the place that decides on it: the argument of a layer, wherever its value is set, or the call of the function itself.
 * Empty where the source does not show the activation that runs there, or where the new one has no name.
 */
export function swapActivation(
  place: ActivationPlace,
  name: string | null,
  edits: FileEdits,
  values: ValueFinder,
): Swap[] {
  const { source } = edits;
  const replaced = replaceable(place.op);
  const call = source.callAt(place.span.range);
  const callee = call?.firstChild;
  if (!call || !callee || name === null) return [];
  const path = kerasPath(edits.names.canonical(source.textOf(callee)) ?? '');
  if (isFunction(path, replaced)) {
    const { positional, keywords } = argumentsOf(call, source);
    return positional.length === 1 && keywords.size === 0 ? [swapFunction(callee, name, edits)] : [];
  }
  const type = path.startsWith('keras.') ? path.slice(path.lastIndexOf('.') + 1) : '';
  const value = argumentAt(call, 'activation', activationArgument(type), source, values);
  return value ? values.leaves(value).flatMap((leaf) => swapLeaf(leaf, replaced, name, edits)) : [];
}

/** `keras.activations.sigmoid`, `tf.nn.tanh`, `tf.sigmoid`, `ops.sigmoid`, `K.sigmoid`. */
function isFunction(path: string, names: ReadonlySet<string>): boolean {
  const module = path.slice(0, path.lastIndexOf('.'));
  const isModule = /^(?:keras\.(?:activations|ops|backend|ops\.nn)|tensorflow(?:\.nn|\.math|\.keras\.backend)?)$/.test(
    module,
  );
  return isModule && names.has(path.slice(path.lastIndexOf('.') + 1));
}

function swapLeaf(leaf: SyntaxNode, replaced: ReadonlySet<string>, name: string, edits: FileEdits): Swap[] {
  const { source } = edits;
  const written = stringOf(leaf, source);
  if (written !== null) {
    if (!replaced.has(written)) return [];
    const quote = source.textOf(leaf).charAt(0);
    edits.replace(leaf.from, leaf.to, `${quote}${name}${quote}`);
    return [{ from: written, to: name }];
  }
  const isName = leaf.name === 'VariableName' || leaf.name === 'MemberExpression';
  const path = isName ? kerasPath(edits.names.canonical(source.textOf(leaf)) ?? '') : '';
  return isFunction(path, replaced) ? [swapFunction(leaf, name, edits)] : [];
}

/** `tf.sigmoid` becomes `tf.nn.relu`: the functions of TensorFlow's root have no counterparts there. */
function swapFunction(name: SyntaxNode, to: string, edits: FileEdits): Swap {
  const { source } = edits;
  const from = source.textOf(name);
  const path = edits.names.canonical(from) ?? '';
  const module = path.slice(0, path.lastIndexOf('.'));
  const home = /^tensorflow(?:\.math|\.nn)?$/.test(module)
    ? 'tensorflow.nn'
    : module.replace(/\.backend$/, '.activations');
  const own = home === 'tensorflow.nn' && to === 'swish' ? 'silu' : to;
  const short = home.startsWith('tensorflow')
    ? { line: 'import tensorflow as tf', short: `${home}.${own}`.replace(/^tensorflow/, 'tf') }
    : { line: 'import keras', short: `${home}.${own}` };
  const spelt = edits.spell(`${home}.${own}`, from, short);
  edits.replace(name.from, name.to, spelt);
  return { from, to: spelt };
}
