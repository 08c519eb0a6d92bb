import { posix } from 'node:path';
import { candidatesOf } from './moduleNames';

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
}

const MOST_FILES = 200;
const MOST_CHARACTERS = 5 * 1024 * 1024;

/** `import ... from './x'`, `export ... from './x'`, `import './x'`, `import('./x')`, `require('./x')`. */
const IMPORTS = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(['"])(\.[^'"\n]*)\1/g;

/** The active file first, then the modules of the workspace that it imports by relative names, nearest first. */
export async function collectScripts(active: ScriptFile, lookup: ScriptLookup): Promise<ScriptFile[]> {
  const files = [active];
  const known = new Set([active.path]);
  let characters = active.text.length;
  for (const file of files)
    for (const name of relativeImports(file.text)) {
      const path = await resolve(file.path, name, lookup);
      if (path === null || known.has(path) || files.length >= MOST_FILES) continue;
      known.add(path);
      const text = await lookup.read(path);
      if (text === null || characters + text.length > MOST_CHARACTERS) continue;
      characters += text.length;
      files.push({ path, text });
    }
  return files;
}

function relativeImports(text: string): string[] {
  return [...text.matchAll(IMPORTS)].flatMap((match) => match[2] ?? []);
}

async function resolve(from: string, name: string, lookup: ScriptLookup): Promise<string | null> {
  const base = posix.join(posix.dirname(from), name);
  // Nothing above the workspace is read.
  if (base.startsWith('..')) return null;
  for (const path of candidatesOf(base)) if (await lookup.exists(path)) return path;
  return null;
}
