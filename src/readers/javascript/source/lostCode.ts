import type { Problem } from '../../../graph/reading';
import type { SourceSpan } from '../../../graph/source';
import { pathsOf } from '../moduleNames';
import { isInside } from '../spans';
import { bindingsOf, plainVariables, type Statements } from './bindings';
import type { BrokenText } from './brokenText';
import type { Tree } from './tree';

/** A module with what could not be parsed in it. */
export interface Source {
  path: string;
  /** Null where none of it could be parsed. */
  tree: Tree | null;
  /** Why, then. */
  broken: Problem | null;
}

interface Module {
  path: string;
  tree: Tree | null;
  statements: Statements[];
  plain: ReadonlySet<string>;
  /** Names, and paths as `config.depth`, with what each hangs on. */
  names: Map<string, Problem>;
  /** Names that other modules get; '*' where nothing of the module is known. */
  exports: Map<string, Problem>;
  lost: Map<Statements, Problem>;
}

/**
 * Follows what broken statements would have bound through the names of a file and its modules: to the statements, functions and
 * classes that cannot be what the code means while it is broken. Everything else can be read.
 */
export class LostCode {
  readonly #modules = new Map<string, Module>();

  constructor(sources: readonly Source[]) {
    if (sources.every(({ tree, broken }) => broken === null && (tree?.faults.length ?? 0) === 0)) return;
    for (const source of sources) this.#modules.set(source.path, moduleOf(source));
    let before = -1;
    for (let now = this.#size(); now !== before; now = this.#size()) {
      before = now;
      for (const module of this.#modules.values()) this.#spread(module);
    }
  }

  /** What the code at a place hangs on. */
  at(span: SourceSpan): Problem | null {
    const module = this.#modules.get(span.path);
    if (!module?.tree) return null;
    for (const [{ statement }, problem] of module.lost) if (isInside(span, module.tree.span(statement))) return problem;
    return null;
  }

  /** What a top-level name of a module hangs on. */
  named(path: string, name: string): Problem | null {
    return this.#modules.get(path)?.names.get(name) ?? null;
  }

  #size(): number {
    let size = 0;
    for (const { names, exports, lost } of this.#modules.values()) size += names.size + exports.size + lost.size;
    return size;
  }

  #spread(module: Module): void {
    for (const item of module.statements) {
      for (const { local, from, name } of item.imports) this.#import(module, local, from, name);
      const cause = causeOf(item.uses, module.names);
      if (cause && item.imports.length === 0 && !module.lost.has(item)) {
        module.lost.set(item, cause);
        item.binds.forEach((name) => add(module.names, name, cause));
        for (const name of item.touches) if (module.plain.has(name)) add(module.names, name, cause);
      }
      for (const { name, uses, from } of item.exports) this.#export(module, name, uses, from);
    }
  }

  #import(module: Module, local: string, from: string, name: string): void {
    const exports = this.#exportsOf(module.path, from);
    if (!exports) return;
    const whole = exports.get('*') ?? (name === '*' ? exports.get('default') : exports.get(name));
    if (whole) add(module.names, local, whole);
    else if (name === '*') for (const [key, problem] of exports) add(module.names, `${local}.${key}`, problem);
  }

  #export(module: Module, name: string, uses: ReadonlySet<string>, from: string | null): void {
    if (from === null) {
      const cause = causeOf(uses, module.names);
      if (cause) add(module.exports, name, cause);
      return;
    }
    const exports = this.#exportsOf(module.path, from);
    if (!exports) return;
    if (name === '*') for (const [key, problem] of exports) add(module.exports, key, problem);
    for (const use of uses) {
      const cause = exports.get('*') ?? (use === '*' ? [...exports.values()][0] : exports.get(use));
      if (cause) add(module.exports, name, cause);
    }
  }

  #exportsOf(path: string, from: string): ReadonlyMap<string, Problem> | null {
    const target = pathsOf(path, from).find((candidate) => this.#modules.has(candidate));
    return (target === undefined ? undefined : this.#modules.get(target)?.exports) ?? null;
  }
}

function moduleOf({ path, tree, broken }: Source): Module {
  const statements = tree?.file.program.body.map(bindingsOf) ?? [];
  const plain = new Set(statements.flatMap(({ statement }) => plainVariables(statement)));
  const module: Module = { path, tree, statements, plain, names: new Map(), exports: new Map(), lost: new Map() };
  if (broken) module.exports.set('*', broken);
  for (const { problem, text } of tree?.faults ?? []) {
    for (const name of missing(text, statements)) add(module.names, name, problem);
    for (const name of [...text.binds, ...text.touches]) if (plain.has(name)) add(module.names, name, problem);
    for (const name of text.exports) add(module.exports, name, problem);
  }
  return module;
}

/** Names that only the broken statement binds. */
function missing(text: BrokenText, statements: readonly Statements[]): string[] {
  const known = new Set(statements.flatMap(({ binds }) => binds));
  return [...text.binds].filter((name) => !known.has(name) && name !== GLOBAL);
}

/** What a page has from its script tag, and every file here has: an import of it that is broken takes nothing away. */
const GLOBAL = 'tf';

/** Names that nothing in a parsed file binds any more, to be put in place of what broken statements would have given. */
export function missingNames(tree: Tree): string[] {
  if (tree.faults.length === 0) return [];
  const statements = tree.file.program.body.map(bindingsOf);
  return [...new Set(tree.faults.flatMap(({ text }) => missing(text, statements)))];
}

function causeOf(uses: ReadonlySet<string>, lost: ReadonlyMap<string, Problem>): Problem | null {
  for (const use of uses) {
    const cause = lost.get(use) ?? lost.get(use.replace(/\..*/, ''));
    if (cause) return cause;
    // Handed on as a whole, an object takes its lost properties along.
    if (!use.includes('.')) for (const [name, problem] of lost) if (name.startsWith(`${use}.`)) return problem;
  }
  return null;
}

function add(to: Map<string, Problem>, name: string, problem: Problem): void {
  if (!to.has(name)) to.set(name, problem);
}
