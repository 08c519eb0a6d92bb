import type { CallExpression, NewExpression, Node } from '@babel/types';
import type { SourceSpan } from '../../../graph/source';
import { childrenOf, suspends, type Tree } from './tree';

/** A call in the user's code. */
export interface CallSite {
  span: SourceSpan;
  text: string;
  /** The name to which what the call gives is assigned. */
  target: string | null;
  /** Places of the values in the object literal that is the first argument. */
  options: ReadonlyMap<string, SourceSpan>;
}

/** A piece of text put into the code. */
export interface Insertion {
  at: number;
  text: string;
  /** Where several stand at one place, those with the lower rank come first. */
  rank: number;
  /** End of what it replaces; nothing where it is left off. */
  until?: number;
}

/** Finds the calls of a file and wraps each so that the program inside the seal knows which one runs. */
export function watchCalls(tree: Tree, sites: CallSite[]): Insertion[] {
  const insertions: Insertion[] = [];
  const visit = (node: Node, depth: number): void => {
    if (/^TS(Type|Interface|Union|Literal|Enum|Declare)/.test(node.type) && node.type !== 'TSTypeAssertion') return;
    if (node.type === 'Decorator') {
      // What decorators add is the framework's own; the engine inside the seal does not know them.
      insertions.push({ at: node.start ?? 0, text: '', rank: 0, until: node.end ?? 0 });
      return;
    }
    if (node.type === 'Import')
      insertions.push({ at: node.start ?? 0, text: '__scope.load', rank: 2e6, until: node.end ?? 0 });
    // The engine inside the seal runs modules as functions, where `import.meta` does not parse.
    if (node.type === 'MetaProperty' && node.meta.name === 'import')
      insertions.push({ at: node.start ?? 0, text: '__scope.meta', rank: 2e6, until: node.end ?? 0 });
    const isCall = node.type === 'CallExpression' || node.type === 'NewExpression';
    if (isCall && node.callee.type !== 'Super' && node.callee.type !== 'Import' && suspends(node)) {
      const [first] = node.arguments;
      if (first && node.arguments.length === 1 && first.type !== 'SpreadElement') {
        const id = sites.length;
        sites.push(siteOf(node, tree));
        insertions.push({ at: first.start ?? 0, text: `__lens.about(${id},(`, rank: 1e6 + depth });
        insertions.push({ at: first.end ?? 0, text: '))', rank: -depth });
      }
    } else if (isCall && isWatchable(node)) {
      const id = sites.length;
      sites.push(siteOf(node, tree));
      // Outer openings before inner ones at the same place, inner closings before outer ones.
      insertions.push({ at: node.start ?? 0, text: `__at(${id},()=>(`, rank: 1e6 + depth });
      insertions.push({ at: node.end ?? 0, text: '))', rank: -depth });
    }
    for (const child of childrenOf(node)) visit(child, depth + 1);
  };
  visit(tree.file.program, 0);
  nameTargets(tree, sites);
  return insertions;
}

/** `const encoder = tf.model(...)`, `this.encoder = tf.model(...)` */
function nameTargets(tree: Tree, sites: CallSite[]): void {
  const targets = new Map<string, string>();
  const key = ({ range: { start } }: SourceSpan) => `${start.line}:${start.character}`;
  const visit = (node: Node): void => {
    const pair =
      node.type === 'VariableDeclarator'
        ? ([node.id, node.init] as const)
        : node.type === 'AssignmentExpression'
          ? ([node.left, node.right] as const)
          : null;
    if (pair?.[1]) {
      const name = lastName(pair[0]);
      if (name !== null) targets.set(key(tree.span(pair[1])), name);
    }
    childrenOf(node).forEach(visit);
  };
  visit(tree.file.program);
  for (const site of sites) if (site.span.path === tree.path) site.target = targets.get(key(site.span)) ?? null;
}

function lastName(node: Node): string | null {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' && node.property.type === 'Identifier' && !node.computed
    ? node.property.name
    : null;
}

function isWatchable(node: CallExpression | NewExpression): boolean {
  const { type } = node.callee;
  return type !== 'Super' && type !== 'Import';
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
    target: null,
    options,
  };
}

export function insert(text: string, insertions: readonly Insertion[]): string {
  const ordered = [...insertions].sort((a, b) => a.at - b.at || a.rank - b.rank);
  let code = '';
  let from = 0;
  for (const { at, text: piece, until = at } of ordered) {
    code += text.slice(from, at) + piece;
    from = Math.max(from, until);
  }
  return code + text.slice(from);
}
