import type { Expression, Node, Statement } from '@babel/types';
import { type Declaration, describe, isClass, isFunction, valueOf } from './declarations';
import type { Tree } from './tree';

/** What a file exports without declaring it by a name: `export default () => ...`, `exports.f = ...`, `module.exports = { f() {} }`. */
export function exportedDeclarations(tree: Tree): Declaration[] {
  return tree.file.program.body.flatMap((statement) => ofStatement(statement, tree));
}

function ofStatement(statement: Statement, tree: Tree): Declaration[] {
  const about = { whole: statement, tree };
  if (statement.type === 'ExportDefaultDeclaration') {
    const value = valueOf(statement.declaration);
    if ('id' in value && value.id) return [];
    if (value.type === 'ObjectExpression') return membersOf(value, 'module.exports.default', tree);
    return worthNaming(value) ? [describe('default', statement, value, about, 'module.exports.default')] : [];
  }
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return [];
  const { left, right } = statement.expression;
  const path = pathOf(left);
  const value = valueOf(right);
  if (path === 'module.exports' && value.type === 'ObjectExpression') return membersOf(value, path, tree);
  const name = path === 'module.exports' ? 'default' : (/^(?:module\.)?exports\.([\w$]+)$/.exec(path)?.[1] ?? null);
  if (name === null || !worthNaming(value)) return [];
  const access = name === 'default' && path === 'module.exports' ? path : `module.exports.${name}`;
  return [describe(name, statement, value, about, access)];
}

const worthNaming = (value: Node) =>
  isFunction(value) || isClass(value) || value.type === 'CallExpression' || value.type === 'AwaitExpression';

type ObjectNode = Extract<Expression, { type: 'ObjectExpression' }>;

function membersOf(object: ObjectNode, access: string, tree: Tree): Declaration[] {
  return object.properties.flatMap((property): Declaration[] => {
    if (property.type === 'SpreadElement' || property.computed || property.key.type !== 'Identifier') return [];
    const { name } = property.key;
    const about = { whole: property, tree };
    const own = `${access}.${name}`;
    if (property.type === 'ObjectMethod') {
      const declared = describe(name, property.key, { ...property, type: 'FunctionExpression' }, about, own);
      return [{ ...declared, node: property }];
    }
    const value = property.value;
    return worthNaming(value) ? [describe(name, property.key, value, about, own)] : [];
  });
}

function pathOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return '';
  return `${pathOf(node.object)}.${node.property.name}`;
}
