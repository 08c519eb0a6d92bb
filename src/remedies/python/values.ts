import type { SyntaxNode } from '@lezer/common';
import { argumentsOf, enclosing, parts, type PythonSource } from './pythonSource';
import { functionAround, signatureOf, type Signature } from './signatures';

/**
 * Finds where the value of an expression is set: literals, calls and names of a framework that a name may stand for. Parameters lead to their defaults
 * and to what callers hand over, `self.x` to assignments in the class, `config['x']` and `args.x` to the entries of that name. Python is not
 * run for this: a proof tells whether the right places were found.
 */
export class ValueFinder {
  readonly #calls: readonly SyntaxNode[];

  constructor(
    private readonly source: PythonSource,
    /** True for a name that an import gives a meaning: a value, not a variable. */
    private readonly isKnown: (written: string) => boolean,
  ) {
    this.#calls = source.all('CallExpression');
  }

  /** The expressions that `node` may stand for, itself where it is one already. */
  leaves(node: SyntaxNode): SyntaxNode[] {
    const found = new Map<number, SyntaxNode>();
    const seen = new Set<number>();
    const pending = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next.from * 31 + next.to)) continue;
      seen.add(next.from * 31 + next.to);
      const further = this.#further(next);
      if (further === null) found.set(next.from, next);
      else pending.push(...further);
    }
    return [...found.values()].sort((a, b) => a.from - b.from);
  }

  /** What an expression leads to; null where it is a value itself. */
  #further(node: SyntaxNode): SyntaxNode[] | null {
    switch (node.name) {
      case 'ParenthesizedExpression':
        return parts(node);
      case 'ConditionalExpression': {
        const [yes, , no] = parts(node);
        return [yes, no].filter((branch) => branch !== undefined);
      }
      case 'VariableName':
        return this.isKnown(this.source.textOf(node)) ? null : this.#named(this.source.textOf(node), node);
      case 'MemberExpression': {
        const key = keyOf(node, this.source);
        if (key !== null) return this.#entries(key);
        if (node.lastChild?.name !== 'PropertyName' || this.isKnown(this.source.textOf(node))) return null;
        return this.#attribute(this.source.textOf(node.lastChild), node);
      }
      case 'CallExpression': {
        const asked = askedKey(node, this.source);
        return asked === null ? null : [...this.#entries(asked.key), ...asked.fallback];
      }
      default:
        return null;
    }
  }

  /** A bare name: the parameter or assignment of the nearest scope that has one. */
  #named(name: string, at: SyntaxNode): SyntaxNode[] {
    let scope = functionAround(at);
    for (; scope; scope = functionAround(scope)) {
      const signature = signatureOf(scope, this.source);
      if (signature.parameters.includes(name)) return this.#handed(name, signature);
      const assigned = this.#assigned(name, scope);
      if (assigned.length > 0) return assigned;
    }
    return this.#assigned(name, null);
  }

  /** The default of a parameter, and what the file's own calls hand over. */
  #handed(name: string, { name: own, parameters, defaults }: Signature): SyntaxNode[] {
    const place = parameters.indexOf(name);
    const calls = own === null ? [] : this.#calls.filter((call) => calleeName(call, this.source) === own);
    const handed = calls.map((call) => {
      const { positional, keywords, shifted } = argumentsOf(call, this.source);
      return keywords.get(name) ?? (shifted ? undefined : positional[place]);
    });
    return [defaults.get(name), ...handed].filter((value) => value !== undefined);
  }

  /** Values assigned to a name in the body of one function (null: of the module), and the items of loops over literals. */
  #assigned(name: string, scope: SyntaxNode | null): SyntaxNode[] {
    const inScope = (node: SyntaxNode) =>
      functionAround(node)?.from === scope?.from && enclosingClass(node, scope) === null;
    return [...this.#assignments(inScope, (target) => target === name), ...this.#looped(name, inScope)];
  }

  #assignments(inScope: (node: SyntaxNode) => boolean, wanted: (target: string) => boolean): SyntaxNode[] {
    return this.source.all('AssignStatement').flatMap((statement) => {
      const operands = parts(statement).filter(({ name }) => name !== 'TypeDef' && name !== 'AssignOp');
      const value = operands.at(-1);
      const targets = operands.slice(0, -1).map((target) => this.source.textOf(target));
      if (!value || !inScope(statement)) return [];
      // `a, b = 1, 2` has as many targets as values behind the sign.
      const half = operands.length / 2;
      const isTuple = statement.getChildren(',').length > 0 && Number.isInteger(half);
      if (isTuple)
        return targets.slice(0, half).flatMap((target, i) => (wanted(target) ? [operands[half + i] ?? value] : []));
      return targets.some(wanted) ? [value] : [];
    });
  }

  #looped(name: string, inScope: (node: SyntaxNode) => boolean): SyntaxNode[] {
    return this.source.all('ForStatement').flatMap((loop) => {
      const [first, ...others] = parts(loop).filter((part) => part.name !== 'Body');
      const list = others.at(-1);
      if (!first || !list || !inScope(loop)) return [];
      const targets = [first, ...others.slice(0, -1)].flatMap((t) => (t.name === 'TupleExpression' ? parts(t) : [t]));
      const place = targets.findIndex((target) => this.source.textOf(target) === name);
      if (place < 0 || !['ArrayExpression', 'TupleExpression'].includes(list.name)) return [];
      const items = parts(list);
      return targets.length === 1 ? items : items.flatMap((item) => parts(item)[place] ?? []);
    });
  }

  /** `self.x` of the class around, else any attribute or entry of that name (`args.x`, `config.x`). */
  #attribute(name: string, at: SyntaxNode): SyntaxNode[] {
    const owner = enclosing(at, 'ClassDefinition');
    if (owner && this.source.textOf(at).startsWith('self.')) {
      const within = (node: SyntaxNode) => node.from >= owner.from && node.to <= owner.to;
      const own = this.#assignments(within, (target) => target === `self.${name}` || target === name);
      if (own.length > 0) return own;
    }
    return [
      ...this.#assignments(
        (node) => enclosing(node, 'ClassDefinition') !== null && functionAround(node) === null,
        (target) => target === name,
      ),
      ...this.#assignments(
        () => true,
        (target) => target.endsWith(`.${name}`),
      ),
      ...this.#options(name),
      ...this.#entries(name),
    ];
  }

  /** Defaults of command-line options: `add_argument('--activation', default='sigmoid')`. */
  #options(name: string): SyntaxNode[] {
    return this.#calls.flatMap((call) => {
      if (calleeName(call, this.source) !== 'add_argument') return [];
      const { positional, keywords } = argumentsOf(call, this.source);
      const names = positional.map((flag) => stringOf(flag, this.source)?.replace(/^-+/, '').replaceAll('-', '_'));
      const value = keywords.get('default');
      return names.includes(name) && value ? [value] : [];
    });
  }

  /** Values under a key: in dictionaries, `dict(key=...)`, and assignments to `x['key']`. */
  #entries(key: string): SyntaxNode[] {
    const literal = this.source.all('DictionaryExpression').flatMap((table) => {
      const value = entriesOf(table, this.source).find((entry) => entry.key === key)?.value;
      return value ? [value] : [];
    });
    const made = this.#calls.flatMap((call) =>
      calleeName(call, this.source) === 'dict' ? (argumentsOf(call, this.source).keywords.get(key) ?? []) : [],
    );
    const set = this.#assignments(
      () => true,
      (target) => target.endsWith(`['${key}']`) || target.endsWith(`["${key}"]`),
    );
    return [...literal, ...made, ...set];
  }
}

/** The entries of a dictionary whose keys are strings. */
export function entriesOf(
  table: SyntaxNode,
  source: PythonSource,
): { key: string; keyNode: SyntaxNode; value: SyntaxNode }[] {
  const found: { key: string; keyNode: SyntaxNode; value: SyntaxNode }[] = [];
  for (let child = table.firstChild; child; child = child.nextSibling) {
    const key = child.nextSibling?.name === ':' ? stringOf(child, source) : null;
    const value = key === null ? null : child.nextSibling?.nextSibling;
    if (key !== null && value) found.push({ key, keyNode: child, value });
  }
  return found;
}

/** The text of a plain string literal; null for any other expression. */
export function stringOf(node: SyntaxNode, source: PythonSource): string | null {
  const match = node.name === 'String' ? /^(["'])([^"'\\]*)\1$/.exec(source.textOf(node)) : null;
  return match?.[2] ?? null;
}

/** The last name of a call's callee: `add` of `model.add(...)`. */
export function calleeName(call: SyntaxNode, source: PythonSource): string | null {
  const callee = call.firstChild;
  if (callee?.name === 'VariableName') return source.textOf(callee);
  return callee?.lastChild?.name === 'PropertyName' ? source.textOf(callee.lastChild) : null;
}

/** `'x'` of `config['x']`. */
function keyOf(member: SyntaxNode, source: PythonSource): string | null {
  const [, key, ...more] = parts(member);
  return member.getChild('[') && key && more.length === 0 ? stringOf(key, source) : null;
}

/** The key and the fallback of `config.get('x', fallback)`. */
function askedKey(call: SyntaxNode, source: PythonSource): { key: string; fallback: SyntaxNode[] } | null {
  if (calleeName(call, source) !== 'get') return null;
  const [key, ...fallback] = argumentsOf(call, source).positional;
  const name = key ? stringOf(key, source) : null;
  return name === null ? null : { key: name, fallback };
}

/** A class between a node and the scope that it is asked for: what is set there is an attribute, not a variable. */
function enclosingClass(node: SyntaxNode, scope: SyntaxNode | null): SyntaxNode | null {
  const owner = enclosing(node, 'ClassDefinition');
  return owner && (scope === null || owner.from > scope.from) ? owner : null;
}
