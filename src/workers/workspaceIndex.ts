import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { CellModule } from '../readers/notebook/cellModule';
import { readNotebook } from '../readers/notebook/notebook';
import type { FileUse } from '../readers/python/callSites';
import { importLines } from '../readers/python/importLines';

/** Files and folders that are looked at in one workspace, nearest to the active file first. */
const MOST_FILES = 1_000;
const MOST_FOLDERS = 400;
/** Bytes of a file that is looked at. Notebooks carry their pictures. */
const LARGEST: Readonly<Record<string, number>> = { '.py': 256 * 1024, '.ipynb': 4 * 1024 * 1024 };
/** Bytes of all of them. */
const MOST_BYTES = 24 * 1024 * 1024;
/** Milliseconds for which the list of files is taken as it is. */
const FRESH = 2_000;
const FOREIGN = /^(?:\..*|node_modules|site-packages|__pycache__|venv|env|build|dist)$/;

interface Known {
  modified: number;
  size: number;
  use: FileUse;
}

/** Which Python files and notebooks of a workspace import what. Kept between readings; a changed file is looked at again. */
export class WorkspaceIndex {
  readonly #known = new Map<string, Known>();
  readonly #lists = new Map<string, { at: number; uses: FileUse[] }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  /**
   * The files around one file, with paths relative to `root`.
   *
   * @param unsaved texts of open buffers, by absolute path
   */
  async around(inside: string, root: string, unsaved: ReadonlyMap<string, string>): Promise<FileUse[]> {
    const start = path.posix.dirname(inside);
    const key = `${root}\n${start}`;
    const held = this.#lists.get(key);
    const fresh = held && this.now() - held.at < FRESH ? held.uses : await this.#look(start, root);
    this.#lists.set(key, { at: fresh === held?.uses ? held.at : this.now(), uses: fresh });
    return fresh.map((use) => {
      const text = unsaved.get(path.join(root, ...use.path.split('/')));
      return text === undefined ? use : useOf(use.path, text);
    });
  }

  async #look(start: string, root: string): Promise<FileUse[]> {
    const found: FileUse[] = [];
    let bytes = 0;
    for await (const inside of filesAround(start, root)) {
      const use = await this.#use(inside, root);
      if (!use) continue;
      bytes += use.code.length;
      if (found.length >= MOST_FILES || bytes > MOST_BYTES) break;
      found.push(use);
    }
    return found;
  }

  async #use(inside: string, root: string): Promise<FileUse | null> {
    const absolute = path.join(root, ...inside.split('/'));
    const stat = await fs.stat(absolute).catch(() => null);
    if (!stat?.isFile() || stat.size > (LARGEST[path.extname(inside)] ?? 0)) return null;
    const key = `${root}\n${inside}`;
    const held = this.#known.get(key);
    if (held?.modified === stat.mtimeMs && held.size === stat.size) return held.use;
    const text = await fs.readFile(absolute, 'utf8').catch(() => null);
    if (text === null) return null;
    const use = useOf(inside, text);
    this.#known.set(key, { modified: stat.mtimeMs, size: stat.size, use });
    return use;
  }
}

/** A notebook's text is that of its cells; all of them run. */
function useOf(inside: string, text: string): FileUse {
  const isNotebook = inside.endsWith('.ipynb');
  const cells = isNotebook ? readNotebook(text, inside) : [];
  const source = isNotebook ? new CellModule(Array.isArray(cells) ? cells : [], inside).text : text;
  return { path: inside, ...importLines(source), ...(isNotebook ? { isScript: true } : {}) };
}

/** Files of the active file's folder and below, then of the folders above it with all that is below them. */
async function* filesAround(start: string, root: string): AsyncGenerator<string> {
  const visited = new Set<string>();
  for (let at = start; ; at = path.posix.dirname(at)) {
    const queue = [at];
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
      if (visited.has(folder)) continue;
      if (visited.size >= MOST_FOLDERS) return;
      visited.add(folder);
      const entries = await fs.readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
      for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
        const inside = path.posix.join(folder, entry.name);
        if (entry.isDirectory() && !FOREIGN.test(entry.name)) queue.push(inside);
        else if (entry.isFile() && path.extname(entry.name) in LARGEST) yield inside;
      }
    }
    if (at === '.' || at === '') return;
  }
}
