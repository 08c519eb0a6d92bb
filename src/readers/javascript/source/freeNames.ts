import type { Node } from '@babel/types';
import { namesIn } from './declarations';
import { childrenOf } from './tree';

/**
 * Names that a piece of code takes from outside: `depth`, and `config.depth` where a property is read by name. What the code
 * declares itself, in the scope where it is declared, is none of them.
 */
export function freeNames(node: Node): ReadonlySet<string> {
  const found = new Set<string>();
  visit(node, new Set(), found);
  return found;
}

type Names = ReadonlySet<string>;

function visit(node: Node, bound: Names, found: Set<string>): void {
  switch (node.type) {
    case 'Identifier':
      if (!bound.has(node.name)) found.add(node.name);
      return;
    case 'JSXIdentifier':
    case 'ImportDeclaration':
      return;
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const { object, property, computed } = node;
      if (!computed && object.type === 'Identifier' && property.type === 'Identifier') {
        if (!bound.has(object.name)) found.add(`${object.name}.${property.name}`);
        return;
      }
      visit(object, bound, found);
      if (computed) visit(property, bound, found);
      return;
    }
    case 'LabeledStatement':
      visit(node.body, bound, found);
      return;
    case 'BreakStatement':
    case 'ContinueStatement':
      return;
    default:
  }
  if (isType(node)) return;
  const inner = withDeclared(node, bound);
  for (const child of childrenOf(node)) if (!isPlainKey(node, child)) visit(child, inner, found);
}

/** Types say nothing about what runs; of a cast only its expression does. */
const isType = ({ type }: Node) =>
  type.startsWith('TS') &&
  !/^TS(As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$|^TS(Enum|Module|ParameterProperty|ExportAssignment)/.test(
    type,
  );

/** `units` in `{ units: 3 }`, `build` in `{ build() {} }`, `#count` and such: names of properties. */
const isPlainKey = (node: Node, child: Node) =>
  'key' in node && node.key === child && !('computed' in node && node.computed);

function withDeclared(node: Node, bound: Names): Names {
  const own = declaredBy(node);
  return own.length === 0 ? bound : new Set([...bound, ...own]);
}

/** Names that hold inside a node and not outside. */
function declaredBy(node: Node): string[] {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return [
        ...('id' in node && node.id ? [node.id.name] : []),
        ...node.params.flatMap((parameter) =>
          namesOf(parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter),
        ),
        ...hoisted(node.body),
      ];
    case 'ClassExpression':
    case 'ClassDeclaration':
      return node.id ? [node.id.name] : [];
    case 'BlockStatement':
    case 'StaticBlock':
    case 'TSModuleBlock':
      return node.body.flatMap(inBlock);
    case 'SwitchStatement':
      return node.cases.flatMap(({ consequent }) => consequent.flatMap(inBlock));
    case 'ForStatement':
      return node.init ? inBlock(node.init) : [];
    case 'ForOfStatement':
    case 'ForInStatement':
      return inBlock(node.left);
    case 'CatchClause':
      return node.param ? namesOf(node.param) : [];
    default:
      return [];
  }
}

/** `let`, `const`, functions and classes of a block; `var` belongs to the function. */
function inBlock(node: Node): string[] {
  if (node.type === 'ExportNamedDeclaration') return node.declaration ? inBlock(node.declaration) : [];
  if (node.type === 'VariableDeclaration')
    return node.kind === 'var' ? [] : node.declarations.flatMap(({ id }) => namesOf(id));
  const isNamed = node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration';
  return isNamed && node.id ? [node.id.name] : [];
}

/** Each `var` below, without those of functions inside. */
function hoisted(node: Node): string[] {
  if (/Function|Method/.test(node.type)) return [];
  const own =
    node.type === 'VariableDeclaration' && node.kind === 'var'
      ? node.declarations.flatMap(({ id }) => namesOf(id))
      : [];
  return [...own, ...childrenOf(node).flatMap(hoisted)];
}

const namesOf = (pattern: Node): string[] => namesIn(pattern).map(({ name }) => name);
