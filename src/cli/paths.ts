import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** Ends of the names of files that a reader exists for. */
export const READABLE = [
  '.py',
  '.ipynb',
  '.json',
  '.yaml',
  '.yml',
  '.js',
  '.mjs',
  '.cjs',
  '.jsx',
  '.ts',
  '.mts',
  '.cts',
  '.tsx',
];
const SKIPPED = new Set(['node_modules', '__pycache__', 'site-packages', 'venv', 'env', 'dist', 'build']);
/** Models are written by hand; what is larger is data. */
const LARGEST_FILE = 2 * 1024 * 1024;
/** Nearly all of a notebook is its outputs. */
const LARGEST_NOTEBOOK = 64 * 1024 * 1024;

export interface FoundFile {
  /** As the user wrote it, or below the folder that the user named. */
  path: string;
  /** True where the user named this very file: then it is an error if it holds no model. */
  named: boolean;
}

/**
 * The files to check: those named, and below the folders named all that look as if they hold a model.
 * Hidden folders, virtual environments and installed packages are passed over. Missing paths are returned apart.
 */
export async function findFiles(paths: readonly string[]): Promise<{ files: FoundFile[]; missing: string[] }> {
  const files: FoundFile[] = [];
  const missing: string[] = [];
  for (const given of paths) {
    const stat = await fs.stat(given).catch(() => null);
    if (stat === null) missing.push(given);
    else if (stat.isDirectory()) await walk(given, files);
    else files.push({ path: given, named: true });
  }
  return { files, missing };
}

async function walk(folder: string, files: FoundFile[]): Promise<void> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) await walk(full, files);
    } else if (entry.isFile() && READABLE.some((end) => entry.name.endsWith(end))) {
      const { size } = await fs.stat(full);
      if (size <= (entry.name.endsWith('.ipynb') ? LARGEST_NOTEBOOK : LARGEST_FILE))
        files.push({ path: full, named: false });
    }
  }
}
