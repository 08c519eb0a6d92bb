import type { SyntaxNode } from '@lezer/common';
import type { Definition, SourceText } from './definition';
import { argumentsOf, lastPart, nodesIn, outermostDefinition, PythonSyntax, targetsOf } from './pythonSyntax';

const BASES = ['Model', 'Sequential'];
const IMPORTS = /^\s*(?:import|from)\s+(?:keras|tensorflow|tf_keras)\b/m;

/** How a model class runs: by its `call`, from inputs to outputs, or through the models that its training step calls. */
type Way = 'call' | 'functional' | 'joined' | 'adversaries';

/**
 * Counts the root Keras models of one Python file from the syntax alone, without anything of the reader:
 *
 * - every statement of the top level that makes a `Sequential(...)`, a `Model(inputs, outputs)` or a subclass without a `call` in
 *   their place, once per statement, unless the model is used inside another of the file: called on the way to its outputs, handed
 *   to its constructor, or taken by its class from outside;
 * - every top-level function, or class that is no model or layer itself, in which one is made, unless another model uses it;
 * - every subclass of `Model` with a `call` that no other model mentions.
 *
 * A subclass without a `call` whose `train_step` goes through models that it was given is those models joined where it applies
 * gradients once (an autoencoder of an encoder and a decoder). Where it applies them several times, it trains several models in turn
 * (two adversaries): each of them is a definition, and it is none.
 *
 * A `Model` whose inputs are those of another (`Model(base.input, ...)`) and whose outputs are the result of no call adds nothing to that
 * other: it is a view of it and no definition.
 */
export function countKerasDefinitions({ path, text }: SourceText): Definition[] {
  return IMPORTS.test(text) ? new KerasScan(path, text).run() : [];
}

class KerasScan {
  readonly #syntax: PythonSyntax;
  /** Definitions by what makes them: a class, a function or a statement; parts of others are taken out at the end. */
  readonly #found = new Map<number, Definition>();
  readonly #parts = new Set<number>();
  /** What each variable of the top level holds: the model that was assigned to it last. */
  readonly #held = new Map<string, number>();
  /** Models whose result a variable of the top level hangs on. */
  readonly #flow = new Map<string, Set<number>>();
  /** Variables of the top level that hold the result of a call. */
  readonly #called = new Set<string>();
  /** Classes by name; a later one replaces an earlier one, as when the file runs. */
  readonly #models = new Map<string, { way: Way }>();
  readonly #layers = new Set(['Layer']);

  constructor(
    private readonly path: string,
    text: string,
  ) {
    this.#syntax = new PythonSyntax(text);
  }

  run(): Definition[] {
    const definitions = nodesIn(this.#syntax.root, 'ClassDefinition', 'FunctionDefinition').filter(
      (node) => !outermostDefinition(node),
    );
    const statements = nodesIn(this.#syntax.root, 'AssignStatement', 'ExpressionStatement', 'ReturnStatement').filter(
      (node) => !outermostDefinition(node),
    );
    for (const node of [...definitions, ...statements].sort((a, b) => a.from - b.from)) {
      if (node.name === 'ClassDefinition') this.#class(node);
      else if (node.name === 'FunctionDefinition') this.#function(node);
      else this.#statement(node);
    }
    return [...this.#found].filter(([key]) => !this.#parts.has(key)).map(([, definition]) => definition);
  }

  #class(node: SyntaxNode): void {
    const name = this.#syntax.name(node);
    const bases = this.#syntax.bases(node);
    const parents = bases.flatMap((base) => this.#models.get(base) ?? []);
    const torch = /\bnn\.|torch/.test(this.#syntax.of(node).split(':')[0] ?? '');
    const isModel = !torch && (bases.some((base) => BASES.includes(base)) || parents.length > 0);
    if (!isModel && bases.some((base) => this.#layers.has(base))) this.#layers.add(name);
    if (isModel || this.#layers.has(name)) this.#mentions(node);
    if (isModel) {
      const way = this.#way(node, parents[0]?.way ?? 'functional');
      this.#models.set(name, { way });
      if (way === 'call') this.#note(node, name, 'class');
      else this.#held.delete(name);
    } else if (!this.#layers.has(name) && this.#makes(node)) this.#note(node, name, 'class');
  }

  #way(node: SyntaxNode, inherited: Way): Way {
    const methods = this.#syntax.methods(node);
    if (methods.has('call')) return 'call';
    const calls = nodesIn(methods.get('train_step') ?? null, 'CallExpression').map(
      (call) => this.#syntax.callee(call) ?? '',
    );
    if (inherited !== 'functional' || !methods.has('__init__') || calls.includes('self')) return inherited;
    const updates = calls.filter((callee) => /\.apply(_gradients)?$/.test(callee)).length;
    return updates === 0 ? inherited : updates === 1 ? 'joined' : 'adversaries';
  }

  #function(node: SyntaxNode): void {
    if (!this.#makes(node)) return;
    this.#mentions(node);
    this.#note(node, this.#syntax.name(node), 'builder');
  }

  /** Models that a definition takes from outside belong to it. */
  #mentions(node: SyntaxNode): void {
    for (const name of this.#syntax.freeNames(node)) {
      const held = this.#held.get(name);
      if (held !== undefined) this.#parts.add(held);
    }
  }

  #statement(node: SyntaxNode): void {
    const value = node.lastChild;
    const targets = node.name === 'AssignStatement' ? targetsOf(node).map((target) => this.#syntax.of(target)) : [];
    const reached = this.#used(value);
    for (const call of nodesIn(node, 'CallExpression')) this.#takeParts(call);
    const made = value && this.#isDefinition(value);
    if (made) {
      for (const part of reached) this.#parts.add(part);
      if (node.name === 'AssignStatement') this.#note(node, targets[0] ?? '', 'variable');
    }
    const called = nodesIn(value, 'CallExpression').some(
      (call) => !/^(dict|list|tuple)$|\.get_layer$/.test(this.#syntax.callee(call) ?? ''),
    );
    for (const target of targets) {
      if (!made) this.#held.delete(target);
      this.#flow.set(target, made ? new Set() : reached);
      if (called) this.#called.add(target);
      else this.#called.delete(target);
    }
  }

  /** Models whose result an expression hangs on: those that it calls, and those behind the variables in it. */
  #used(value: SyntaxNode | null): Set<number> {
    const found = new Set<number>();
    for (const name of this.#syntax.names(value)) this.#flow.get(name)?.forEach((key) => found.add(key));
    for (const call of nodesIn(value, 'CallExpression')) {
      const key = this.#held.get(this.#syntax.callee(call) ?? '');
      const definition = key === undefined ? undefined : this.#found.get(key);
      // What a builder gives and what a class makes is used where its result is called in turn.
      const used = definition?.kind === 'variable' || call.parent?.name === 'CallExpression';
      if (key !== undefined && used) found.add(key);
    }
    return found;
  }

  /** Models that are handed to another: layers of a `Sequential`, what `add` gets, what a model class is made with. */
  #takeParts(call: SyntaxNode): void {
    const callee = this.#syntax.callee(call) ?? '';
    const adds = callee.endsWith('.add') && this.#held.has(callee.slice(0, -'.add'.length));
    const model = this.#models.get(lastPart(callee));
    const takes = model?.way === 'call' || model?.way === 'joined';
    if (!adds && lastPart(callee) !== 'Sequential' && !takes) return;
    for (const name of this.#syntax.names(call.getChild('ArgList'))) {
      const key = this.#held.get(name);
      if (key !== undefined && this.#found.get(key)?.kind === 'variable') this.#parts.add(key);
    }
  }

  /** Whether a model is made anywhere in a definition. */
  #makes(node: SyntaxNode): boolean {
    return nodesIn(node.getChild('Body'), 'CallExpression').some((call) => this.#isDefinition(call, true));
  }

  #isDefinition(node: SyntaxNode, inside = false): boolean {
    const callee = this.#syntax.callee(node);
    if (callee === null || /(^|\.)(nn|torch)\./.test(callee)) return false;
    const name = lastPart(callee);
    if (name === 'Sequential') return true;
    const way = name === 'Model' ? 'functional' : this.#models.get(name)?.way;
    if (way === 'joined') return true;
    if (way !== 'functional') return false;
    const list = argumentsOf(node.getChild('ArgList'));
    const find = (keyword: string, place: number) =>
      (
        list.find((argument) => argument.name && this.#syntax.of(argument.name) === keyword) ??
        list.filter((argument) => !argument.name)[place]
      )?.value;
    const [inputs, outputs] = [find('inputs', 0), find('outputs', 1)];
    if (!inputs || !outputs) return false;
    if (!/\.inputs?\b/.test(this.#syntax.of(inputs))) return true;
    if (nodesIn(outputs, 'CallExpression').length > 0) return true;
    // `layer.output` is a place inside the other model.
    const held = nodesIn(outputs, 'VariableName').filter(({ parent }) => parent?.name !== 'MemberExpression');
    return inside ? held.length > 0 : held.some((name) => this.#called.has(this.#syntax.of(name)));
  }

  #note(node: SyntaxNode, name: string, kind: Definition['kind']): void {
    this.#held.set(name, node.from);
    this.#found.set(node.from, { path: this.path, name, kind, ...this.#syntax.lines(node) });
  }
}
