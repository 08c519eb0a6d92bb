import { parser } from '@lezer/python';
import type { SyntaxNode, Tree } from '@lezer/common';
import type { SourceRange } from '../../graph/source';
import { LineIndex } from '../applyEdits';

/** A Python text with its syntax tree; offsets count UTF-16 code units. */
export class PythonSource {
  readonly lines: LineIndex;
  readonly tree: Tree;
  /** The line ending that the file uses. */
  readonly newline: string;
  /** The quote that the file prefers. */
  readonly quote: "'" | '"';

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    this.lines = new LineIndex(text);
    this.tree = parser.parse(text);
    this.newline = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
    this.quote = countOf(text, '"') > countOf(text, "'") ? '"' : "'";
  }

  textOf(node: { from: number; to: number }): string {
    return this.text.slice(node.from, node.to);
  }

  rangeOf(from: number, to: number): SourceRange {
    return { start: this.lines.positionOf(from), end: this.lines.positionOf(to) };
  }

  /** White space at the start of the line that holds `offset`. */
  indentAt(offset: number): string {
    return /^[ \t\f]*/.exec(this.text.slice(this.lines.startOfLine(offset)))?.[0] ?? '';
  }

  /** The call expression that a span covers, or the smallest one around it; null where the text there is no call. */
  callAt(range: SourceRange): SyntaxNode | null {
    const from = this.lines.offsetOf(range.start);
    const to = this.lines.offsetOf(range.end);
    let node: SyntaxNode | null = this.tree.resolveInner(from, 1);
    while (node && !(node.from <= from && node.to >= to && node.name === 'CallExpression')) node = node.parent;
    // A span that a call only happens to surround is not that call.
    return node?.from === from && node.to === to ? node : null;
  }

  /** All nodes with one of these names, in source order. */
  all(...names: string[]): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    this.tree.iterate({
      enter: (node) => {
        if (names.includes(node.name)) found.push(node.node);
      },
    });
    return found;
  }

  /** True where an identifier occurs anywhere in the file. */
  uses(name: string): boolean {
    return this.all('VariableName').some((node) => this.textOf(node) === name);
  }
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Children that carry meaning: punctuation, keywords and comments left out. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (/^[A-Z]/.test(child.name) && child.name !== 'Comment') found.push(child);
  }
  return found;
}

/** The nearest node around `node` (itself included) with one of these names. */
export function enclosing(node: SyntaxNode, ...names: string[]): SyntaxNode | null {
  let around: SyntaxNode | null = node;
  while (around && !names.includes(around.name)) around = around.parent;
  return around;
}

/** End of a statement without the blank lines and comments that the parser counts into a block. */
export function endOfStatement(statement: SyntaxNode, source: PythonSource): number {
  const bodies = statement.getChildren('Body');
  const last = bodies.at(-1);
  const inner = last ? parts(last).at(-1) : undefined;
  if (inner) return endOfStatement(inner, source);
  // The parser counts the line end (of \r\n its first half) into some statements.
  return source.text.slice(0, statement.to).trimEnd().length;
}

/** Positional and keyword arguments of a call. */
export interface CallArguments {
  positional: SyntaxNode[];
  keywords: Map<string, SyntaxNode>;
  /** True where `*args` or `**kwargs` hide some. */
  starred: boolean;
  /** True where `*args` hides which place an argument has. */
  shifted: boolean;
}

export function argumentsOf(call: SyntaxNode, source: PythonSource): CallArguments {
  const list = call.getChild('ArgList');
  const result: CallArguments = { positional: [], keywords: new Map(), starred: false, shifted: false };
  for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name === '*' || child.name === '**') {
      result.starred = true;
      result.shifted ||= child.name === '*';
      child = child.nextSibling ?? child;
    } else if (child.nextSibling?.name === 'AssignOp') {
      const value: SyntaxNode | null = child.nextSibling.nextSibling;
      if (!value) break;
      result.keywords.set(source.textOf(child), value);
      child = value;
    } else if (/^[A-Z]/.test(child.name) && child.name !== 'Comment') {
      result.positional.push(child);
    }
  }
  return result;
}
