import type { SyntaxNode } from '@lezer/common';
import type { SourceRange } from '../../graph/source';
import type { FileEdits } from '../python/fileEdits';
import { endOfStatement, enclosing, parts, type PythonSource } from '../python/pythonSource';
import type { InitialiserCall } from './initialisers';

/** Adds a loop over the model's layers to the end of `__init__`. False where the constructor's form does not allow it. */
export function initialiseInConstructor(
  constructor: SyntaxNode,
  layers: readonly string[],
  call: InitialiserCall,
  edits: FileEdits,
): boolean {
  const { source } = edits;
  const body = constructor.getChild('Body');
  const statements = body ? parts(body) : [];
  const [first] = statements;
  const last = statements.at(-1);
  const self = selfName(constructor, source);
  if (!first || !last || self === null || last.name === 'ReturnStatement') return false;
  const unit = indentUnit(constructor, source);
  const end = source.lines.endOfLine(endOfStatement(last, source));
  const inline = source.lines.startOfLine(first.from) === source.lines.startOfLine(constructor.from);
  const indent = inline ? source.indentAt(constructor.from) + unit : source.indentAt(first.from);
  // `def __init__(self): a; b` takes no loop: its statements move to a line of their own.
  if (inline) edits.replace(skipBack(first.from, source), first.from, `${source.newline}${indent}`);
  edits.insert(end, lines(loop(`${self}.modules()`, layers, call, edits, unit), indent, source));
  return true;
}

/** Adds the loop behind the statement that makes the model, at `range`; `return nn.Sequential(...)` gets a name first. */
export function initialiseAfterMaking(
  range: SourceRange,
  layers: readonly string[],
  call: InitialiserCall,
  edits: FileEdits,
): boolean {
  const { source } = edits;
  const made = source.callAt(range);
  const statement = made ? enclosing(made, 'AssignStatement', 'ReturnStatement') : null;
  if (!made || !statement || !isWholeValue(made, statement)) return false;
  const indent = source.indentAt(statement.from);
  // Behind `a = 1; model = ...` on one line a loop cannot stand at the right depth.
  if (source.lines.startOfLine(statement.from) + indent.length !== statement.from) return false;
  const unit = indentUnit(statement, source);
  const end = source.lines.endOfLine(endOfStatement(statement, source));
  if (statement.name === 'AssignStatement') {
    const target = statement.firstChild;
    if (!target || source.textOf(target).includes(',')) return false;
    edits.insert(end, lines(loop(`${source.textOf(target)}.modules()`, layers, call, edits, unit), indent, source));
    return true;
  }
  const name = freeName(['model', 'net', 'network'], source);
  edits.replace(statement.from, made.from, `${name} = `);
  const added = [...loop(`${name}.modules()`, layers, call, edits, unit), `return ${name}`];
  edits.insert(end, lines(added, indent, source));
  return true;
}

/** True where the statement's value is the call itself, or methods called on it (`nn.Sequential(...).to(device)`). */
function isWholeValue(made: SyntaxNode, statement: SyntaxNode): boolean {
  let value = made;
  while (value.parent && ['MemberExpression', 'CallExpression'].includes(value.parent.name)) {
    if (value.parent.from !== made.from) return false;
    value = value.parent;
  }
  return value.parent?.from === statement.from && value.parent.name === statement.name;
}

function loop(
  modules: string,
  layers: readonly string[],
  call: InitialiserCall,
  edits: FileEdits,
  unit: string,
): string[] {
  const name = freeName(['module', 'layer', 'sub_module'], edits.source);
  const types = layers.map((layer) => edits.spell(`torch.nn.${layer}`));
  const type = types.length === 1 ? (types[0] ?? '') : `(${types.join(', ')})`;
  const init = edits.spell(`torch.nn.init.${call.function}`);
  return [
    `for ${name} in ${modules}:`,
    `${unit}if isinstance(${name}, ${type}):`,
    `${unit}${unit}${init}(${name}.weight, ${call.arguments(edits.source.quote)})`,
  ];
}

function lines(added: readonly string[], indent: string, source: PythonSource): string {
  return added.map((line) => `${source.newline}${indent}${line}`).join('');
}

function selfName(constructor: SyntaxNode, source: PythonSource): string | null {
  const first = constructor.getChild('ParamList')?.getChild('VariableName');
  return first ? source.textOf(first) : null;
}

/** What one level of indentation is in this file: taken from the block around, else from the first indented line. */
export function indentUnit(node: SyntaxNode, source: PythonSource): string {
  const inner = node.getChild('Body');
  const first = inner ? parts(inner)[0] : undefined;
  const outer = source.indentAt(node.from);
  const own = first ? source.indentAt(first.from) : outer;
  if (own.length > outer.length && own.startsWith(outer)) return own.slice(outer.length);
  return /\n([ \t]+)\S/.exec(source.text)?.[1] ?? '    ';
}

function skipBack(offset: number, source: PythonSource): number {
  let at = offset;
  while (at > 0 && /[ \t]/.test(source.text[at - 1] ?? '')) at--;
  return at;
}

function freeName(names: readonly string[], source: PythonSource): string {
  return names.find((name) => !source.uses(name)) ?? `${names[0] ?? 'item'}_`;
}
