import type { CallExpression, Node, ObjectExpression } from '@babel/types';
import type { TextEdits } from '../textEdits';
import { endOf, type JavascriptSource, startOf } from './javascriptSource';
import type { ValueFinder } from './values';

/** The values that a layer's configuration may have under a name. */
export function configValues(call: CallExpression, name: string, values: ValueFinder): Node[] {
  const [config] = call.arguments;
  return config ? values.property(config, name).flatMap((value) => values.leaves(value)) : [];
}

/** Adds `name: value` to the object literal that configures a layer; on a line of its own where the others have theirs. */
export function addProperty(
  call: CallExpression,
  text: string,
  source: JavascriptSource,
  values: ValueFinder,
  edits: TextEdits,
): boolean {
  const [config] = call.arguments;
  if (!config) {
    const close = endOf(call) - 1;
    edits.insert(close, `{ ${text} }`);
    return true;
  }
  const [object, ...more] = values.leaves(config);
  if (object?.type !== 'ObjectExpression' || more.length > 0) return false;
  append(object, text, source, edits);
  return true;
}

function append(object: ObjectExpression, text: string, source: JavascriptSource, edits: TextEdits): void {
  const last = object.properties.at(-1);
  if (!last) {
    edits.replace(startOf(object), endOf(object), `{ ${text} }`);
    return;
  }
  const [from, to] = [startOf(last), endOf(last)];
  const close = endOf(object) - 1;
  const rest = source.text.slice(to, close);
  const hasComma = /^\s*(?:\/\*[\s\S]*?\*\/\s*)*,/.test(rest);
  if (!source.startsLine(from)) {
    edits.insert(to, `, ${text}`);
    return;
  }
  // A comment behind the property stays behind it.
  const end = Math.min(source.lines.endOfLine(to), close);
  if (!hasComma) edits.insert(to, ',');
  edits.insert(end, `${source.newline}${source.indentAt(from)}${text}${hasComma ? ',' : ''}`);
}
