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

  /** A class's methods by name. */
  methods(node: SyntaxNode): Map<string, SyntaxNode> {
    const body = node.getChild('Body');
    const plain = body?.getChildren('FunctionDefinition') ?? [];
    const decorated = (body?.getChildren('DecoratedStatement') ?? []).flatMap((item) =>
      item.getChildren('FunctionDefinition'),
    );
    return new Map([...plain, ...decorated].map((method) => [this.name(method), method]));
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

  /** Variable names of a definition's body that no function in it binds: what it takes from outside. */
  freeNames(definition: SyntaxNode): Set<string> {
    const free = new Set<string>();
    const body = definition.getChild('Body');
    for (const name of nodesIn(body, 'VariableName')) {
      const isKeyword = name.parent?.name === 'ArgList' && name.nextSibling?.name === 'AssignOp';
      if (!isKeyword && !this.#isBound(name, definition)) free.add(this.of(name));
    }
    return free;
  }

  /** Whether a function or lambda around a name, up to and with a definition, has it as a parameter or gives it a value. */
  #isBound(name: SyntaxNode, definition: SyntaxNode): boolean {
    for (let above = name.parent; above; above = above.parent) {
      if (above.name === 'FunctionDefinition' || above.name === 'LambdaExpression')
        if (this.#boundBy(above).has(this.of(name))) return true;
      if (above.from === definition.from && above.name === definition.name) return false;
    }
    return false;
  }

  #boundBy(node: SyntaxNode): Set<string> {
    const list = node.getChild('ParamList')?.getChildren('VariableName') ?? [];
    const parameters = list.filter(({ prevSibling }) => prevSibling?.name !== 'AssignOp');
    const targets = nodesIn(node.getChild('Body'), 'AssignStatement', 'ForStatement', 'WithStatement').flatMap(
      targetsOf,
    );
    return new Set([...parameters, ...targets].map((bound) => this.of(bound)));
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

/** Variables to which a statement gives values: before `=` or `in`, or after `as`. */
export function targetsOf(statement: SyntaxNode): SyntaxNode[] {
  const last = statement.name === 'ForStatement' ? 'in' : 'AssignOp';
  const found: SyntaxNode[] = [];
  for (let child = statement.firstChild; child && child.name !== last; child = child.nextSibling) {
    const isTarget = statement.name !== 'WithStatement' || child.prevSibling?.name === 'as';
    if (isTarget && child.name === 'VariableName') found.push(child);
    else if (isTarget && child.name === 'TupleExpression') found.push(...child.getChildren('VariableName'));
  }
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
