import type { SyntaxNode } from '@lezer/common';
import type { FileEdits } from './fileEdits';
import { argumentsOf, enclosing, endOfStatement, type PythonSource } from './pythonSource';
import { calleeName } from './values';

/**
 * Puts another layer beside one: as the next item of a list, tuple or argument list, in a call of its own beside `model.add(layer)`, or in a
 * statement of its own beside `x = layer(x)`. False where the layer stands in none of these.
 */
export function besides(layer: SyntaxNode, added: string, side: 'before' | 'behind', edits: FileEdits): boolean {
  return (
    inCalls(layer, added, side, edits) || inList(layer, added, side, edits) || inStatement(layer, added, side, edits)
  );
}

/** `model.add(layer)`, `layers.append(layer)`. */
function inCalls(layer: SyntaxNode, added: string, side: 'before' | 'behind', edits: FileEdits): boolean {
  const { source } = edits;
  const call = layer.parent?.parent;
  if (call?.name !== 'CallExpression' || !['add', 'append'].includes(calleeName(call, source) ?? '')) return false;
  const statement = call.parent?.name === 'ExpressionStatement' ? call.parent : null;
  const { positional, keywords } = argumentsOf(call, source);
  const callee = call.firstChild;
  if (!statement || !callee || positional.length !== 1 || keywords.size > 0) return false;
  insertStatement(statement, `${source.textOf(callee)}(${added})`, side, edits);
  return true;
}

/** `[Dense(8), Dense(8)]`, `Sequential(Dense(8), ...)`; behind a trailing comma too. */
function inList(layer: SyntaxNode, added: string, side: 'before' | 'behind', edits: FileEdits): boolean {
  const { source } = edits;
  const around = layer.parent;
  if (!around || !['ArrayExpression', 'TupleExpression', 'ArgList'].includes(around.name)) return false;
  // An argument that is named is no item; neither is the only one of a call that is not known to take many.
  if (layer.prevSibling?.name === 'AssignOp') return false;
  if (around.name === 'ArgList' && around.getChildren(',').length === 0) return false;
  const lineStart = source.lines.startOfLine(layer.from);
  const ownLine = /^[ \t]*$/.test(source.text.slice(lineStart, layer.from));
  const indent = source.indentAt(layer.from);
  const gap = ownLine ? `${source.newline}${indent}` : ' ';
  if (side === 'before') {
    edits.insert(layer.from, `${added},${gap}`);
    return true;
  }
  const comma = layer.nextSibling?.name === ',' ? layer.nextSibling : null;
  const end = comma ?? layer;
  // A comment behind the layer stays with it.
  const rest = /^[ \t]*#[^\r\n]*/.exec(source.text.slice(end.to))?.[0] ?? '';
  if (ownLine && rest !== '') {
    if (!comma) edits.insert(layer.to, ',');
    edits.insert(end.to + rest.length, `${gap}${added}${comma ? ',' : ''}`);
  } else edits.insert(layer.to, `,${gap}${added}`);
  return true;
}

/** `x = Dense(8)(x)`: a further statement `x = added(x)`. */
function inStatement(layer: SyntaxNode, added: string, side: 'before' | 'behind', edits: FileEdits): boolean {
  const { source } = edits;
  const applied = layer.parent;
  const statement = applied ? enclosing(applied, 'AssignStatement') : null;
  if (applied?.name !== 'CallExpression' || statement?.lastChild?.from !== applied.from) return false;
  const target = statement.firstChild;
  const [input, ...more] = argumentsOf(applied, source).positional;
  if (target?.name !== 'VariableName' || statement.getChildren('AssignOp').length !== 1) return false;
  if (applied.firstChild?.from !== layer.from || !input || more.length > 0) return false;
  const name = source.textOf(target);
  if (side === 'behind') {
    insertStatement(statement, `${name} = ${added}(${name})`, side, edits);
    return true;
  }
  if (input.name !== 'VariableName' || source.textOf(input) !== name) return false;
  insertStatement(statement, `${name} = ${added}(${name})`, side, edits);
  return true;
}

/** A statement of its own beside another, at its depth; behind `;` where the line holds several. */
export function insertStatement(
  statement: SyntaxNode,
  text: string,
  side: 'before' | 'behind',
  edits: FileEdits,
): void {
  const { source } = edits;
  const indent = source.indentAt(statement.from);
  const first = source.lines.startOfLine(statement.from) + indent.length === statement.from;
  const end = endOfStatement(statement, source);
  const last = restOfLine(end, source);
  if (side === 'before') edits.insert(statement.from, first ? `${text}${source.newline}${indent}` : `${text}; `);
  else if (first && last !== null) edits.insert(last, `${source.newline}${indent}${text}`);
  else edits.insert(end, `; ${text}`);
}

/** The end of the line where nothing but a comment follows; null where another statement does. */
function restOfLine(end: number, source: PythonSource): number | null {
  const line = source.lines.endOfLine(end);
  return /^[ \t]*(?:#.*)?$/.test(source.text.slice(end, line)) ? line : null;
}
