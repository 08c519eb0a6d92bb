import { posix } from 'node:path';
import { aliasesOf, candidatesOf } from './moduleNames';

/** A file of the workspace; `path` is relative to it, with forward slashes. */
export interface ScriptFile {
  path: string;
  text: string;
}

/** How files are looked up: unsaved buffers first is the caller's business. */
export interface ScriptLookup {
  exists(path: string): Promise<boolean>;
  /** Null where the file cannot be read as text. */
  read(path: string): Promise<string | null>;
  /** Names in a folder, those of folders with a slash behind; empty where there is none. */
  list?: (folder: string) => Promise<string[]>;
}

const MOST_FILES = 200;
const MOST_CHARACTERS = 5 * 1024 * 1024;

/** `import ... from './x'`, `export ... from './x'`, `import './x'`, `import('./x')`, `require('./x')`; also by an alias of the workspace. */
const IMPORTS =
  /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(['"])((?:\.|[@~#]\/|src\/|app\/|lib\/)[^'"\n]*)\1/g;

/** `new Worker('x.js')`, `new Worker(new URL('./x.js', import.meta.url))`, `importScripts('x.js')` */
const STARTS = /\b(?:Worker|URL|importScripts)\s*\(\s*(['"])([^'"\n]+)\1/g;

/**
 * The active file first, then the modules of the workspace that it imports, nearest first. Where it seems to make models, there
 * follow what shows how it is used: modules nearby that import it, and the page that loads it.
 */
export async function collectScripts(active: ScriptFile, lookup: ScriptLookup): Promise<ScriptFile[]> {
  const collected = new Collected(lookup);
  collected.add(active);
  await collected.follow();
  if (!MAKES.test(active.text)) return collected.files;
  for (const page of await pagesBeside(active.path, lookup)) collected.add(page);
  for (const caller of await importersOf(active.path, lookup)) collected.add(caller);
  await collected.follow();
  return collected.files;
}

const MAKES = /\b(sequential|model|Sequential|LayersModel|variable)\s*\(/;
const CODE = /\.[cm]?[jt]sx?$/;

class Collected {
  readonly files: ScriptFile[] = [];
  readonly #known = new Set<string>();
  #characters = 0;
  #followed = 0;

  constructor(private readonly lookup: ScriptLookup) {}

  add(file: ScriptFile): void {
    if (this.#known.has(file.path) || this.files.length >= MOST_FILES) return;
    if (this.files.length > 0 && this.#characters + file.text.length > MOST_CHARACTERS) return;
    this.#known.add(file.path);
    this.#characters += file.text.length;
    this.files.push(file);
  }

  /** Adds what the files import that were added since the last time. */
  async follow(): Promise<void> {
    for (; this.#followed < this.files.length; this.#followed++) {
      const file = this.files[this.#followed];
      if (!file || !CODE.test(file.path)) continue;
      for (const name of importsOf(file.text)) {
        const path = await resolve(file.path, name, this.lookup);
        if (path === null || this.#known.has(path)) continue;
        const text = await this.lookup.read(path);
        if (text !== null) this.add({ path, text });
      }
    }
  }
}

/** Most folders and files that are looked at for modules that use the active one. */
const MOST_LISTED = 400;
const MOST_CALLERS = 12;
const IGNORED = /^(node_modules|dist|build|out|coverage|\.[^/]*)\/$/;

/** Modules in the file's folder, the folders below it and the one above that import it; tests come last. */
async function importersOf(active: string, lookup: ScriptLookup): Promise<ScriptFile[]> {
  const { list } = lookup;
  if (!list) return [];
  const stem = posix.basename(active).replace(CODE, '');
  const mention = stem === 'index' ? posix.basename(posix.dirname(active)) : stem;
  const folder = posix.dirname(active);
  const queue = [...new Set([folder, posix.dirname(folder)])];
  const seen = new Set(queue);
  const found: ScriptFile[] = [];
  let listed = 0;
  for (const place of queue) {
    for (const name of await list(place)) {
      if (++listed > MOST_LISTED) break;
      const path = posix.join(place, name);
      if (name.endsWith('/')) {
        const below = posix.join(place, name.slice(0, -1));
        if (!IGNORED.test(name) && !seen.has(below) && queue.length < 40) {
          seen.add(below);
          queue.push(below);
        }
      } else if (path !== active && CODE.test(name) && !name.endsWith('.d.ts')) {
        const text = await lookup.read(path);
        if (text?.includes(mention) === true && (await imports(path, text, active, lookup))) found.push({ path, text });
      }
    }
  }
  const isTest = ({ path }: ScriptFile) => (/[._-](test|spec)\.|(^|\/)(tests?|__tests__|spec)\//.test(path) ? 1 : 0);
  return found.sort((a, b) => isTest(a) - isTest(b)).slice(0, MOST_CALLERS);
}

async function imports(from: string, text: string, wanted: string, lookup: ScriptLookup): Promise<boolean> {
  for (const name of importsOf(text)) if ((await resolve(from, name, lookup)) === wanted) return true;
  return false;
}

/** The pages in the file's folder and the one above: their fields hold the values that the code asks the page for. */
async function pagesBeside(active: string, lookup: ScriptLookup): Promise<ScriptFile[]> {
  const folder = posix.dirname(active);
  const places = [
    folder,
    posix.dirname(folder),
    posix.join(folder, 'public'),
    posix.join(posix.dirname(folder), 'public'),
  ];
  const found: ScriptFile[] = [];
  for (const place of new Set(places)) {
    const path = posix.join(place, 'index.html');
    const text = (await lookup.exists(path)) ? await lookup.read(path) : null;
    if (text !== null) found.push({ path, text });
  }
  return found;
}

function importsOf(text: string): string[] {
  const started = [...text.matchAll(STARTS)].flatMap(({ 2: name = '' }) =>
    CODE.test(name) ? [/^\.|^[@~#]\//.test(name) ? name : `./${name.replace(/^\//, '')}`] : [],
  );
  return [...[...text.matchAll(IMPORTS)].flatMap((match) => match[2] ?? []), ...started];
}

async function resolve(from: string, name: string, lookup: ScriptLookup): Promise<string | null> {
  const bases = name.startsWith('.') ? [posix.join(posix.dirname(from), name)] : aliasesOf(name);
  // Nothing above the workspace is read.
  for (const base of bases.filter((candidate) => !candidate.startsWith('..')))
    for (const path of candidatesOf(base)) if (await lookup.exists(path)) return path;
  return null;
}
