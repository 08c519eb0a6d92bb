import type { SyntaxNode } from '@lezer/common';
import { nameOf } from './classes';
import { enclosing, type PythonSource } from './pythonSource';

/** A function's parameters, `self` and `cls` left out. */
export interface Signature {
  definition: SyntaxNode;
  /** Name that callers use: the function's, or the class's for `__init__`; null for a lambda. */
  name: string | null;
  parameters: string[];
  defaults: Map<string, SyntaxNode>;
}

/** The signature of a `FunctionDefinition` or `LambdaExpression`. */
export function signatureOf(definition: SyntaxNode, source: PythonSource): Signature {
  const list = definition.getChild('ParamList');
  const parameters: string[] = [];
  const defaults = new Map<string, SyntaxNode>();
  for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
    const previous = child.prevSibling?.name;
    if (child.name === 'VariableName' && previous !== 'AssignOp') parameters.push(source.textOf(child));
    else if (previous === 'AssignOp') defaults.set(parameters.at(-1) ?? '', child);
  }
  const own = definition.name === 'FunctionDefinition' ? nameOf(definition, source) : null;
  const around = classAround(definition);
  const isMethod = around !== null && !isStatic(definition, source);
  return {
    definition,
    name: own === '__init__' && around ? nameOf(around, source) : own,
    parameters: isMethod ? parameters.slice(1) : parameters,
    defaults,
  };
}

/** The class that a function is a method of. */
export function classAround(definition: SyntaxNode): SyntaxNode | null {
  const parent = definition.parent?.name === 'DecoratedStatement' ? definition.parent.parent : definition.parent;
  return parent?.parent?.name === 'ClassDefinition' ? parent.parent : null;
}

function isStatic(definition: SyntaxNode, source: PythonSource): boolean {
  const decorators = definition.parent?.name === 'DecoratedStatement' ? definition.parent.getChildren('Decorator') : [];
  return decorators.some((decorator) => source.textOf(decorator).trim() === '@staticmethod');
}

/** The nearest function or lambda around a node, itself left out; a default value belongs to the scope around its function. */
export function functionAround(node: SyntaxNode): SyntaxNode | null {
  const list = enclosing(node, 'ParamList', 'FunctionDefinition', 'LambdaExpression');
  const from = list?.name === 'ParamList' ? list.parent?.parent : node.parent;
  return from ? enclosing(from, 'FunctionDefinition', 'LambdaExpression') : null;
}
