import * as fs from 'node:fs';
import * as path from 'node:path';
import { Reading } from '../../src/pipeline/reading';
import { withOriginalPaths } from '../../src/pipeline/sources';
import { FileSources } from '../../src/workers/fileSources';
import { Readers } from '../../src/workers/readers';
import { type FileRead, outcomeOf, STANDINGS, tell } from './outcomes';
import { type Kind, KINDS, scan, type Scanned } from './scan';

/** A repository of `bench/corpus.json`, and what the scans of this folder find in it at that commit. */
interface Repository {
  name: string;
  commit: string;
  /** Kinds of files that are read; all where it says nothing. */
  kinds?: Kind[];
  definitions: number;
  /** Names of the definitions, by file. */
  files: Record<string, string[]>;
}

/** Codes of a reading that did not come to its end. */
const WRONG = new Set(['crashed', 'timeout', 'out-of-memory', 'internal-error', 'too-deep']);
const root = path.resolve(__dirname, '..', '..');
const list = path.join(root, 'bench', 'corpus.json');
const flags = new Set(process.argv.filter((word) => word.startsWith('--')));

async function main(): Promise<void> {
  const [directory, ...only] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  if (directory === undefined) throw new Error('usage: npm run corpus -- DIR [NAME...] [--all] [--list]');
  const repositories = JSON.parse(fs.readFileSync(list, 'utf8')) as Repository[];
  const totals = new Map<string, number>();
  let changed = 0;
  for (const repository of repositories) {
    if (only.length > 0 && !only.some((word) => repository.name.includes(word))) continue;
    const folder = path.join(directory, repository.name.replace('/', '+'));
    if (!fs.existsSync(folder)) {
      process.stdout.write(`${repository.name}: not in ${directory}\n`);
      continue;
    }
    const files = scan(folder, repository.kinds ?? KINDS);
    const names = namesOf(files);
    if (JSON.stringify(names) !== JSON.stringify(repository.files)) {
      if (!flags.has('--list')) {
        changed++;
        process.stdout.write(`${repository.name}: bench/corpus.json lists others; is this ${repository.commit}?\n`);
      }
      repository.files = names;
      repository.definitions = Object.values(names).flat().length;
    }
    if (flags.has('--list')) continue;
    const counts = await readRepository(repository.name, folder, files);
    for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
  }
  if (flags.has('--list')) fs.writeFileSync(list, `${JSON.stringify(repositories, null, 2)}\n`);
  else process.stdout.write(`all: ${describe(totals)}\n`);
  process.exitCode = changed > 0 || (totals.get('wrong') ?? 0) > 0 ? 1 : 0;
}

function namesOf(files: readonly Scanned[]): Record<string, string[]> {
  const held = files.filter(({ definitions }) => definitions.length > 0);
  return Object.fromEntries(held.map(({ path: file, definitions }) => [file, definitions.map(({ name }) => name)]));
}

async function readRepository(name: string, folder: string, files: readonly Scanned[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const count = (key: string, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by);
  const reads = new Map<string, FileRead>();
  const wrong: string[] = [];
  const readers = new Readers(path.join(root, 'dist'), () => undefined);
  try {
    for (const file of files) {
      try {
        const read = await readFile(folder, file, readers);
        reads.set(file.path, read);
        count('models', read.models.length);
        const told = [...read.problems, ...read.models.flatMap(({ unread }) => unread ?? [])];
        wrong.push(...told.filter(({ code }) => WRONG.has(code)).map((problem) => `${file.path}: ${tell(problem)}`));
      } catch (error) {
        wrong.push(`${file.path}: ${String(error)}`);
      }
    }
  } finally {
    await readers.dispose();
  }
  count('wrong', wrong.length);
  const lines: string[] = [];
  for (const file of files) {
    for (const definition of file.definitions) {
      const { standing, reason } = outcomeOf(definition, file, reads);
      count('definitions');
      count(standing);
      if (standing !== 'read' || flags.has('--all'))
        lines.push(`  ${standing} ${definition.path}:${definition.from + 1} ${definition.name}: ${reason}`);
    }
  }
  lines.sort((a, b) => rank(a) - rank(b));
  process.stdout.write(`${name}: ${describe(counts)}\n`);
  for (const line of [...lines, ...wrong.map((item) => `  wrong ${item}`)])
    process.stdout.write(`${line.replaceAll('\n', ' ')}\n`);
  return counts;
}

/** What reading a file gives, with the paths of the repository and the cells of a notebook in its spans. */
async function readFile(folder: string, file: Scanned, readers: Readers): Promise<FileRead> {
  const sources = await new FileSources([folder]).load(path.join(folder, file.path), file.text, []);
  const inside = (original: string) => path.relative(folder, original).split(path.sep).join('/');
  const reading = new Reading(readers, sources, {});
  const { models, problems } = await reading.models();
  return withOriginalPaths({ models, problems }, inside);
}

const rank = (line: string) => STANDINGS.findIndex((standing) => line.startsWith(`  ${standing} `));

function describe(counts: ReadonlyMap<string, number>): string {
  const of = (key: string) => counts.get(key) ?? 0;
  const total = of('definitions');
  const share = (part: number) => (total === 0 ? '-' : `${((100 * part) / total).toFixed(1)} %`);
  return (
    `${total} definitions, ${of('models')} models reported; read with no help ${of('read')} (${share(of('read'))}), ` +
    `with a guess ${of('guessed')}, unread ${of('unread') + of('missed')} (${of('missed')} not found), wrong ${of('wrong')}; ` +
    `read ${share(of('read') + of('guessed'))}`
  );
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
