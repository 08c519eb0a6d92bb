import type { SyntaxNode } from '@lezer/common';
import type { FileEdits } from './fileEdits';
import { argumentsOf, type PythonSource } from './pythonSource';
import { entriesOf, type ValueFinder } from './values';

/** The value of an argument at a call: by keyword, by place, or inside `**options` whose entries the file shows. */
export function argumentAt(
  call: SyntaxNode,
  keyword: string,
  place: number | null,
  source: PythonSource,
  values: ValueFinder,
): SyntaxNode | null {
  const { positional, keywords, starred, shifted } = argumentsOf(call, source);
  const named = keywords.get(keyword);
  if (named) return named;
  if (place !== null && !shifted && positional[place]) return positional[place];
  return starred ? (spread(call).flatMap((options) => inOptions(options, keyword, source, values))[0] ?? null) : null;
}

/** The expressions behind `**`. */
function spread(call: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const list = call.getChild('ArgList');
  for (let child = list?.firstChild ?? null; child; child = child.nextSibling)
    if (child.name === '**' && child.nextSibling) found.push(child.nextSibling);
  return found;
}

function inOptions(options: SyntaxNode, keyword: string, source: PythonSource, values: ValueFinder): SyntaxNode[] {
  return values.leaves(options).flatMap((leaf) => {
    if (leaf.name === 'DictionaryExpression')
      return entriesOf(leaf, source).flatMap(({ key, value }) => (key === keyword ? [value] : []));
    return leaf.name === 'CallExpression' ? (argumentsOf(leaf, source).keywords.get(keyword) ?? []) : [];
  });
}

/** Adds `keyword=value` behind the last argument of a call, on a line of its own where the last argument has one. */
export function addArgument(call: SyntaxNode, text: string, edits: FileEdits): boolean {
  const { source } = edits;
  const list = call.getChild('ArgList');
  const close = list?.lastChild;
  if (!list || close?.name !== ')') return false;
  let last = close.prevSibling;
  while (last && (last.name === 'Comment' || last.name === ',')) last = last.prevSibling;
  if (!last || last.name === '(') {
    edits.insert(close.from, text);
    return true;
  }
  const hasComma = nextMeaningful(last)?.name === ',';
  const start = startOfArgument(last);
  const indent = source.indentAt(start.from);
  const ownLine = source.lines.startOfLine(start.from) + indent.length === start.from;
  if (!ownLine) {
    edits.insert(last.to, `, ${text}`);
    return true;
  }
  // A comment behind the argument stays behind it.
  const end = Math.min(source.lines.endOfLine(last.to), closingOnLine(close, last, source) ?? Infinity);
  if (!hasComma) edits.insert(last.to, ',');
  edits.insert(end, `${source.newline}${indent}${text}${hasComma ? ',' : ''}`);
  return true;
}

function startOfArgument(value: SyntaxNode): SyntaxNode {
  const sign = value.prevSibling;
  if (sign?.name === '*' || sign?.name === '**') return sign;
  return sign?.name === 'AssignOp' ? (sign.prevSibling ?? sign) : value;
}

function nextMeaningful(node: SyntaxNode): SyntaxNode | null {
  let next = node.nextSibling;
  while (next?.name === 'Comment') next = next.nextSibling;
  return next;
}

/** The offset of the closing parenthesis where it stands on the last argument's line. */
function closingOnLine(close: SyntaxNode, last: SyntaxNode, source: PythonSource): number | null {
  return source.lines.startOfLine(close.from) === source.lines.startOfLine(last.to) ? close.from : null;
}
