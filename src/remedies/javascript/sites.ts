import type { CallExpression, Node } from '@babel/types';
import type { ActivationPlace, InitialiserName, LayerPlace } from '../idea';
import type { TextEdits } from '../textEdits';
import { addProperty, configValues } from './configProperty';
import { calleeName, endOf, type JavascriptSource, startOf } from './javascriptSource';
import { FUNCTIONS, INITIALISER_CALLS, initialiserProperties, INITIALISERS, replaceable } from './names';
import type { ValueFinder } from './values';

/** One file on which edits are made. */
export interface Draft {
  source: JavascriptSource;
  values: ValueFinder;
  edits: TextEdits;
}

/** What a swap wrote: `sigmoid`, `relu`. */
export interface Swap {
  from: string;
  to: string;
}

/** Writes another activation where the value of a layer's `activation` is set, or at the call of the function. */
export function swapActivation(place: ActivationPlace, name: string | null, { source, values, edits }: Draft): Swap[] {
  const call = source.callAt(place.span.range);
  if (!call || name === null) return [];
  const replaced = replaceable(place.op);
  const called = calleeName(call);
  if (called !== null && replaced.has(called)) return swapFunction(call, called, name, edits);
  return configValues(call, 'activation', values).flatMap((leaf) => {
    if (leaf.type !== 'StringLiteral' || !replaced.has(leaf.value)) return [];
    edits.replace(startOf(leaf) + 1, endOf(leaf) - 1, name);
    return [{ from: leaf.value, to: name }];
  });
}

/** `tf.sigmoid(x)`, `x.sigmoid()`. */
function swapFunction(call: CallExpression, from: string, name: string, edits: TextEdits): Swap[] {
  const { callee } = call;
  // A softmax may name its axis, which a sigmoid has none of.
  if (!FUNCTIONS.has(name) || callee.type !== 'MemberExpression' || call.arguments.length > 1) return [];
  edits.replace(startOf(callee.property), endOf(callee.property), name);
  return [{ from, to: name }];
}

/** Sets the initialiser of a layer in its configuration, or where the value that stands there is set. */
export function setInitialiser(layer: LayerPlace, to: InitialiserName, { source, values, edits }: Draft): boolean {
  const call = source.callAt(layer.span.range);
  const written = call && spelling(to, call, source);
  if (!call || written === null) return false;
  return initialiserProperties(layer.type).every((property) => {
    const leaves = configValues(call, property, values);
    if (leaves.length === 0) return addProperty(call, `${property}: ${written}`, source, values, edits);
    const shown = leaves.filter((leaf) => leaf.type === 'StringLiteral' || isInitialiser(leaf));
    for (const leaf of shown) edits.replace(startOf(leaf), endOf(leaf), written);
    return shown.length > 0;
  });
}

function isInitialiser(leaf: Node): boolean {
  return (
    leaf.type === 'CallExpression' &&
    leaf.callee.type === 'MemberExpression' &&
    ((leaf.callee.object.type === 'Identifier' && leaf.callee.object.name === 'initializers') ||
      (leaf.callee.object.type === 'MemberExpression' &&
        leaf.callee.object.property.type === 'Identifier' &&
        leaf.callee.object.property.name === 'initializers'))
  );
}

/** `'heNormal'`, or the call beside which the file names the library: `tf.initializers.orthogonal({...})`. */
function spelling(to: InitialiserName, beside: CallExpression, source: JavascriptSource): string | null {
  const name = INITIALISERS[to];
  if (name !== undefined) return `${source.quote}${name}${source.quote}`;
  const call = INITIALISER_CALLS[to];
  const library = libraryOf(beside, source);
  return call && library !== null ? `${library}.initializers.${call.name}(${call.arguments(source.quote)})` : null;
}

/** `tf` of `tf.layers.dense(...)`; null where the layers were imported by themselves. */
function libraryOf({ callee }: CallExpression, source: JavascriptSource): string | null {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'MemberExpression') return null;
  return source.textOf(callee.object.object);
}
