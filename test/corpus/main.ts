import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Problem, ReadModel } from '../../src/graph/reading';
import { FileSources } from '../../src/workers/fileSources';
import { ReaderClient } from '../../src/workers/readerClient';
import { countDefinitions, type Definition } from './definitions';

/** A repository of `bench/corpus.json`; `definitions` is what `countDefinitions` gave at that commit. */
interface Repository {
  name: string;
  commit: string;
  definitions: number;
}

type Standing = 'read' | 'guessed' | 'unread' | 'missed';

interface Outcome {
  standing: Standing;
  reason: string;
}

/** Codes of a reading that did not come to its end by the file's own fault. */
const WRONG = new Set(['crashed', 'timeout', 'out-of-memory', 'internal-error', 'too-deep']);
const ORDER: readonly Standing[] = ['read', 'guessed', 'unread', 'missed'];
const root = path.resolve(__dirname, '..', '..');

async function main(): Promise<void> {
  const [directory, ...only] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  if (directory === undefined) throw new Error('usage: npm run corpus -- DIR [NAME...] [--all]');
  const repositories = JSON.parse(fs.readFileSync(path.join(root, 'bench', 'corpus.json'), 'utf8')) as Repository[];
  const totals = new Map<string, number>();
  let changed = 0;
  for (const repository of repositories) {
    if (only.length > 0 && !only.some((word) => repository.name.includes(word))) continue;
    const folder = path.join(directory, repository.name.replace('/', '+'));
    if (!fs.existsSync(folder)) {
      process.stdout.write(`${repository.name}: not in ${directory}\n`);
      continue;
    }
    const counts = await readRepository(repository.name, folder);
    for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
    if (counts.get('definitions') !== repository.definitions) {
      changed++;
      process.stdout.write(
        `  bench/corpus.json counts ${repository.definitions} definitions; is this ${repository.commit}?\n`,
      );
    }
  }
  process.stdout.write(`all: ${describe(totals)}\n`);
  process.exitCode = changed > 0 || (totals.get('wrong') ?? 0) > 0 ? 1 : 0;
}

async function readRepository(name: string, folder: string): Promise<Map<string, number>> {
  const paths = pythonFiles(folder);
  const texts = paths.map((file) => ({ path: path.relative(folder, file), text: fs.readFileSync(file, 'utf8') }));
  const definitions = countDefinitions(texts);
  const reader = new ReaderClient(path.join(root, 'dist'), () => undefined);
  const sources = new FileSources([folder]);
  const models: { read: ReadModel; from: string }[] = [];
  const wrong: string[] = [];
  const problems = new Map<string, Problem[]>();
  try {
    for (const { path: inside, text } of texts) {
      const set = await sources.load(path.join(folder, inside), text, []);
      try {
        const result = await reader.read({ path: set.active, files: set.files, batch: 2 });
        models.push(...result.models.map((read) => ({ read, from: inside })));
        problems.set(inside, result.problems);
        const told = [...result.problems, ...result.models.flatMap(({ unread }) => unread ?? [])];
        wrong.push(...told.filter(({ code }) => WRONG.has(code)).map((problem) => `${inside}: ${tell(problem)}`));
      } catch (error) {
        wrong.push(`${inside}: ${String(error)}`);
      }
    }
  } finally {
    await reader.dispose();
  }
  const counts = new Map<string, number>([
    ['definitions', definitions.length],
    ['models', models.length],
    ['wrong', wrong.length],
  ]);
  const lines: string[] = [];
  for (const definition of definitions) {
    const outcome = outcomeOf(definition, models, problems.get(definition.path) ?? []);
    counts.set(outcome.standing, (counts.get(outcome.standing) ?? 0) + 1);
    if (outcome.standing !== 'read' || process.argv.includes('--all')) {
      lines.push(`  ${outcome.standing} ${definition.path} ${definition.name}: ${outcome.reason}`);
    }
  }
  process.stdout.write(`${name}: ${describe(counts)}\n`);
  for (const line of [...lines, ...wrong.map((item) => `  wrong ${item}`)])
    process.stdout.write(`${line.replaceAll('\n', ' ')}\n`);
  return counts;
}

/** The best that any file of the repository says about a definition: a call site in another file is no help asked for. */
function outcomeOf(
  definition: Definition,
  models: readonly { read: ReadModel; from: string }[],
  problems: Problem[],
): Outcome {
  const outcomes = models
    .filter(({ read, from }) => isOf(definition, read, from))
    .map(({ read }): Outcome => {
      if (read.unread) return { standing: 'unread', reason: tell(read.unread) };
      const [guess] = read.guesses;
      return guess ? { standing: 'guessed', reason: guess.message } : { standing: 'read', reason: read.entry };
    });
  outcomes.push({ standing: 'missed', reason: problems.map(tell).join(' | ') || 'no model was found for it' });
  outcomes.sort((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing));
  return outcomes[0] ?? { standing: 'missed', reason: '' };
}

function isOf({ path: file, name, kind }: Definition, read: ReadModel, from: string): boolean {
  const place = read.span?.path ?? from;
  if (kind === 'builder') return (place === file || from === file) && (read.name === name || calls(read.entry, name));
  if (place !== file && from !== file) return false;
  return (
    read.name === name || calls(read.entry, name) || read.graph?.modules.some(({ type }) => type === name) === true
  );
}

const calls = (entry: string, name: string) => entry === name || entry.startsWith(`${name}(`);

const tell = ({ code, message, span }: Problem) =>
  `[${code}] ${message.slice(0, 260)}${span ? ` (${span.path}:${span.range.start.line + 1})` : ''}`;

function describe(counts: ReadonlyMap<string, number>): string {
  const of = (key: string) => counts.get(key) ?? 0;
  const total = of('definitions');
  const share = total === 0 ? '-' : `${((100 * (of('read') + of('guessed'))) / total).toFixed(1)} %`;
  return (
    `${total} definitions, ${of('models')} models reported; read with no help ${of('read')}, with a guess ${of('guessed')}, ` +
    `unread ${of('unread') + of('missed')} (${of('missed')} not found), wrong ${of('wrong')}; read ${share}`
  );
}

function pythonFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
