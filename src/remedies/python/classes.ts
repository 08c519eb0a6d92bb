import type { SyntaxNode } from '@lezer/common';
import type { PythonSource } from './pythonSource';

/** The class of this name in the file. */
export function findClass(name: string, source: PythonSource): SyntaxNode | null {
  return source.all('ClassDefinition').find((node) => nameOf(node, source) === name) ?? null;
}

/** `__init__` of a class, or of the nearest base class that the same file defines. */
export function findConstructor(definition: SyntaxNode, source: PythonSource): SyntaxNode | null {
  const seen = new Set<number>();
  let current: SyntaxNode | null = definition;
  while (current && !seen.has(current.from)) {
    seen.add(current.from);
    const body: SyntaxNode | null = current.getChild('Body');
    const own = body?.getChildren('FunctionDefinition').find((node) => nameOf(node, source) === '__init__');
    if (own) return own;
    const bases: SyntaxNode[] = current.getChild('ArgList')?.getChildren('VariableName') ?? [];
    current = bases.map((base) => findClass(source.textOf(base), source)).find((found) => found !== null) ?? null;
  }
  return null;
}

export function nameOf(definition: SyntaxNode, source: PythonSource): string {
  const name = definition.getChild('VariableName');
  return name ? source.textOf(name) : '';
}
