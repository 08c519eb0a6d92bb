import { parser } from '@lezer/python';
import type { SyntaxNode } from '@lezer/common';

/** The syntax tree of a Python file, and what is asked of it again and again. */
export class PythonSyntax {
  readonly root: SyntaxNode;

  constructor(private readonly text: string) {
    this.root = parser.parse(text).topNode;
  }

  of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  /** First and last line of a node. */
  lines(node: SyntaxNode): { from: number; to: number } {
    return { from: this.#line(node.from), to: this.#line(Math.max(node.from, node.to - 1)) };
  }

  /** The name of a class or function definition. */
  name(node: SyntaxNode): string {
    const name = node.getChild('VariableName');
    return name ? this.of(name) : '';
  }

  /** The last parts of a class's bases. */
  bases(node: SyntaxNode): string[] {
    const list = node.getChild('ArgList');
    return argumentsOf(list)
      .filter(({ name }) => !name)
      .map(({ value }) => lastPart(this.of(value)));
  }

  /** Names of a class's methods. */
  methods(node: SyntaxNode): string[] {
    const body = node.getChild('Body');
    const plain = body?.getChildren('FunctionDefinition') ?? [];
    const decorated = (body?.getChildren('DecoratedStatement') ?? []).flatMap((item) =>
      item.getChildren('FunctionDefinition'),
    );
    return [...plain, ...decorated].map((method) => this.name(method));
  }

  /** What a call expression calls, as written; null for other nodes. */
  callee(node: SyntaxNode | null): string | null {
    return node?.name === 'CallExpression' && node.firstChild ? this.of(node.firstChild) : null;
  }

  /** Variable names below a node, itself included; the names of keyword arguments are none. */
  names(node: SyntaxNode | null): Set<string> {
    return new Set(
      nodesIn(node, 'VariableName')
        .filter((name) => name.parent?.name !== 'ArgList' || name.nextSibling?.name !== 'AssignOp')
        .map((name) => this.of(name)),
    );
  }

  #line(offset: number): number {
    return this.text.slice(0, offset).split('\n').length - 1;
  }
}

export const lastPart = (dotted: string) => dotted.split('.').pop() ?? '';

/** Nodes of these kinds below a node, itself included, in the order of the text. */
export function nodesIn(node: SyntaxNode | null, ...kinds: readonly string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node?.cursor().iterate((reference) => {
    if (kinds.includes(reference.name)) found.push(reference.node);
  });
  return found;
}

export interface Argument {
  /** Null for one that is given by its place. */
  name: SyntaxNode | null;
  value: SyntaxNode;
}

/** Arguments of a call, or bases of a class. */
export function argumentsOf(list: SyntaxNode | null): Argument[] {
  const found: Argument[] = [];
  for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
    const named = child.nextSibling?.name === 'AssignOp' ? child.nextSibling.nextSibling : null;
    if (named) found.push({ name: child, value: named });
    if (named) child = named;
    else if (!'(),'.includes(child.name) && child.name !== 'Comment') found.push({ name: null, value: child });
  }
  return found;
}

/** The outermost class or function definition around a node. */
export function outermostDefinition(node: SyntaxNode): SyntaxNode | null {
  let found: SyntaxNode | null = null;
  for (let above = node.parent; above; above = above.parent)
    if (above.name === 'ClassDefinition' || above.name === 'FunctionDefinition') found = above;
  return found;
}
