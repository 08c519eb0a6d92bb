import type {
  ArrowFunctionExpression,
  ClassDeclaration,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  Statement,
} from '@babel/types';
import type { SourceSpan } from '../../../graph/source';
import type { Tree } from './tree';

/** A top-level name of a file. */
export interface Declaration {
  name: string;
  kind: 'variable' | 'function' | 'class';
  /** Parameters that have no default; those of a class are its constructor's. */
  required: number;
  /** The name where it is declared. */
  span: SourceSpan;
  /** The declaration as a whole. */
  extent: SourceSpan;
  /** Arguments that a comment gives, `(...)` included. */
  given: string | null;
}

type Parameters = FunctionDeclaration['params'];
type Anonymous = ArrowFunctionExpression | FunctionExpression;

/** All top-level names in the file's order, exported or not. */
export function declarationsOf(tree: Tree): Declaration[] {
  return tree.file.program.body.flatMap((statement) => ofStatement(statement, tree));
}

export function unexported(statement: Statement): Statement | Node {
  if (statement.type === 'ExportNamedDeclaration') return statement.declaration ?? statement;
  if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
  return statement;
}

function ofStatement(statement: Statement, tree: Tree): Declaration[] {
  const declared = unexported(statement);
  const extent = tree.span(statement);
  const given = argumentsGiven(statement);
  const entry = (name: Node & { name: string }, kind: Declaration['kind'], required: number): Declaration => ({
    name: name.name,
    kind,
    required,
    span: tree.span({ start: name.start ?? 0, end: (name.start ?? 0) + name.name.length }),
    extent,
    given,
  });
  switch (declared.type) {
    case 'FunctionDeclaration':
      return declared.id && !declared.declare ? [entry(declared.id, 'function', requiredOf(declared.params))] : [];
    case 'ClassDeclaration':
      return declared.id && !declared.declare ? [entry(declared.id, 'class', requiredOfClass(declared))] : [];
    case 'VariableDeclaration':
      if (declared.declare) return [];
      return declared.declarations.flatMap(({ id, init }) => {
        if (id.type !== 'Identifier') return namesIn(id).map((name) => entry(name, 'variable', 0));
        const made = init ? functionOf(init) : null;
        return [made ? entry(id, 'function', requiredOf(made.params)) : entry(id, 'variable', 0)];
      });
    default:
      return [];
  }
}

function functionOf(init: Expression): Anonymous | null {
  return init.type === 'ArrowFunctionExpression' || init.type === 'FunctionExpression' ? init : null;
}

function requiredOf(parameters: Parameters): number {
  return parameters.filter((parameter) => {
    if (parameter.type === 'AssignmentPattern' || parameter.type === 'RestElement') return false;
    if (parameter.type === 'Identifier') return parameter.name !== 'this' && parameter.optional !== true;
    return true;
  }).length;
}

function requiredOfClass(declared: ClassDeclaration): number {
  for (const member of declared.body.body)
    if (member.type === 'ClassMethod' && member.kind === 'constructor')
      return requiredOf(member.params.filter((parameter) => parameter.type !== 'TSParameterProperty'));
  return 0;
}

function namesIn(pattern: Node): (Node & { name: string })[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    default:
      return [];
  }
}

/** `// gradient-lens: args=(...)` above the declaration. */
function argumentsGiven(statement: Statement): string | null {
  for (const { value } of statement.leadingComments ?? []) {
    const found = /gradient-lens\s*:.*?\bargs\s*=\s*(\(.*\))/is.exec(value)?.[1];
    if (found !== undefined) return balanced(found);
  }
  return null;
}

function balanced(text: string): string | null {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text.charAt(i))) depth++;
    if (')]}'.includes(text.charAt(i)) && --depth === 0) return text.slice(0, i + 1);
  }
  return null;
}
