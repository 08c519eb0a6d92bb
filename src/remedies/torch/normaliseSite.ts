import type { SyntaxNode } from '@lezer/common';
import type { SourceSpan } from '../../graph/source';
import type { FileEdits } from '../python/fileEdits';
import { argumentsOf, enclosing, type PythonSource } from '../python/pythonSource';

/** Batch norm for each layer that it can follow, and the keyword by which the layer's width is given. */
const NORM_BEHIND: ReadonlyMap<string, { norm: string; width: string }> = new Map(
  ['Linear', 'Conv1d', 'Conv2d', 'Conv3d', 'ConvTranspose1d', 'ConvTranspose2d', 'ConvTranspose3d'].map((layer) => [
    layer,
    { norm: `BatchNorm${/\d/.exec(layer)?.[0] ?? '1'}d`, width: layer === 'Linear' ? 'out_features' : 'out_channels' },
  ]),
);

/**
 * Puts a batch norm between a layer and the activation constructed at `span`, where both stand side by side: in one list of layers, or in two
 * `append` statements in a row. Returns the norm's class, or null where the source has another form.
 */
export function normaliseBefore(span: SourceSpan, edits: FileEdits): string | null {
  const { source } = edits;
  const activation = source.callAt(span.range);
  if (!activation) return null;
  return besideInList(activation, edits) ?? besideInAppends(activation, source, edits);
}

/** `nn.Sequential(nn.Linear(a, b), nn.Sigmoid())` and lists, tuples alike. */
function besideInList(activation: SyntaxNode, edits: FileEdits): string | null {
  const { source } = edits;
  const around = activation.parent;
  if (!around || !['ArgList', 'ArrayExpression', 'TupleExpression'].includes(around.name)) return null;
  const comma = skipComments(activation.prevSibling);
  const layer = comma?.name === ',' ? skipComments(comma.prevSibling) : null;
  const norm = layer && normFor(layer, edits);
  if (!norm) return null;
  const lineStart = source.lines.startOfLine(activation.from);
  const ownLine = /^[ \t]*$/.test(source.text.slice(lineStart, activation.from));
  const gap = ownLine ? `,${source.newline}${source.text.slice(lineStart, activation.from)}` : ', ';
  edits.insert(activation.from, `${norm.call}${gap}`);
  return norm.name;
}

/** `layers.append(nn.Linear(a, b))` and `layers.append(nn.Sigmoid())` in a row. */
function besideInAppends(activation: SyntaxNode, source: PythonSource, edits: FileEdits): string | null {
  const statement = enclosing(activation, 'ExpressionStatement');
  const own = appendTo(statement, source);
  const before = previousStatement(statement);
  const previous = appendTo(before, source);
  if (!statement || !own || !previous || own.item.from !== activation.from || own.list !== previous.list) return null;
  const norm = normFor(previous.item, edits);
  if (!norm) return null;
  const indent = source.indentAt(statement.from);
  const onOwnLine = source.lines.startOfLine(statement.from) + indent.length === statement.from;
  edits.insert(statement.from, `${own.list}.append(${norm.call})${onOwnLine ? source.newline + indent : '; '}`);
  return norm.name;
}

function skipComments(node: SyntaxNode | null): SyntaxNode | null {
  let previous = node;
  while (previous?.name === 'Comment') previous = previous.prevSibling;
  return previous;
}

function previousStatement(statement: SyntaxNode | null): SyntaxNode | null {
  let previous = statement?.prevSibling ?? null;
  while (previous && (previous.name === 'Comment' || !/^[A-Z]/.test(previous.name))) previous = previous.prevSibling;
  return previous;
}

function appendTo(statement: SyntaxNode | null, source: PythonSource): { list: string; item: SyntaxNode } | null {
  const call = statement?.name === 'ExpressionStatement' ? statement.getChild('CallExpression') : null;
  const callee = call?.firstChild;
  const match = callee ? /^(.*)\.append$/s.exec(source.textOf(callee)) : null;
  const [item] = call ? argumentsOf(call, source).positional : [];
  return match?.[1] !== undefined && item ? { list: match[1], item } : null;
}

function normFor(layer: SyntaxNode, edits: FileEdits): { name: string; call: string } | null {
  const { source } = edits;
  const callee = layer.name === 'CallExpression' ? layer.firstChild : null;
  if (!callee) return null;
  const written = source.textOf(callee);
  const path = edits.names.canonical(written);
  const behind = path?.startsWith('torch.nn.') ? NORM_BEHIND.get(path.slice('torch.nn.'.length)) : undefined;
  if (!behind) return null;
  const given = argumentsOf(layer, source);
  const width = given.keywords.get(behind.width) ?? (given.starred ? undefined : given.positional[1]);
  if (!width) return null;
  return { name: behind.norm, call: `${edits.spell(`torch.nn.${behind.norm}`, written)}(${source.textOf(width)})` };
}
