import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, enclosing, parts } from '../python/pythonSource';
import type { FileEdits } from '../python/fileEdits';

/**
 * In loops, `x = layer(x)` and `x = relu(layer(x))` become `x = x + layer(x)`: every round is then added to what it is fed. Returns how
 * often; whether shapes allow it, and whether it helps, a proof tells.
 */
export function addShortcuts(scope: SyntaxNode, edits: FileEdits): number {
  const { source } = edits;
  let made = 0;
  for (const statement of source.all('AssignStatement')) {
    if (statement.from < scope.from || statement.to > scope.to) continue;
    const loop = enclosing(statement, 'ForStatement', 'FunctionDefinition');
    const [target, value, ...more] = parts(statement).filter(({ name }) => name !== 'AssignOp');
    if (loop?.name !== 'ForStatement' || target?.name !== 'VariableName' || !value || more.length > 0) continue;
    const name = source.textOf(target);
    if (!appliesTo(value, name, edits)) continue;
    edits.insert(value.from, `${name} + `);
    made++;
  }
  return made;
}

/** True for calls around calls whose innermost one is of a layer on `name` alone. */
function appliesTo(value: SyntaxNode, name: string, edits: FileEdits): boolean {
  const { source } = edits;
  let call: SyntaxNode | undefined = value;
  let depth = 0;
  while (call?.name === 'CallExpression') {
    depth++;
    const [input]: SyntaxNode[] = argumentsOf(call, source).positional;
    if (input?.name === 'VariableName') {
      const callee = call.firstChild;
      const isOwn = callee !== null && edits.names.canonical(source.textOf(callee)) === null;
      return depth > 0 && isOwn && source.textOf(input) === name;
    }
    call = input;
  }
  return false;
}
