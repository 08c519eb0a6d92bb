import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, parts, type PythonSource } from './pythonSource';

/**
 * The expressions that a name may stand for when a layer is made by `act()`: defaults of a parameter of that name, arguments handed to it, and
 * assignments. Other names on the way are followed. Entries of dictionaries are left alone (a table `{'tanh': nn.Tanh}` must keep its meaning).
 * Names are matched through the whole file, without scopes: a proof tells whether the right one was found.
 */
export function valuesOfName(name: string, source: PythonSource): SyntaxNode[] {
  const signatures = signaturesIn(source);
  const found: SyntaxNode[] = [];
  const seen = new Set<string>();
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const value of bindingsOf(next, signatures, source)) {
      found.push(value);
      const inner = lastName(value, source);
      if (inner !== null) pending.push(inner);
    }
  }
  return found;
}

/** The last identifier of a dotted name: `act` of `self.act`; null for any other expression. */
export function lastName(node: SyntaxNode, source: PythonSource): string | null {
  if (node.name === 'VariableName') return source.textOf(node);
  return node.name === 'MemberExpression' ? (source.textOf(node).split('.').at(-1)?.trim() ?? null) : null;
}

interface Signature {
  /** Name that callers use: the function's, or the class's for `__init__`. */
  name: string;
  /** Parameter names, `self` left out. */
  parameters: string[];
  defaults: Map<string, SyntaxNode>;
}

function bindingsOf(name: string, signatures: readonly Signature[], source: PythonSource): SyntaxNode[] {
  const defaults = signatures.flatMap((signature) => signature.defaults.get(name) ?? []);
  const handed = source.all('CallExpression').flatMap((call) => {
    const { positional, keywords } = argumentsOf(call, source);
    const callee = call.firstChild ? lastName(call.firstChild, source) : null;
    const places = signatures
      .filter((signature) => signature.name === callee)
      .map((signature) => signature.parameters.indexOf(name));
    return [keywords.get(name), ...places.map((place) => positional[place])].filter((value) => value !== undefined);
  });
  const assigned = source.all('AssignStatement').flatMap((statement) => {
    const target = statement.firstChild;
    const value = statement.lastChild;
    return target && value && target.from !== value.from && lastName(target, source) === name ? [value] : [];
  });
  return [...defaults, ...handed, ...assigned];
}

function signaturesIn(source: PythonSource): Signature[] {
  return source.all('FunctionDefinition').map((definition) => {
    const [nameNode] = definition.getChildren('VariableName');
    const own = nameNode ? source.textOf(nameNode) : '';
    const list = definition.getChild('ParamList');
    const parameters: string[] = [];
    const defaults = new Map<string, SyntaxNode>();
    for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
      const previous = child.prevSibling?.name;
      if (child.name === 'VariableName' && (previous === '(' || previous === ','))
        parameters.push(source.textOf(child));
      else if (previous === 'AssignOp') defaults.set(parameters.at(-1) ?? '', child);
    }
    const around = definition.parent?.parent;
    const isMethod = around?.name === 'ClassDefinition';
    const className = isMethod ? around.getChild('VariableName') : null;
    return {
      name: own === '__init__' && className ? source.textOf(className) : own,
      parameters: isMethod ? parameters.slice(1) : parameters,
      defaults,
    };
  });
}

/** The expression itself, or each branch of `a if c else b`. */
export function alternatives(value: SyntaxNode): SyntaxNode[] {
  if (value.name !== 'ConditionalExpression') return [value];
  const [yes, , no] = parts(value);
  return [yes, no].filter((branch) => branch !== undefined).flatMap(alternatives);
}
