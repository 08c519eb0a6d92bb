import { posix } from 'node:path';
import { findImports, type ImportedModule, type Imports } from './importStatements';

/** A file of the workspace; `path` is relative to it, with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** How files are looked up: unsaved buffers first is the caller's business. */
export interface FileLookup {
  exists(path: string): Promise<boolean>;
  /** Null where the file cannot be read as text. */
  read(path: string): Promise<string | null>;
}

export interface ImportLimits {
  files: number;
  /** UTF-16 units of all files together. */
  characters: number;
}

export interface CollectedFiles {
  /** The active file first, then what it imports, nearest first. */
  files: SourceFile[];
  /** Whether a limit left files out. */
  truncated: boolean;
}

/** Remembers what files import as long as their text stays. */
export class KnownImports {
  readonly #held = new Map<string, { text: string; imports: Imports }>();

  of({ path, text }: SourceFile): Imports {
    const held = this.#held.get(path);
    if (held?.text === text) return held.imports;
    const imports = findImports(text);
    this.#held.set(path, { text, imports });
    return imports;
  }
}

const README = 'README.md';
const FENCE = /^ {0,3}```+ *(?:python3?|py)\b[^\n]*\n(.*?)^ {0,3}```/gms;
const defaultLimits: ImportLimits = { files: 200, characters: 5 * 1024 * 1024 };

/**
 * Collects the workspace files that a Python file imports, directly and through others: absolute imports as seen from
 * the file's folder and every folder above it, relative ones, packages with the `__init__.py` of each level, and folders
 * that the file itself puts on `sys.path`. What is not found is somebody else's package.
 */
export async function collectImports(
  active: SourceFile,
  lookup: FileLookup,
  limits: ImportLimits = defaultLimits,
  known: KnownImports = new KnownImports(),
): Promise<CollectedFiles> {
  return new Collector(lookup, limits, known).run(active);
}

class Collector {
  readonly #lookup: FileLookup;
  readonly #limits: ImportLimits;
  readonly #files = new Map<string, string>();
  readonly #known = new Map<string, Promise<boolean>>();
  #characters = 0;
  #truncated = false;

  constructor(
    lookup: FileLookup,
    limits: ImportLimits,
    private readonly imports: KnownImports,
  ) {
    this.#lookup = lookup;
    this.#limits = limits;
  }

  async run(active: SourceFile): Promise<CollectedFiles> {
    this.#files.set(active.path, active.text);
    this.#characters = active.text.length;
    const extraRoots: string[] = [];
    const queue: SourceFile[] = [active];
    await this.#addPackages(active.path, queue);
    await this.#followAll(queue, extraRoots);
    await this.#followAll(await this.#addExamples(active), extraRoots);
    return { files: [...this.#files].map(([path, text]) => ({ path, text })), truncated: this.#truncated };
  }

  async #followAll(queue: SourceFile[], extraRoots: string[]): Promise<void> {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const imports = this.imports.of(file);
      for (const path of imports.searchPaths) extraRoots.push(...searchRoots(file.path, path));
      for (const imported of imports.modules) await this.#follow(file.path, imported, extraRoots, queue);
    }
  }

  async #follow(
    from: string,
    imported: ImportedModule,
    extraRoots: readonly string[],
    queue: SourceFile[],
  ): Promise<void> {
    for (const root of rootsOf(from, imported.level, extraRoots)) {
      const found = await this.#module(root, imported.parts, imported.names, queue);
      if (found) return;
    }
  }

  /** Adds a module seen from one root, with the packages around it; false where the root does not have it. */
  async #module(
    root: string,
    parts: readonly string[],
    names: readonly string[],
    queue: SourceFile[],
  ): Promise<boolean> {
    const stem = posix.join(root, ...parts);
    const isFile = parts.length > 0 && (await this.#exists(`${stem}.py`));
    const isPackage = await this.#exists(posix.join(stem, '__init__.py'));
    let found = isFile || isPackage;
    const wanted: string[] = [];
    if (isPackage) wanted.push(posix.join(stem, '__init__.py'));
    else if (isFile) wanted.push(`${stem}.py`);
    if (isPackage || !isFile) {
      // A name taken from a package, or from a folder without `__init__.py`, may be one of its modules.
      for (const name of names) {
        const inside = posix.join(stem, name);
        if (await this.#exists(`${inside}.py`)) wanted.push(`${inside}.py`);
        else if (await this.#exists(posix.join(inside, '__init__.py'))) wanted.push(posix.join(inside, '__init__.py'));
        else continue;
        found = true;
      }
    }
    if (!found) return false;
    for (let depth = 1; depth < parts.length; depth++) {
      const init = posix.join(root, ...parts.slice(0, depth), '__init__.py');
      if (await this.#exists(init)) wanted.unshift(init);
    }
    for (const path of wanted) await this.#add(path, queue);
    return true;
  }

  /** The packages that the file itself lies in run before it. */
  async #addPackages(path: string, queue: SourceFile[]): Promise<void> {
    for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
      const init = posix.join(folder, '__init__.py');
      if (!(await this.#exists(init))) return;
      await this.#add(init, queue);
      if (folder === '.' || folder === '/') return;
    }
  }

  /**
   * The project's README, where it mentions a class of the file: its fences show how models are made and fed. Gives those of its
   * fences that mention one, whose imports are wanted as well.
   */
  async #addExamples(active: SourceFile): Promise<SourceFile[]> {
    if (!(await this.#exists(README))) return [];
    const classes = [...active.text.matchAll(/^class (\w+)/gm)].map(([, name]) => name);
    const text = await this.#lookup.read(README);
    const mentions = (code: string) => classes.some((name) => new RegExp(`\\b${name}\\(`).test(code));
    if (text === null || !mentions(text)) return [];
    await this.#add(README, []);
    const fences = [...text.matchAll(FENCE)].map(([, code = '']) => code);
    return fences.filter(mentions).map((code) => ({ path: README, text: code }));
  }

  async #add(path: string, queue: SourceFile[]): Promise<void> {
    if (this.#files.has(path)) return;
    if (this.#files.size >= this.#limits.files) {
      this.#truncated = true;
      return;
    }
    const text = await this.#lookup.read(path);
    if (text === null) return;
    if (this.#characters + text.length > this.#limits.characters) {
      this.#truncated = true;
      return;
    }
    this.#characters += text.length;
    this.#files.set(path, text);
    queue.push({ path, text });
  }

  #exists(path: string): Promise<boolean> {
    if (path.startsWith('..')) return Promise.resolve(false);
    let known = this.#known.get(path);
    if (known === undefined) {
      known = this.#lookup.exists(path);
      this.#known.set(path, known);
    }
    return known;
  }
}

/** Folders from which an import is looked up, nearest first. */
export function rootsOf(from: string, level: number, extraRoots: readonly string[]): string[] {
  const folder = posix.dirname(from);
  if (level > 0) {
    const above = posix.join(folder, ...Array.from({ length: level - 1 }, () => '..'));
    return [above];
  }
  return [...new Set([...foldersAbove(folder), ...extraRoots])];
}

function foldersAbove(folder: string): string[] {
  const roots = [folder];
  for (let at = folder; at !== '.' && at !== '/' && at !== '';) {
    at = posix.dirname(at);
    roots.push(at);
  }
  return roots;
}

/** A folder put on `sys.path` is relative to where Python is run: the file's folder or one above it. */
function searchRoots(from: string, path: string): string[] {
  if (posix.isAbsolute(path)) return [];
  return foldersAbove(posix.dirname(from))
    .map((root) => posix.join(root, path))
    .filter((root) => !root.startsWith('..'));
}
