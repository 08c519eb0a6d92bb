import type { SyntaxNode } from '@lezer/common';
import type { Definition, SourceText } from './definition';
import { argumentsOf, lastPart, nodesIn, outermostDefinition, PythonSyntax } from './pythonSyntax';

/** Layers of `torch.nn` that have no parameters: activations, pooling, padding, dropout and what only moves numbers. */
const WEIGHTLESS =
  /(?:^|\.)nn\.(?:(?:Leaky|R|Hard|Log|Soft|Tanh|G)?(?:ReLU6?|ELU|SELU|CELU|GELU|SiLU|Mish|Sigmoid|Tanh|Softplus|Softmax2?d?|Softmin|Softsign|Swish|GLU)|\w*Pool\dd|\w*Pad\dd|\w*Dropout\w*|Flatten|Unflatten|Identity|Upsample|Pixel\w+huffle|ChannelShuffle|Fold|Unfold)$/;

interface ClassSeen {
  name: string;
  from: number;
  to: number;
  bases: string[];
  hasForward: boolean;
  /** Whether its constructor takes something or keeps the result of a call: where neither holds, it cannot hold a layer. */
  mayHoldLayers: boolean;
  /** Names that its body uses. */
  mentions: Set<string>;
}

interface FunctionSeen {
  name: string;
  from: number;
  to: number;
  /** Whether it can be called without arguments. */
  callable: boolean;
  mentions: Set<string>;
  /** Names whose call is returned, directly or through a variable. */
  returns: Set<string>;
}

interface Module {
  path: string;
  classes: ClassSeen[];
  functions: FunctionSeen[];
  /** Names that are handed to calls, by the name that is called. */
  handed: Map<string, Set<string>>;
  /** Names that are imported, or `*`, and the last part of the module that they come from. */
  imports: { from: string; names: Set<string> }[];
}

/**
 * Counts the root PyTorch models of a repository from the syntax alone, without anything of the reader: classes that derive from
 * `Module` and have a `forward`, unless another model class mentions them or they are handed to a model's constructor
 * (parts), and functions that need no argument and return a model. A class that such a function builds counts once, as the
 * function. A class that can hold no layer is no model definition: its constructor and those of its bases take nothing
 * and keep the result of no call but of layers without parameters (`nn.ReLU()`), so that it has no parameter that a gradient could reach.
 */
export function countTorchDefinitions(files: readonly SourceText[]): Definition[] {
  const modules = files.map(({ path, text }) => readModule(path, text));
  const models = modelClasses(modules);
  const parts = partsOf(modules, models);
  const found: Definition[] = [];
  for (const { path, classes, functions } of modules) {
    const own = new Set(classes.filter((item) => models.has(item.name)).map(({ name }) => name));
    const builders = buildersOf(functions, own);
    const built = new Set(builders.flatMap(({ mentions }) => [...mentions]));
    for (const { name, from, to } of builders) found.push({ path, name, kind: 'builder', from, to });
    for (const item of classes) {
      const { name, from, to } = item;
      const isModel =
        own.has(name) && inherits(item, modules, 'hasForward') && inherits(item, modules, 'mayHoldLayers');
      if (isModel && !parts.has(`${path}:${name}`) && !built.has(name))
        found.push({ path, name, kind: 'class', from, to });
    }
  }
  return found;
}

/** `path:name` of the classes that model classes mention or are given, each meant as the file that mentions it has it. */
function partsOf(modules: readonly Module[], models: ReadonlySet<string>): Set<string> {
  const parts = new Set<string>();
  for (const module of modules) {
    const mean = (name: string) => {
      for (const { path } of meant(module, name, modules)) parts.add(`${path}:${name}`);
    };
    for (const { name, mentions } of module.classes.filter((item) => models.has(item.name))) {
      for (const mentioned of throughFunctions(mentions, module)) if (mentioned !== name) mean(mentioned);
    }
    for (const [called, names] of module.handed) if (models.has(called)) names.forEach(mean);
  }
  return parts;
}

/** Names, and those that the functions of the module among them mention in turn. */
function throughFunctions(names: ReadonlySet<string>, { functions }: Module): Set<string> {
  const found = new Set(names);
  for (const name of found) {
    for (const item of functions) if (item.name === name) item.mentions.forEach((mentioned) => found.add(mentioned));
  }
  return found;
}

/** The modules whose class a name of a module may stand for: its own, else those that it imports the name from. */
function meant(module: Module, name: string, modules: readonly Module[]): Module[] {
  const defines = ({ classes }: Module) => classes.some((item) => item.name === name);
  if (defines(module)) return [module];
  const sources = module.imports.filter(({ names }) => names.has(name) || names.has('*'));
  return modules.filter(
    (other) => defines(other) && sources.some(({ from }) => from === '' || other.path.split(/[/.]/).includes(from)),
  );
}

function modelClasses(modules: readonly Module[]): Set<string> {
  const models = new Set(['Module', 'LightningModule']);
  const classes = modules.flatMap((module) => module.classes);
  for (let before = 0; before !== models.size;) {
    before = models.size;
    for (const { name, bases } of classes) if (bases.some((base) => models.has(base))) models.add(name);
  }
  return models;
}

function inherits(
  item: ClassSeen,
  modules: readonly Module[],
  what: 'hasForward' | 'mayHoldLayers',
  depth = 0,
): boolean {
  if (item[what] || depth > 8) return item[what];
  const parents = modules.flatMap(({ classes }) => classes).filter(({ name }) => item.bases.includes(name));
  return parents.some((parent) => inherits(parent, modules, what, depth + 1));
}

/** Functions that return a model of the file, directly or by way of one another. */
function buildersOf(functions: readonly FunctionSeen[], models: ReadonlySet<string>): FunctionSeen[] {
  const giving = new Set(models);
  for (let before = 0; before !== giving.size;) {
    before = giving.size;
    for (const { name, returns } of functions)
      if ([...returns].some((returned) => giving.has(returned))) giving.add(name);
  }
  return functions.filter(({ name, callable }) => callable && giving.has(name) && !name.startsWith('_'));
}

function readModule(path: string, text: string): Module {
  const syntax = new PythonSyntax(text);
  const module: Module = { path, classes: [], functions: [], handed: new Map(), imports: importsOf(text) };
  for (const call of nodesIn(syntax.root, 'CallExpression')) noteHanded(call, syntax, module.handed);
  for (const node of nodesIn(syntax.root, 'ClassDefinition', 'FunctionDefinition')) {
    if (outermostDefinition(node)) continue;
    if (node.name === 'ClassDefinition') module.classes.push(readClass(node, syntax));
    else module.functions.push(readFunction(node, syntax));
  }
  return module;
}

function importsOf(text: string): Module['imports'] {
  return [...text.matchAll(/^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)/gm)].map(
    ([, from = '', names = '']) => ({ from: lastPart(from), names: new Set(names.match(/\w+|\*/g) ?? []) }),
  );
}

function readClass(node: SyntaxNode, syntax: PythonSyntax): ClassSeen {
  const body = node.getChild('Body');
  return {
    name: syntax.name(node),
    ...syntax.lines(node),
    bases: syntax.bases(node),
    hasForward: syntax.methods(node).has('forward'),
    mayHoldLayers: mayHoldLayers(node, syntax),
    mentions: usedIn(body, syntax),
  };
}

/** Names in a body that are more than annotations or the other side of a question what something is. */
function usedIn(body: SyntaxNode | null, syntax: PythonSyntax): Set<string> {
  const asked = (node: SyntaxNode): boolean => {
    for (let above = node.parent; above && above !== body; above = above.parent)
      if (above.name === 'TypeDef' || /^is(instance|subclass)$/.test(syntax.callee(above) ?? '')) return true;
    return false;
  };
  const names = nodesIn(body, 'VariableName').filter((node) => !asked(node));
  return new Set(names.map((node) => syntax.of(node)));
}

function mayHoldLayers(node: SyntaxNode, syntax: PythonSyntax): boolean {
  const methods = nodesIn(node, 'FunctionDefinition');
  const constructors = methods.filter((method) => syntax.name(method) === '__init__');
  const takes = constructors.some((method) => nodesIn(method.getChild('ParamList'), 'VariableName').length > 1);
  const kept = nodesIn(node, 'AssignStatement').filter((statement) => syntax.of(statement).startsWith('self.'));
  const keeps = kept.some(({ lastChild }) =>
    nodesIn(lastChild, 'CallExpression').some((call) => !WEIGHTLESS.test(syntax.callee(call) ?? '')),
  );
  const adds = /\.(add_module|register_module|register_parameter)\s*\(|\bsetattr\s*\(/.test(syntax.of(node));
  return takes || keeps || adds;
}

function readFunction(node: SyntaxNode, syntax: PythonSyntax): FunctionSeen {
  const body = node.getChild('Body');
  const assigned = new Map<string, Set<string>>();
  const returns = new Set<string>();
  for (const { name, firstChild, lastChild } of nodesIn(body, 'AssignStatement', 'ReturnStatement')) {
    const called = calledBy(lastChild, syntax);
    if (name === 'AssignStatement' && firstChild?.name === 'VariableName') {
      const target = syntax.of(firstChild);
      if (called !== null) assigned.set(target, (assigned.get(target) ?? new Set()).add(called));
    } else if (name === 'ReturnStatement') {
      if (called !== null) returns.add(called);
      if (lastChild?.name === 'VariableName')
        assigned.get(syntax.of(lastChild))?.forEach((maker) => returns.add(maker));
    }
  }
  const callable = needsNothing(node, syntax);
  return { name: syntax.name(node), ...syntax.lines(node), callable, mentions: usedIn(body, syntax), returns };
}

/** Whether every parameter has a default or gathers what is left over. */
function needsNothing(node: SyntaxNode, syntax: PythonSyntax): boolean {
  const list = node.getChild('ParamList');
  const parameters = list ? splitAtCommas(syntax.of(list).slice(1, -1)) : [];
  return parameters.every((text) => text.includes('=') || /^[*/]/.test(text));
}

function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    depth += '([{'.includes(letter) ? 1 : ')]}'.includes(letter) ? -1 : 0;
    if (letter === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

function noteHanded(call: SyntaxNode, syntax: PythonSyntax, handed: Map<string, Set<string>>): void {
  const called = calledBy(call, syntax);
  if (called === null) return;
  const names = handed.get(called) ?? new Set<string>();
  for (const { value } of argumentsOf(call.getChild('ArgList')))
    if (value.name === 'VariableName') names.add(syntax.of(value));
  handed.set(called, names);
}

/** The last part of the name that a call expression calls. */
function calledBy(node: SyntaxNode | null, syntax: PythonSyntax): string | null {
  const callee = syntax.callee(node);
  return callee === null ? null : lastPart(callee);
}
