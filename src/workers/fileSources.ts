import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { SourceLoader, SourceSet } from '../pipeline/sources';
import { CellModule } from '../readers/notebook/cellModule';
import { readNotebook } from '../readers/notebook/notebook';
import { fileKind } from '../readers/fileKind';
import { collectScripts, type ScriptLookup } from '../readers/javascript/imports';
import { collectImports, type FileLookup } from '../readers/python/imports';

/** Larger than any module written by hand; what is larger is data in disguise. */
const LARGEST_MODULE = 1024 * 1024;

/**
 * Sources from the disk: the file, and the modules of its workspace that it imports. The workspace is the innermost of `roots`
 * that holds the file; elsewhere it is the folder that holds the outermost package around the file.
 */
export class FileSources implements SourceLoader {
  constructor(private readonly roots: readonly string[]) {}

  async load(file: string, text: string, overlays: readonly { path: string; text: string }[]): Promise<SourceSet> {
    // A declaration stands alone; it may be large, and is not looked through here.
    const kind = fileKind(file);
    if (kind !== 'python' && kind !== 'javascript') {
      const name = path.basename(file);
      return { active: name, files: [{ path: name, text }], original: () => file };
    }
    const absolute = path.resolve(file);
    const root = this.#rootOf(absolute) ?? (await folderOfPackage(absolute));
    const unsaved = new Map(overlays.map((overlay) => [path.resolve(overlay.path), overlay.text]));
    const onDisk = (inside: string) => path.join(root, ...inside.split('/'));
    const inside = toPosix(path.relative(root, absolute));
    const notebook = absolute.endsWith('.ipynb') ? notebookModule(file, inside, text) : null;
    const lookup: FileLookup & ScriptLookup = {
      exists: async (inside) => unsaved.has(onDisk(inside)) || (await isModule(onDisk(inside))),
      read: async (inside) =>
        unsaved.get(onDisk(inside)) ?? (await fs.readFile(onDisk(inside), 'utf8').catch(() => null)),
      list: async (inside) => {
        const entries = await fs.readdir(onDisk(inside), { withFileTypes: true }).catch(() => []);
        return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
      },
    };
    const source = notebook?.active ?? { path: inside, text };
    const files =
      kind === 'javascript' ? await collectScripts(source, lookup) : (await collectImports(source, lookup)).files;
    const [active] = files;
    if (!active) throw new Error(`nothing to read in ${file}`);
    return {
      active: active.path,
      files,
      // The active file keeps the name that the caller gave it.
      original: (inside) => (inside === active.path ? file : onDisk(inside)),
      places: notebook?.places,
      problems: notebook?.problems,
    };
  }

  #rootOf(absolute: string): string | null {
    const holding = this.roots.map((root) => path.resolve(root)).filter((root) => isInside(absolute, root));
    return holding.sort((a, b) => b.length - a.length)[0] ?? null;
  }
}

/**
 * The cells of a notebook as the module that is read in its place. Its name can be no other module's: a notebook often lies beside a
 * module of the same name and imports it.
 */
function notebookModule(file: string, inside: string, text: string) {
  const cells = readNotebook(text, file);
  const module = new CellModule(Array.isArray(cells) ? cells : [], file);
  return {
    active: { path: path.posix.join(path.posix.dirname(inside), '__notebook__.py'), text: module.text },
    places: module,
    problems: Array.isArray(cells) ? [] : [cells],
  };
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

async function folderOfPackage(file: string): Promise<string> {
  let folder = path.dirname(file);
  while (await isModule(path.join(folder, '__init__.py'))) {
    const above = path.dirname(folder);
    if (above === folder) break;
    folder = above;
  }
  return folder;
}

async function isModule(file: string): Promise<boolean> {
  const stat = await fs.stat(file).catch(() => null);
  return stat !== null && stat.isFile() && stat.size <= LARGEST_MODULE;
}

const toPosix = (file: string) => file.split(path.sep).join('/');
