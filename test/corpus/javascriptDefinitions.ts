import { parse } from '@babel/parser';
import * as t from '@babel/types';
import type { Definition, SourceText } from './definition';

const MAKERS = new Set(['sequential', 'model']);

/**
 * Counts the TensorFlow.js models of one file from the syntax alone, without anything of the reader: every function, class or
 * variable of the top level in which `tf.sequential(...)` or `tf.model(...)` stands, once, as the function around it that has a
 * name. One that makes no layer (no call of `layers.<name>(...)`; for a variable, none on the whole top level) joins or cuts models that are defined elsewhere and is no
 * definition.
 */
export function countJavascriptDefinitions({ path, text }: SourceText): Definition[] {
  if (!/\b(?:sequential|model)\b/.test(text)) return [];
  const tree = parse(text, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    plugins: [
      'decorators-legacy',
      /\.[cm]?tsx?$/.test(path) ? 'typescript' : 'flow',
      ...(/\.[cm]?ts$/.test(path) ? [] : (['jsx'] as const)),
    ],
  });
  const library = namesOfLibrary(tree);
  const found: Definition[] = [];
  const definitions = tree.program.body.flatMap(definitionsOf);
  const script = definitions.filter(({ isScript }) => isScript).flatMap(({ node }) => callsOf(node));
  for (const { name, node, isScript } of definitions) {
    const calls = callsOf(node);
    if (!calls.some((call) => makesModel(call, library)) || !(isScript ? script : calls).some(makesLayer)) continue;
    const from = (node.loc?.start.line ?? 1) - 1;
    const to = (node.loc?.end.line ?? 1) - 1;
    found.push({ path, name, kind: isScript ? 'variable' : 'builder', from, to });
  }
  return found;
}

/** Names of the library's namespace (`tf`, which a page's script tag may give too), and of what is taken out of it. */
function namesOfLibrary(tree: t.File): { spaces: Set<string>; taken: Set<string> } {
  const spaces = new Set(['tf']);
  const taken = new Set<string>();
  const take = (pattern: t.Node | null | undefined) => {
    if (t.isIdentifier(pattern)) spaces.add(pattern.name);
    if (!t.isObjectPattern(pattern)) return;
    for (const property of pattern.properties)
      if (t.isObjectProperty(property) && t.isIdentifier(property.key) && MAKERS.has(property.key.name))
        if (t.isIdentifier(property.value)) taken.add(property.value.name);
  };
  for (const node of nodesOf(tree.program)) {
    if (t.isImportDeclaration(node) && node.source.value.startsWith('@tensorflow/tfjs')) {
      for (const specifier of node.specifiers) {
        if (!t.isImportSpecifier(specifier)) spaces.add(specifier.local.name);
        else if (t.isIdentifier(specifier.imported) && MAKERS.has(specifier.imported.name))
          taken.add(specifier.local.name);
      }
    } else if (
      t.isVariableDeclarator(node) &&
      (isRequired(node.init) || (t.isIdentifier(node.init) && spaces.has(node.init.name)))
    ) {
      take(node.id);
    }
  }
  return { spaces, taken };
}

function isRequired(node: t.Node | null | undefined): boolean {
  if (!t.isCallExpression(node) || !t.isIdentifier(node.callee, { name: 'require' })) return false;
  const [source] = node.arguments;
  return t.isStringLiteral(source) && source.value.startsWith('@tensorflow/tfjs');
}

/** The functions and methods of a statement of the top level that have a name, and else the statement itself. */
function definitionsOf(statement: t.Node): { name: string; node: t.Node; isScript: boolean }[] {
  const inner = t.isExportNamedDeclaration(statement) || t.isExportDefaultDeclaration(statement);
  const node = inner && statement.declaration ? statement.declaration : statement;
  if (t.isFunctionDeclaration(node)) return [{ name: node.id?.name ?? 'default', node, isScript: false }];
  if (t.isClassDeclaration(node)) {
    return node.body.body.flatMap((member) =>
      t.isClassMethod(member) && t.isIdentifier(member.key)
        ? [{ name: `${node.id?.name ?? 'default'}.${member.key.name}`, node: member, isScript: false }]
        : [],
    );
  }
  const variable = t.isVariableDeclaration(node) ? node.declarations[0]?.id : undefined;
  const name = t.isIdentifier(variable) ? variable.name : '(top level)';
  const value = t.isVariableDeclaration(node) ? node.declarations[0]?.init : undefined;
  return [{ name, node, isScript: !t.isFunction(value) }];
}

function makesModel({ callee }: t.CallExpression, { spaces, taken }: { spaces: Set<string>; taken: Set<string> }) {
  if (t.isIdentifier(callee)) return taken.has(callee.name);
  if (!t.isMemberExpression(callee) || !t.isIdentifier(callee.property) || !MAKERS.has(callee.property.name))
    return false;
  return t.isIdentifier(callee.object) && spaces.has(callee.object.name);
}

/** `tf.layers.dense(...)`, `layers.dense(...)`. */
function makesLayer({ callee }: t.CallExpression): boolean {
  if (!t.isMemberExpression(callee)) return false;
  const { object } = callee;
  return t.isIdentifier(t.isMemberExpression(object) ? object.property : object, { name: 'layers' });
}

const callsOf = (node: t.Node) => nodesOf(node).filter((item) => t.isCallExpression(item));

function nodesOf(root: t.Node): t.Node[] {
  const found: t.Node[] = [];
  t.traverseFast(root, (node) => {
    found.push(node);
  });
  return found;
}
