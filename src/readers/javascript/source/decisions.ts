import type { Node } from '@babel/types';
import { childrenOf } from './tree';

/** Whether the way through a function, or which functions it calls, may depend on its parameters. */
export function decidesOnParameters(body: Node, parameters: readonly string[]): boolean {
  const tainted = new Set(parameters.filter((name) => name !== ''));
  if (parameters.includes('')) return hasTest(body, null);
  // Twice, for names that are derived from names further down.
  for (let round = 0; round < 2; round++) spread(body, tainted);
  return hasTest(body, tainted);
}

function spread(node: Node, tainted: Set<string>): void {
  if (node.type === 'VariableDeclarator' && node.init && mentions(node.init, tainted))
    for (const name of identifiersIn(node.id)) tainted.add(name);
  if (node.type === 'AssignmentExpression' && mentions(node.right, tainted))
    for (const name of identifiersIn(node.left)) tainted.add(name);
  for (const child of childrenOf(node)) spread(child, tainted);
}

/** @param names null: any test counts */
function hasTest(node: Node, names: ReadonlySet<string> | null): boolean {
  const test = testOf(node);
  if (test && (names === null || mentions(test, names))) return true;
  return childrenOf(node).some((child) => hasTest(child, names));
}

function testOf(node: Node): Node | null {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return node.test;
    case 'ForStatement':
      return node.test ?? null;
    case 'SwitchStatement':
      return node.discriminant;
    case 'ForOfStatement':
    case 'ForInStatement':
      return node.right;
    case 'LogicalExpression':
      return node.left;
    default:
      return null;
  }
}

const mentions = (node: Node, names: ReadonlySet<string>): boolean =>
  identifiersIn(node).some((name) => names.has(name));

function identifiersIn(node: Node): string[] {
  return [...(node.type === 'Identifier' ? [node.name] : []), ...childrenOf(node).flatMap(identifiersIn)];
}
