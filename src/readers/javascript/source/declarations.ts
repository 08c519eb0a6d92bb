import type {
  ArrowFunctionExpression,
  Class,
  ExportDefaultDeclaration,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  Statement,
} from '@babel/types';
import type { SourceSpan } from '../../../graph/source';
import { decidesOnParameters } from './decisions';
import { type Directive, directiveFor, type Directives, forAll } from './directives';
import { exportedDeclarations } from './exports';
import type { Tree } from './tree';

export interface Method {
  name: string;
  parameters: string[];
  /** The name. */
  span: SourceSpan;
  extent: SourceSpan;
}

/** A top-level name of a file. */
export interface Declaration {
  name: string;
  /** The expression that gives it inside the module. */
  access: string;
  kind: 'variable' | 'function' | 'class';
  /** Names of the parameters, '' for those that are taken apart; of a class those of its constructor. */
  parameters: string[];
  /** Parameters that have no default. */
  required: number;
  methods: Method[];
  /** Whether its parameters may decide what it does, beside the figures that it hands on. */
  decides: boolean;
  /** The name where it is declared. */
  span: SourceSpan;
  /** The declaration as a whole. */
  extent: SourceSpan;
  /** Offsets of the declaration. */
  place: { start: number; end: number };
  /** What a comment above or inside it says. */
  directive: Directive | null;
  /** What the name stands for. */
  node: Node;
}

type Parameters = FunctionDeclaration['params'];
export type FunctionValue = ArrowFunctionExpression | FunctionExpression;

/** All top-level names in the file's order, exported or not, and what the file exports without a name of its own. */
export function declarationsOf(tree: Tree, directives: Directives): Declaration[] {
  const named = tree.file.program.body.flatMap((statement) => ofStatement(statement, tree));
  const known = new Set(named.map(({ name }) => name));
  const all = [...named, ...exportedDeclarations(tree).filter(({ name }) => !known.has(name))];
  const own = all.map(({ place }) => directiveFor(directives, tree, place));
  const rest = forAll(directives, new Set(own.filter((directive) => directive !== null)));
  return all.map((declaration, i) => ({ ...declaration, directive: own[i] ?? rest }));
}

export function unexported(statement: Statement): Statement | Node {
  if (statement.type === 'ExportNamedDeclaration') return statement.declaration ?? statement;
  if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
  return statement;
}

function ofStatement(statement: Statement, tree: Tree): Declaration[] {
  const declared = unexported(statement);
  const about = { whole: statement, tree };
  switch (declared.type) {
    case 'FunctionDeclaration':
      return declared.id && !declared.declare ? [describe(declared.id.name, declared.id, declared, about)] : [];
    case 'ClassDeclaration':
      return declared.id && !declared.declare ? [describe(declared.id.name, declared.id, declared, about)] : [];
    case 'VariableDeclaration':
      if (declared.declare) return [];
      return declared.declarations.flatMap(({ id, init }) =>
        id.type === 'Identifier'
          ? [describe(id.name, id, init ? valueOf(init) : id, about)]
          : namesIn(id).map((name) => describe(name.name, name, name, about)),
      );
    default:
      return [];
  }
}

interface About {
  whole: Pick<Node, 'start' | 'end'>;
  tree: Tree;
}

/** @param value what the name stands for */
export function describe(
  name: string,
  id: Pick<Node, 'start' | 'end'>,
  value: Node,
  { whole, tree }: About,
  access = name,
): Declaration {
  const start = id.start ?? 0;
  const frame = {
    name,
    access,
    span: tree.span({ start, end: Math.min(start + name.length, id.end ?? Infinity) }),
    extent: tree.span(whole),
    place: { start: whole.start ?? 0, end: whole.end ?? 0 },
    directive: null,
    node: value,
  };
  if (isFunction(value))
    return { ...frame, kind: 'function', ...decided(signature(value.params), value.body), methods: [] };
  if (isClass(value))
    return { ...frame, kind: 'class', ...decided(constructorOf(value), value), methods: methodsOf(value, tree) };
  return { ...frame, kind: 'variable', parameters: [], required: 0, decides: false, methods: [] };
}

export const isFunction = (node: Node): node is FunctionValue | FunctionDeclaration =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

export const isClass = (node: Node): node is Class =>
  node.type === 'ClassDeclaration' || node.type === 'ClassExpression';

/** What an initialiser comes down to without the types around it. */
export function valueOf(init: Expression | ExportDefaultDeclaration['declaration']): Node {
  switch (init.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return valueOf(init.expression);
    default:
      return init;
  }
}

const decided = <T extends { parameters: string[] }>(own: T, body: Node): T & { decides: boolean } => ({
  ...own,
  decides: decidesOnParameters(body, own.parameters),
});

function signature(given: Parameters): { parameters: string[]; required: number } {
  const own = given.filter((parameter) => parameter.type !== 'Identifier' || parameter.name !== 'this');
  const required = own.filter((parameter) => {
    if (parameter.type === 'AssignmentPattern' || parameter.type === 'RestElement') return false;
    return parameter.type !== 'Identifier' || parameter.optional !== true;
  }).length;
  return { parameters: own.map(nameOf), required };
}

function nameOf(parameter: Node): string {
  if (parameter.type === 'Identifier') return parameter.name;
  if (parameter.type === 'AssignmentPattern') return nameOf(parameter.left);
  return parameter.type === 'TSParameterProperty' ? nameOf(parameter.parameter) : '';
}

function constructorOf(declared: Class): { parameters: string[]; required: number } {
  for (const member of declared.body.body)
    if (member.type === 'ClassMethod' && member.kind === 'constructor') {
      const plain = member.params.map((parameter) =>
        parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter,
      );
      return signature(plain);
    }
  return { parameters: [], required: 0 };
}

function methodsOf(declared: Class, tree: Tree): Method[] {
  return declared.body.body.flatMap((member): Method[] => {
    if (member.type === 'ClassMethod' && member.kind === 'method' && member.key.type === 'Identifier')
      return [
        {
          name: member.key.name,
          parameters: member.params.map(nameOf),
          span: tree.span(member.key),
          extent: tree.span(member),
        },
      ];
    if (member.type === 'ClassProperty' && member.key.type === 'Identifier' && member.value && isFunction(member.value))
      return [
        {
          name: member.key.name,
          parameters: member.value.params.map(nameOf),
          span: tree.span(member.key),
          extent: tree.span(member),
        },
      ];
    return [];
  });
}

export function namesIn(pattern: Node): (Node & { name: string })[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}
