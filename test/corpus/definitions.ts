import { parser } from '@lezer/python';
import type { SyntaxNode } from '@lezer/common';

/** A class or a builder function that a reader of the file should find a model for. */
export interface Definition {
  path: string;
  name: string;
  kind: 'class' | 'builder';
}

interface ClassSeen {
  name: string;
  bases: string[];
  hasForward: boolean;
  /** Names mentioned in its body. */
  mentions: Set<string>;
}

interface FunctionSeen {
  name: string;
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
}

/**
 * Counts the root models of a repository from the syntax alone, without anything of the reader: classes that derive from
 * `Module` and have a `forward`, unless another model class mentions them or they are handed to a model's constructor
 * (parts), and functions that need no argument and return a model. A class that such a function builds counts once, as the
 * function.
 */
export function countDefinitions(files: readonly { path: string; text: string }[]): Definition[] {
  const modules = files.map(({ path, text }) => readModule(path, text));
  const models = modelClasses(modules);
  const parts = new Set<string>();
  for (const { classes, handed } of modules) {
    for (const { name, mentions } of classes.filter((item) => models.has(item.name))) {
      for (const mentioned of mentions) if (mentioned !== name) parts.add(mentioned);
    }
    for (const [called, names] of handed) if (models.has(called)) for (const name of names) parts.add(name);
  }
  const found: Definition[] = [];
  for (const { path, classes, functions } of modules) {
    const own = new Set(classes.filter((item) => models.has(item.name)).map(({ name }) => name));
    const builders = buildersOf(functions, own);
    const built = new Set(builders.flatMap(({ mentions }) => [...mentions]));
    for (const { name } of builders) found.push({ path, name, kind: 'builder' });
    for (const item of classes) {
      const isModel = own.has(item.name) && hasForward(item, modules);
      if (isModel && !parts.has(item.name) && !built.has(item.name))
        found.push({ path, name: item.name, kind: 'class' });
    }
  }
  return found;
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

function hasForward(item: ClassSeen, modules: readonly Module[], depth = 0): boolean {
  if (item.hasForward || depth > 8) return item.hasForward;
  const parents = modules.flatMap(({ classes }) => classes).filter(({ name }) => item.bases.includes(name));
  return parents.some((parent) => hasForward(parent, modules, depth + 1));
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
  const module: Module = { path, classes: [], functions: [], handed: new Map() };
  const of = (node: SyntaxNode) => text.slice(node.from, node.to);
  parser.parse(text).iterate({
    enter(reference) {
      const { node } = reference;
      if (reference.name === 'CallExpression') noteHanded(node, of, module.handed);
      if (isInside(node, 'FunctionDefinition') || isInside(node, 'ClassDefinition')) return;
      if (reference.name === 'ClassDefinition') module.classes.push(readClass(node, of));
      else if (reference.name === 'FunctionDefinition') module.functions.push(readFunction(node, of));
    },
  });
  return module;
}

type TextOf = (node: SyntaxNode) => string;

function readClass(node: SyntaxNode, of: TextOf): ClassSeen {
  const name = node.getChild('VariableName');
  const bases = node.getChild('ArgList');
  const methods = (node.getChild('Body')?.getChildren('FunctionDefinition') ?? []).map((method) => nameOf(method, of));
  return {
    name: name ? of(name) : '',
    bases: bases ? argumentsOf(bases).map((base) => of(base).split('.').pop() ?? '') : [],
    hasForward: methods.includes('forward'),
    mentions: namesIn(node.getChild('Body'), of),
  };
}

function readFunction(node: SyntaxNode, of: TextOf): FunctionSeen {
  const body = node.getChild('Body');
  const assigned = new Map<string, Set<string>>();
  const returns = new Set<string>();
  body?.cursor().iterate((reference) => {
    const child = reference.node;
    if (child.name === 'AssignStatement' && child.firstChild?.name === 'VariableName') {
      const target = of(child.firstChild);
      const value = child.lastChild ? calledIn(child.lastChild, of) : null;
      if (value !== null) assigned.set(target, (assigned.get(target) ?? new Set()).add(value));
    } else if (child.name === 'ReturnStatement' && child.lastChild) {
      const called = calledIn(child.lastChild, of);
      if (called !== null) returns.add(called);
      if (child.lastChild.name === 'VariableName')
        assigned.get(of(child.lastChild))?.forEach((name) => returns.add(name));
    }
  });
  return { name: nameOf(node, of), callable: needsNothing(node, of), mentions: namesIn(body, of), returns };
}

/** Whether every parameter has a default or gathers what is left over. */
function needsNothing(node: SyntaxNode, of: TextOf): boolean {
  const list = node.getChild('ParamList');
  const parameters = list ? splitAtCommas(of(list).slice(1, -1)) : [];
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

function noteHanded(node: SyntaxNode, of: TextOf, handed: Map<string, Set<string>>): void {
  const called = calledIn(node, of);
  const list = node.getChild('ArgList');
  if (called === null || !list) return;
  const names = handed.get(called) ?? new Set<string>();
  for (const argument of argumentsOf(list)) if (argument.name === 'VariableName') names.add(of(argument));
  handed.set(called, names);
}

/** The last part of the name that a call expression calls. */
function calledIn(node: SyntaxNode, of: TextOf): string | null {
  if (node.name !== 'CallExpression' || !node.firstChild) return null;
  return of(node.firstChild).split('.').pop() ?? null;
}

function argumentsOf(list: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = list.firstChild; child; child = child.nextSibling)
    if (!'(),'.includes(child.name)) found.push(child);
  return found;
}

function namesIn(node: SyntaxNode | null, of: TextOf): Set<string> {
  const found = new Set<string>();
  node?.cursor().iterate((reference) => {
    if (reference.name === 'VariableName') found.add(of(reference.node));
  });
  return found;
}

function nameOf(node: SyntaxNode, of: TextOf): string {
  const name = node.getChild('VariableName');
  return name ? of(name) : '';
}

function isInside(node: SyntaxNode, name: string): boolean {
  for (let above = node.parent; above; above = above.parent) if (above.name === name) return true;
  return false;
}
