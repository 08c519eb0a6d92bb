import { parse, type ParserPlugin } from '@babel/parser';
import type { CallExpression, File, Node } from '@babel/types';
import type { SourceRange } from '../../graph/source';
import { LineIndex } from '../applyEdits';

/** A JavaScript or TypeScript text with its syntax tree; nodes know those around them. */
export class JavascriptSource {
  readonly lines: LineIndex;
  readonly newline: string;
  readonly quote: "'" | '"';
  readonly #parents = new Map<Node, Node>();
  readonly #nodes: Node[] = [];

  /** Throws `SyntaxError` where the text cannot be parsed. */
  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    this.lines = new LineIndex(text);
    this.newline = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
    this.quote = text.split('"').length > text.split("'").length ? '"' : "'";
    const file: File = parse(text, {
      sourceType: 'unambiguous',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      errorRecovery: true,
      plugins: pluginsFor(path),
    });
    const pending: Node[] = [file.program];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      this.#nodes.push(node);
      for (const child of childrenOf(node)) {
        this.#parents.set(child, node);
        pending.push(child);
      }
    }
    this.#nodes.sort((a, b) => startOf(a) - startOf(b) || endOf(b) - endOf(a));
  }

  textOf(node: Node): string {
    return this.text.slice(startOf(node), endOf(node));
  }

  parentOf(node: Node): Node | null {
    return this.#parents.get(node) ?? null;
  }

  /** The nodes around one, the nearest first. */
  *around(node: Node): Generator<Node> {
    for (let next = this.parentOf(node); next; next = this.parentOf(next)) yield next;
  }

  /** All nodes that pass a test, in source order. */
  all<T extends Node>(test: (node: Node) => node is T): T[] {
    return this.#nodes.filter(test);
  }

  /** The call that a span covers exactly. */
  callAt(range: SourceRange): CallExpression | null {
    const from = this.lines.offsetOf(range.start);
    const to = this.lines.offsetOf(range.end);
    const found = this.#nodes.find(
      (node) => node.type === 'CallExpression' && startOf(node) === from && endOf(node) === to,
    );
    return found?.type === 'CallExpression' ? found : null;
  }

  indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lines.startOfLine(offset)))?.[0] ?? '';
  }

  /** True where nothing but white space stands before `offset` on its line. */
  startsLine(offset: number): boolean {
    return this.lines.startOfLine(offset) + this.indentAt(offset).length === offset;
  }
}

function pluginsFor(path: string): ParserPlugin[] {
  const typed = /\.[cm]?tsx?$/i.test(path);
  const plain: ParserPlugin[] = ['decorators', 'explicitResourceManagement'];
  if (typed) return /x$/i.test(path) ? [...plain, 'typescript', 'jsx'] : [...plain, 'typescript'];
  return [...plain, 'jsx'];
}

export const startOf = (node: Node): number => node.start ?? 0;
export const endOf = (node: Node): number => node.end ?? 0;

const SKIPPED = new Set(['loc', 'extra', 'leadingComments', 'trailingComments', 'innerComments', 'errors', 'tokens']);

function childrenOf(node: Node): Node[] {
  return (Object.entries(node) as [string, unknown][]).flatMap(([key, value]) => {
    if (SKIPPED.has(key)) return [];
    return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isNode);
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The last name of what is called: `dense` of `tf.layers.dense(...)`. */
export function calleeName(call: CallExpression): string | null {
  const { callee } = call;
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : null;
}

/** The name of a property that is written as a name or string. */
export function keyName(key: Node): string | null {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'StringLiteral' ? key.value : null;
}
