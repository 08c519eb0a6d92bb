import type {
  CallExpression,
  Function as FunctionNode,
  Node,
  ObjectExpression,
  VariableDeclarator,
} from '@babel/types';
import { calleeName, endOf, type JavascriptSource, keyName, startOf } from './javascriptSource';

/**
 * Finds where the value of an expression is set, without running it: parameters lead to their defaults and to what callers hand over, properties to the object
 * literals that hold them. A proof tells whether the right places were found.
 */
export class ValueFinder {
  readonly #calls: readonly CallExpression[];
  readonly #declarators: readonly VariableDeclarator[];
  readonly #objects: readonly ObjectExpression[];

  constructor(private readonly source: JavascriptSource) {
    this.#calls = source.all((node): node is CallExpression => node.type === 'CallExpression');
    this.#declarators = source.all((node): node is VariableDeclarator => node.type === 'VariableDeclarator');
    this.#objects = source.all((node): node is ObjectExpression => node.type === 'ObjectExpression');
  }

  /** The expressions that `node` may stand for, itself where it is one already. */
  leaves(node: Node): Node[] {
    const found = new Set<Node>();
    const seen = new Set<Node>();
    const pending = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const further = this.#further(next);
      if (further === null) found.add(next);
      else pending.push(...further);
    }
    return [...found].sort((a, b) => startOf(a) - startOf(b));
  }

  /** The value of a property of an object, through spreads. */
  property(object: Node, name: string): Node[] {
    return this.leaves(object).flatMap((leaf) => {
      if (leaf.type !== 'ObjectExpression') return [];
      return leaf.properties.flatMap((property) => {
        if (property.type === 'SpreadElement') return this.property(property.argument, name);
        return property.type === 'ObjectProperty' && keyName(property.key) === name ? [property.value] : [];
      });
    });
  }

  #further(node: Node): Node[] | null {
    switch (node.type) {
      case 'Identifier':
        return this.#named(node.name, node);
      case 'ConditionalExpression':
        return [node.consequent, node.alternate];
      case 'LogicalExpression':
        return [node.left, node.right];
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'ParenthesizedExpression':
        return [node.expression];
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const name = keyName(node.property);
        if (name === null || (node.computed && node.property.type === 'Identifier')) return null;
        const own = this.property(node.object, name);
        return own.length > 0 ? own : this.#anywhere(name);
      }
      default:
        return null;
    }
  }

  /** A name: the parameter or declaration of the nearest scope that has one. */
  #named(name: string, at: Node): Node[] {
    for (const around of this.source.around(at)) {
      if (isFunction(around)) {
        const handed = this.#parameter(name, around);
        if (handed !== null) return handed;
      }
      if (around.type === 'BlockStatement' || around.type === 'Program') {
        const declared = this.#declared(name, around);
        if (declared !== null) return declared;
      }
    }
    return [];
  }

  #declared(name: string, block: Node): Node[] | null {
    const inBlock = this.#declarators.filter((declarator) => {
      for (const around of this.source.around(declarator))
        if (around.type === 'BlockStatement' || around.type === 'Program') return around === block;
      return false;
    });
    for (const { id, init } of inBlock) {
      if (id.type === 'Identifier' && id.name === name) return init ? [init] : [];
      const bound = boundIn(id, name);
      if (bound) return [bound.fallback, ...(init ? this.property(init, bound.key) : [])].filter((v) => v !== null);
    }
    return null;
  }

  /** Defaults of a parameter, and what the file's own calls hand over; null where the function has none of that name. */
  #parameter(name: string, owner: FunctionNode): Node[] | null {
    for (const [place, parameter] of owner.params.entries()) {
      const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      const fallback = parameter.type === 'AssignmentPattern' ? [parameter.right] : [];
      const handed = this.#callsOf(owner).flatMap((call) => call.arguments[place] ?? []);
      if (target.type === 'Identifier' && target.name === name) return [...fallback, ...handed];
      const bound = boundIn(target, name);
      if (bound)
        return [bound.fallback, ...[...fallback, ...handed].flatMap((value) => this.property(value, bound.key))].filter(
          (value) => value !== null,
        );
    }
    return null;
  }

  #callsOf(owner: FunctionNode): CallExpression[] {
    const name = nameOf(owner, this.source);
    return name === null ? [] : this.#calls.filter((call) => calleeName(call) === name);
  }

  /** Properties of that name in object literals that are not handed to the library's own calls, and assignments to such properties. */
  #anywhere(name: string): Node[] {
    return this.#objects.flatMap((object) => {
      const parent = this.source.parentOf(object);
      const isConfig = parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression';
      if (isConfig) return [];
      return object.properties.flatMap((property) =>
        property.type === 'ObjectProperty' && keyName(property.key) === name ? [property.value] : [],
      );
    });
  }
}

function isFunction(node: Node): node is FunctionNode {
  return [
    'FunctionDeclaration',
    'FunctionExpression',
    'ArrowFunctionExpression',
    'ObjectMethod',
    'ClassMethod',
    'ClassPrivateMethod',
  ].includes(node.type);
}

/** The name under which a function is called: its own, or that of the constant or method that holds it. */
function nameOf(owner: FunctionNode, source: JavascriptSource): string | null {
  if ('id' in owner && owner.id) return owner.id.name;
  if ('key' in owner) return keyName(owner.key);
  const parent = source.parentOf(owner);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  return parent?.type === 'ObjectProperty' && endOf(parent.value) === endOf(owner) ? keyName(parent.key) : null;
}

/** The entry of `{ key: name = fallback }` that binds a name. */
function boundIn(pattern: Node, name: string): { key: string; fallback: Node | null } | null {
  if (pattern.type !== 'ObjectPattern') return null;
  for (const property of pattern.properties) {
    if (property.type !== 'ObjectProperty') continue;
    const { value } = property;
    const target = value.type === 'AssignmentPattern' ? value.left : value;
    const key = keyName(property.key);
    if (key !== null && target.type === 'Identifier' && target.name === name)
      return { key, fallback: value.type === 'AssignmentPattern' ? value.right : null };
  }
  return null;
}
