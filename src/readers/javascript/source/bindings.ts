import type { Node, Statement } from '@babel/types';
import { isClass, isFunction, namesIn, unexported, valueOf } from './declarations';
import { freeNames } from './freeNames';
import { CHANGES } from './brokenText';
import { childrenOf } from './tree';

/** A name that a module has from another one. */
export interface Imported {
  local: string;
  from: string;
  /** The name there; '*' for all of them as one object, as `require` and default imports of CommonJS give it. */
  name: string;
}

/** A top-level statement: which names it takes, gives and may change. */
export interface Statements {
  statement: Statement;
  uses: ReadonlySet<string>;
  binds: readonly string[];
  touches: ReadonlySet<string>;
  imports: readonly Imported[];
  exports: readonly { name: string; uses: ReadonlySet<string>; from: string | null }[];
}

export function bindingsOf(statement: Statement): Statements {
  const declared = unexported(statement);
  const imports = importsOf(statement);
  const binds = [...bound(declared), ...imports.map(({ local }) => local)];
  const isDeclared = declared.type === 'VariableDeclaration';
  const isList = statement.type === 'ExportNamedDeclaration' && !statement.declaration;
  const uses = isList ? new Set<string>() : freeNames(statement);
  return {
    statement,
    // A declared name is no use of it.
    uses: isDeclared ? new Set([...uses].filter((name) => !binds.includes(name))) : uses,
    binds,
    touches: new Set([...assigned(statement), ...changed(statement)]),
    imports,
    exports: exportsOf(statement),
  };
}

/** Names of variables that stand for data or models: neither functions nor classes nor modules. */
export function plainVariables(statement: Statement): string[] {
  const declared = unexported(statement);
  if (declared.type !== 'VariableDeclaration') return [];
  return declared.declarations.flatMap(({ id, init }) => {
    const value = init ? valueOf(init) : null;
    const isPlain = value === null || !(isFunction(value) || isClass(value) || required(value) !== null);
    return isPlain ? namesIn(id).map(({ name }) => name) : [];
  });
}

function bound(declared: Node): string[] {
  if (declared.type === 'VariableDeclaration')
    return declared.declarations.flatMap(({ id }) => namesIn(id).map(({ name }) => name));
  const isNamed = isFunction(declared) || isClass(declared) || declared.type === 'TSEnumDeclaration';
  return isNamed && 'id' in declared && declared.id ? [declared.id.name] : [];
}

function importsOf(statement: Statement): Imported[] {
  if (statement.type === 'ImportDeclaration')
    return statement.specifiers.map((specifier) => ({
      local: specifier.local.name,
      from: statement.source.value,
      name: specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : '*',
    }));
  const declared = unexported(statement);
  if (declared.type !== 'VariableDeclaration') return [];
  return declared.declarations.flatMap(({ id, init }): Imported[] => {
    const from = init ? required(valueOf(init)) : null;
    if (from === null) return [];
    if (id.type === 'Identifier') return [{ local: id.name, from, name: '*' }];
    if (id.type !== 'ObjectPattern') return [];
    return id.properties.flatMap((property): Imported[] => {
      if (property.type === 'RestElement')
        return namesIn(property).map(({ name }) => ({ local: name, from, name: '*' }));
      const name = nameOf(property.key);
      return namesIn(property.value).map((local) => ({ local: local.name, from, name }));
    });
  });
}

/** The module that `require('./x')` or `await import('./x')` gives. */
function required(value: Node): string | null {
  if (value.type === 'AwaitExpression') return required(value.argument);
  if (value.type !== 'CallExpression') return null;
  const { callee } = value;
  const isLoad = callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require');
  const [first] = value.arguments;
  return isLoad && first?.type === 'StringLiteral' ? first.value : null;
}

function exportsOf(statement: Statement): Statements['exports'] {
  const own = (name: string, uses: Iterable<string>, from: string | null = null) => ({
    name,
    uses: new Set(uses),
    from,
  });
  if (statement.type === 'ExportAllDeclaration') return [own('*', [], statement.source.value)];
  if (statement.type === 'ExportDefaultDeclaration')
    return [own('default', [...freeNames(statement), ...bound(statement.declaration)])];
  if (statement.type === 'ExportNamedDeclaration') {
    const from = statement.source?.value ?? null;
    return [
      ...(statement.declaration ? bound(statement.declaration).map((name) => own(name, [name])) : []),
      ...statement.specifiers.flatMap((specifier) =>
        specifier.type === 'ExportSpecifier'
          ? [own(nameOf(specifier.exported), [nameOf(specifier.local)], from)]
          : [own(nameOf(specifier.exported), ['*'], from)],
      ),
    ];
  }
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return [];
  const { left, right } = statement.expression;
  if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier') return [];
  const owner = left.object.type === 'Identifier' ? left.object.name : '';
  const { name } = left.property;
  if (owner === 'exports') return [own(name, freeNames(right))];
  if (owner === '' || owner !== 'module' || name !== 'exports')
    return left.object.type === 'MemberExpression' ? [own(name, freeNames(right))] : [];
  const value = valueOf(right);
  if (value.type !== 'ObjectExpression') return [own('default', freeNames(right))];
  return value.properties.flatMap((property) =>
    property.type === 'SpreadElement' ? [] : [own(nameOf(property.key), freeNames(property))],
  );
}

/** Names that code assigns to, or to properties of; inside functions too. */
function assigned(node: Node): string[] {
  const own =
    node.type === 'AssignmentExpression'
      ? targets(node.left)
      : node.type === 'UpdateExpression'
        ? targets(node.argument)
        : [];
  return [...own, ...childrenOf(node).flatMap(assigned)];
}

function targets(node: Node): string[] {
  if (node.type === 'MemberExpression') return targets(node.object);
  return node.type === 'Identifier' ? [node.name] : namesIn(node).map(({ name }) => name);
}

/** Names whose values a statement may change while it runs: `model.add(...)`, `widen(model)`. */
function changed(node: Node): string[] {
  if (isFunction(node) || isClass(node)) return [];
  const below = childrenOf(node).flatMap(changed);
  if (node.type !== 'CallExpression') return below;
  const { callee } = node;
  const isChange =
    callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && CHANGES.test(callee.property.name);
  const given = node.arguments.flatMap((item) => (item.type === 'Identifier' ? [item.name] : []));
  return [...(isChange ? targets(callee.object) : []), ...given, ...below];
}

const nameOf = (node: Node): string =>
  node.type === 'Identifier' ? node.name : node.type === 'StringLiteral' ? node.value : '';
