import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { CallSites, SourceLoader, SourceSet } from '../pipeline/sources';
import { CellModule } from '../readers/notebook/cellModule';
import { readNotebook } from '../readers/notebook/notebook';
import { NotebookPlaces } from '../readers/notebook/notebookPlaces';
import { fileKind } from '../readers/fileKind';
import { isKerasArchive, type ModelFile, readModelFile } from '../readers/modelFile';
import { collectScripts, type ScriptLookup } from '../readers/javascript/imports';
import { findCallers } from '../readers/python/callSites';
import { collectImports, type FileLookup, KnownImports, type SourceFile } from '../readers/python/imports';
import { WorkspaceIndex } from './workspaceIndex';

/** Larger than any module written by hand; what is larger is data in disguise. */
const LARGEST_MODULE = 1024 * 1024;
const CALLER_LIMITS = { files: 60, characters: 1024 * 1024 };

/** A workspace as one reading sees it. */
interface Workspace {
  root: string;
  unsaved: ReadonlyMap<string, string>;
  onDisk: (inside: string) => string;
  lookup: FileLookup & ScriptLookup;
  /** Notebooks that are read as modules, and the names that these have. */
  places: NotebookPlaces;
  notebooks: Map<string, string>;
}

/**
 * Sources from the disk: the file, and the modules of its workspace that it imports. The workspace is the innermost of `roots`
 * that holds the file; elsewhere it is the folder that holds the outermost package around the file.
 */
export class FileSources implements SourceLoader {
  readonly #index: WorkspaceIndex;
  readonly #imports = new KnownImports();
  /** Scripts, as they were, that kept a file from being read. */
  readonly #refused = new Set<string>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly roots: readonly string[],
    now: () => number = () => performance.now(),
  ) {
    this.#index = new WorkspaceIndex(now);
  }

  async load(file: string, text: string, overlays: readonly { path: string; text: string }[]): Promise<SourceSet> {
    const kind = fileKind(file);
    if (kind !== 'python' && kind !== 'javascript') return declaration(file, text);
    const absolute = path.resolve(file);
    const workspace = await this.#workspaceOf(absolute, overlays);
    const { root, lookup, places, onDisk } = workspace;
    const inside = toPosix(path.relative(root, absolute));
    const notebook = absolute.endsWith('.ipynb') ? notebookModule(file, inside, text, '__notebook__.py') : null;
    if (notebook) places.add(notebook.module);
    const source = notebook?.source ?? { path: inside, text };
    const files =
      kind === 'javascript'
        ? await collectScripts(source, lookup)
        : (await collectImports(source, lookup, undefined, this.#imports)).files;
    const [active] = files;
    if (!active) throw new Error(`nothing to read in ${file}`);
    return {
      active: active.path,
      files,
      // The active file keeps the name that the caller gave it.
      original: (inside) => (inside === active.path ? file : onDisk(workspace.notebooks.get(inside) ?? inside)),
      places,
      problems: notebook?.problems,
      callSites:
        kind === 'python' && !notebook ? () => this.#callSites({ path: inside, text }, files, workspace) : undefined,
    };
  }

  async #workspaceOf(absolute: string, overlays: readonly { path: string; text: string }[]): Promise<Workspace> {
    const root = this.#rootOf(absolute) ?? (await folderOfPackage(absolute));
    const unsaved = new Map(overlays.map((overlay) => [path.resolve(overlay.path), overlay.text]));
    const onDisk = (inside: string) => path.join(root, ...inside.split('/'));
    const lookup: FileLookup & ScriptLookup = {
      exists: async (inside) => unsaved.has(onDisk(inside)) || (await isModule(onDisk(inside))),
      read: async (inside) =>
        unsaved.get(onDisk(inside)) ?? (await fs.readFile(onDisk(inside), 'utf8').catch(() => null)),
      list: async (inside) => {
        const entries = await fs.readdir(onDisk(inside), { withFileTypes: true }).catch(() => []);
        return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
      },
    };
    return { root, unsaved, onDisk, lookup, places: new NotebookPlaces(), notebooks: new Map() };
  }

  /** The scripts that use a file, with what they import beyond `held`. */
  async #callSites(active: SourceFile, held: readonly SourceFile[], workspace: Workspace): Promise<CallSites> {
    const { root, unsaved, lookup } = workspace;
    const uses = await this.#index.around(active.path, root, unsaved);
    const known = new Set(held.map((file) => file.path));
    const callers: string[] = [];
    const files: SourceFile[] = [];
    for (const caller of findCallers(active, uses)) {
      const text = await lookup.read(caller);
      if (text === null) continue;
      const source = caller.endsWith('.ipynb') ? mountNotebook(caller, text, workspace) : { path: caller, text };
      callers.push(source.path);
      for (const file of (await collectImports(source, lookup, CALLER_LIMITS, this.#imports)).files) {
        if (!known.has(file.path)) files.push(file);
        known.add(file.path);
      }
    }
    const key = JSON.stringify([active.path, files]);
    if (this.#refused.has(key)) return { callers: [], files: [], refuse: () => undefined };
    return { callers, files, refuse: () => this.#refused.add(key) };
  }

  #rootOf(absolute: string): string | null {
    const holding = this.roots.map((root) => path.resolve(root)).filter((root) => isInside(absolute, root));
    return holding.sort((a, b) => b.length - a.length)[0] ?? null;
  }
}

/**
 * A declaration stands alone; it may be large, and is not looked through here. Of an archive the editor has no text: it is taken out of the
 * file.
 */
async function declaration(file: string, text: string): Promise<SourceSet> {
  const name = path.basename(file);
  const content = isKerasArchive(file) && text === '' ? await archived(file) : { text };
  return {
    active: name,
    files: [{ path: name, text: 'text' in content ? content.text : '' }],
    original: () => file,
    problems: 'text' in content ? undefined : [{ ...content, span: null, related: [] }],
  };
}

async function archived(file: string): Promise<ModelFile> {
  try {
    return readModelFile(file, await fs.readFile(file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { code: 'not-readable', message: `The archive cannot be read: ${why}` };
  }
}

/**
 * The cells of a notebook as the module that is read in its place. Its name can be no other module's: a notebook often lies beside a
 * module of the same name and imports it.
 */
function notebookModule(file: string, inside: string, text: string, name: string) {
  const cells = readNotebook(text, file);
  const module = new CellModule(Array.isArray(cells) ? cells : [], file);
  return {
    source: { path: path.posix.join(path.posix.dirname(inside), name), text: module.text },
    module,
    problems: Array.isArray(cells) ? [] : [cells],
  };
}

/** A notebook that uses the active file, as a module. */
function mountNotebook(caller: string, text: string, { places, notebooks, onDisk }: Workspace): SourceFile {
  const name = `__notebook_${path.posix.basename(caller, '.ipynb').replace(/\W/g, '_')}__.py`;
  const { source, module } = notebookModule(onDisk(caller), caller, text, name);
  places.add(module);
  notebooks.set(source.path, caller);
  return source;
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
