import { posix } from 'node:path';
import type { ImportedModule } from './importStatements';
import { rootsOf } from './imports';

/** What is known of a workspace file without running it. */
export interface FileUse {
  path: string;
  imports: readonly ImportedModule[];
  /** Whether running it does more than define things. */
  isScript: boolean;
  /** Its text, without comments. */
  code: string;
}

/** Scripts that are run to see how they use one file; each costs about as much as reading the file itself. */
const MOST_SCRIPTS = 4;
/** Files between a script and the file that it uses. */
const FARTHEST = 4;

/**
 * The scripts that use a Python file, directly or by way of other files, the most telling first. A script counts only where it, or a
 * file between the two, names a class or function of the file.
 *
 * @param active the file's path and text
 */
export function findCallers(active: { path: string; text: string }, files: readonly FileUse[]): string[] {
  const names = [...active.text.matchAll(/^(?:class|def)\s+(\w+)/gm)].map(([, name]) => name);
  if (names.length === 0) return [];
  const named = new RegExp(`\\b(?:${names.join('|')})\\b`);
  const others = files.filter(({ path }) => path !== active.path);
  const importers = importersOf([active.path, ...others.map(({ path }) => path)], others);
  const found = new Map<string, { file: FileUse; distance: number }>();
  /** Each file reached, and whether the way to it names something of the active file. */
  const reached = new Map<string, boolean>([[active.path, false]]);
  let front = [active.path];
  for (let distance = 1; distance <= FARTHEST && front.length > 0; distance++) {
    const next: string[] = [];
    for (const target of front) {
      for (const file of importers.get(target) ?? []) {
        const speaks = reached.get(target) === true || (!isPackage(file.path) && named.test(file.code));
        // A second way to a file is followed only where it tells more.
        if (reached.has(file.path) && (reached.get(file.path) === true || !speaks)) continue;
        reached.set(file.path, speaks);
        next.push(file.path);
        if (speaks && file.isScript && file.path !== active.path) found.set(file.path, { file, distance });
      }
    }
    front = next;
  }
  const rank = ({ file, distance }: { file: FileUse; distance: number }) =>
    10 * telling(file.path) + apart(active.path, file.path) + distance / 10;
  return [...found.values()]
    .sort((a, b) => rank(a) - rank(b) || a.file.path.localeCompare(b.file.path))
    .slice(0, MOST_SCRIPTS)
    .map(({ file }) => file.path);
}

const isPackage = (path: string) => posix.basename(path) === '__init__.py';

/** Scripts that train say most, those that test or export least. */
function telling(path: string): number {
  const name = posix.basename(path).toLowerCase();
  if (/train|fit|main|pretrain|finetune/.test(name)) return 0;
  return /test|eval|infer|predict|export|convert|bench|sample|plot|visuali[sz]e/.test(name) ? 2 : 1;
}

/** Folders between two files. */
function apart(one: string, other: string): number {
  const steps = posix.relative(posix.dirname(one), posix.dirname(other));
  return steps === '' ? 0 : steps.split('/').length;
}

/** The files that import each file. */
function importersOf(paths: readonly string[], files: readonly FileUse[]): Map<string, FileUse[]> {
  const known = new Set(paths);
  const found = new Map<string, FileUse[]>();
  for (const file of files) {
    const targets = new Set(file.imports.flatMap((imported) => targetsOf(file.path, imported, known)));
    for (const target of targets) {
      const held = found.get(target);
      if (held) held.push(file);
      else found.set(target, [file]);
    }
  }
  return found;
}

/** The known files that an import means, seen from the nearest folder that has any of them. */
function targetsOf(from: string, { level, parts, names }: ImportedModule, known: ReadonlySet<string>): string[] {
  for (const root of rootsOf(from, level, [])) {
    const stem = posix.join(root, ...parts);
    const places = [`${stem}.py`, posix.join(stem, '__init__.py')];
    for (const name of names) places.push(posix.join(stem, `${name}.py`), posix.join(stem, name, '__init__.py'));
    const held = places.filter((place) => known.has(place) && place !== from);
    if (held.length > 0) return held;
  }
  return [];
}
