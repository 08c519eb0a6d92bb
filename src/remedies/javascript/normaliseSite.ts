import type { CallExpression } from '@babel/types';
import type { ActivationPlace } from '../idea';
import { calleeName, endOf, type JavascriptSource, startOf } from './javascriptSource';
import type { TextEdits } from '../textEdits';
import type { Draft } from './sites';

/** Puts a batch norm beside the layer that runs an activation: in front of `activation(...)`, behind a layer that holds its own. */
export function normalise(place: ActivationPlace, { source, edits }: Draft): 'before' | 'behind' | null {
  const call = source.callAt(place.span.range);
  const callee = call?.callee;
  if (!call || callee?.type !== 'MemberExpression') return null;
  const side = calleeName(call) === 'activation' ? 'before' : 'behind';
  const norm = `${source.textOf(callee.object)}.batchNormalization()`;
  return inAdd(call, norm, side, source, edits) ||
    inList(call, norm, side, source, edits) ||
    applied(call, norm, side, source, edits)
    ? side
    : null;
}

type Side = 'before' | 'behind';

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
