import type { CallExpression } from '@babel/types';
import { calleeName, endOf, type JavascriptSource, startOf } from './javascriptSource';
import type { TextEdits } from '../textEdits';

export type Side = 'before' | 'behind';

/** Puts another layer beside one: in a call of its own beside `model.add(layer)`, as the next of a list, or around `layer.apply(x)`. */
export function besides(
  call: CallExpression,
  added: string,
  side: Side,
  source: JavascriptSource,
  edits: TextEdits,
): boolean {
  return (
    inAdd(call, added, side, source, edits) ||
    inList(call, added, side, source, edits) ||
    applied(call, added, side, source, edits)
  );
}

/** `model.add(layer);` */
function inAdd(call: CallExpression, norm: string, side: Side, source: JavascriptSource, edits: TextEdits): boolean {
  const add = source.parentOf(call);
  const statement = add && source.parentOf(add);
  if (add?.type !== 'CallExpression' || calleeName(add) !== 'add' || add.arguments.length !== 1) return false;
  if (statement?.type !== 'ExpressionStatement') return false;
  const semicolon = source.text[endOf(statement) - 1] === ';' ? ';' : '';
  const text = `${source.textOf(add.callee)}(${norm})${semicolon}`;
  const indent = source.indentAt(startOf(statement));
  const gap = source.startsLine(startOf(statement)) ? `${source.newline}${indent}` : ' ';
  if (side === 'before') {
    edits.insert(startOf(statement), `${text}${gap}`);
    return true;
  }
  const rest = /^[ \t]*(?:\/\/[^\r\n]*)?(?=[\r\n]|$)/.exec(source.text.slice(endOf(statement)))?.[0];
  if (rest === undefined) edits.insert(endOf(statement), ` ${text}`);
  else edits.insert(endOf(statement) + rest.length, `${gap}${text}`);
  return true;
}

/** `layers: [layer, layer]` */
function inList(call: CallExpression, norm: string, side: Side, source: JavascriptSource, edits: TextEdits): boolean {
  if (source.parentOf(call)?.type !== 'ArrayExpression') return false;
  const gap = source.startsLine(startOf(call)) ? `${source.newline}${source.indentAt(startOf(call))}` : ' ';
  if (side === 'before') edits.insert(startOf(call), `${norm},${gap}`);
  else edits.insert(endOf(call), `,${gap}${norm}`);
  return true;
}

/** `layer.apply(x)` becomes `norm.apply(layer.apply(x))`. */
function applied(call: CallExpression, norm: string, side: Side, source: JavascriptSource, edits: TextEdits): boolean {
  const member = source.parentOf(call);
  const apply = member && source.parentOf(member);
  if (apply?.type !== 'CallExpression' || calleeName(apply) !== 'apply' || apply.callee !== member) return false;
  const [input] = apply.arguments;
  if (!input || apply.arguments.length !== 1) return false;
  const [from, to] = side === 'behind' ? [startOf(apply), endOf(apply)] : [startOf(input), endOf(input)];
  edits.insert(from, `${norm}.apply(`);
  edits.insert(to, ')');
  return true;
}
