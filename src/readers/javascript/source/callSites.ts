import type { CallExpression, NewExpression, Node } from '@babel/types';
import type { SourceSpan } from '../../../graph/source';
import { childrenOf, suspends, type Tree } from './tree';

/** A call in the user's code. */
export interface CallSite {
  span: SourceSpan;
  text: string;
  /** The function's own name where it is called by a plain name. */
  callee: string | null;
  /** Places of the values in the object literal that is the first argument. */
  options: ReadonlyMap<string, SourceSpan>;
}

/** A piece of text put into the code. */
export interface Insertion {
  at: number;
  text: string;
  /** Where several stand at one place, those with the lower rank come first. */
  rank: number;
}

/** Finds the calls of a file and wraps each so that the program inside the seal knows which one runs. */
export function watchCalls(tree: Tree, sites: CallSite[]): Insertion[] {
  const insertions: Insertion[] = [];
  const visit = (node: Node, depth: number): void => {
    if (/^TS(Type|Interface|Union|Literal|Enum|Declare)/.test(node.type) && node.type !== 'TSTypeAssertion') return;
    if (node.type === 'Decorator') return;
    if ((node.type === 'CallExpression' || node.type === 'NewExpression') && isWatchable(node)) {
      const id = sites.length;
      sites.push(siteOf(node, tree));
      // Outer openings before inner ones at the same place, inner closings before outer ones.
      insertions.push({ at: node.start ?? 0, text: `__at(${id},()=>(`, rank: 1e6 + depth });
      insertions.push({ at: node.end ?? 0, text: '))', rank: -depth });
    }
    for (const child of childrenOf(node)) visit(child, depth + 1);
  };
  visit(tree.file.program, 0);
  return insertions;
}

function isWatchable(node: CallExpression | NewExpression): boolean {
  const { type } = node.callee;
  return type !== 'Super' && type !== 'Import' && !suspends(node);
}

function siteOf(node: CallExpression | NewExpression, tree: Tree): CallSite {
  const [first] = node.arguments;
  const options = new Map<string, SourceSpan>();
  if (first?.type === 'ObjectExpression')
    for (const property of first.properties)
      if (property.type === 'ObjectProperty' && property.key.type === 'Identifier' && !property.computed)
        options.set(property.key.name, tree.span(property.value));
  return {
    span: tree.span(node),
    text: tree.text.slice(node.start ?? 0, node.end ?? 0),
    callee: node.callee.type === 'Identifier' ? node.callee.name : null,
    options,
  };
}

export function insert(text: string, insertions: readonly Insertion[]): string {
  const ordered = [...insertions].sort((a, b) => a.at - b.at || a.rank - b.rank);
  let code = '';
  let from = 0;
  for (const { at, text: piece } of ordered) {
    code += text.slice(from, at) + piece;
    from = at;
  }
  return code + text.slice(from);
}
