import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Arguments, type Check, parseArguments } from './arguments';
import { type ConformanceCase, loadCases } from './case';
import { checkGradients, checkInit, checkLines, checkStructure, checkTime, checkVerdict, type Outcome } from './checks';
import { Subject } from './subject';

interface Line extends Outcome {
  id: string;
  check: Check;
}

/** Readers that exist; the other formats' cases are listed as failed. */
const READABLE = new Set(['.py', '.ipynb', '.json', '.yaml', '.js', '.ts']);
const root = path.resolve(__dirname, '..', '..');

/** Ids with the checks that must pass: `{"torch-vgg11": ["structure", ...]}`. */
type Expected = Record<string, Check[]>;

async function main(): Promise<void> {
  const options = parseArguments(process.argv, path.join(root, '..', 'shared', 'conformance'));
  const cases = loadCases(options.directory).filter(({ id }) => isWanted(id, options.only));
  if (cases.length === 0) throw new Error(`no case is called ${options.only.join(' or ')}`);
  const lines = await run(cases, options);
  const failed = lines.filter(({ passed }) => !passed);
  const wrong = options.expected === undefined ? failed : unexpected(lines, options.expected);
  if (options.expected !== undefined) reportExpected(wrong, options.expected);
  process.stdout.write(`${lines.length - failed.length} passed, ${failed.length} failed\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

const isWanted = (id: string, only: string[]) =>
  only.length === 0 || only.some((name) => (name.endsWith('*') ? id.startsWith(name.slice(0, -1)) : id === name));

/** Models without a recurrent layer have nothing along time. */
const applies = (check: Check, { health }: ConformanceCase) => check !== 'time' || health.reference.time !== undefined;

/** Runs the cases in as many lanes as there are cores; prints them in their own order. */
async function run(cases: ConformanceCase[], options: Arguments): Promise<Line[]> {
  const expected = options.expected === undefined ? null : readExpected(options.expected);
  const results: (Line[] | undefined)[] = [];
  let next = 0;
  let printed = 0;
  const lane = async () => {
    const subject = new Subject(path.join(root, 'dist'), options.directory);
    try {
      for (let i = next++; i < cases.length; i = next++) {
        const item = cases[i];
        if (!item) break;
        // With a list of what must pass, only that is run.
        const checks = options.checks.filter(
          (check) => applies(check, item) && (expected?.[item.id]?.includes(check) ?? expected === null),
        );
        results[i] = await runCase(subject, item, checks);
        for (let done = results[printed]; done; done = results[++printed])
          for (const line of done) print(line, options.json);
      }
    } finally {
      await subject.dispose();
    }
  };
  await Promise.all(Array.from({ length: Math.min(os.availableParallelism(), cases.length) }, lane));
  return results.flatMap((lines) => lines ?? []);
}

async function runCase(subject: Subject, item: ConformanceCase, checks: readonly Check[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const check of checks) {
    let outcome: Outcome;
    try {
      outcome = READABLE.has(path.extname(item.source))
        ? await runCheck(subject, item, check)
        : { passed: false, figure: 'no reader for this format yet' };
    } catch (error) {
      outcome = { passed: false, figure: error instanceof Error ? error.message : String(error) };
    }
    lines.push({ id: item.id, check, ...outcome });
  }
  return lines;
}

async function runCheck(subject: Subject, item: ConformanceCase, check: Check): Promise<Outcome> {
  switch (check) {
    case 'structure':
      return checkStructure(await subject.read(item), item);
    case 'lines':
      return checkLines(await subject.read(item), item);
    case 'init':
      return checkInit(await subject.deviations(await subject.read(item)), item);
    case 'gradients':
      return checkGradients(await subject.lattice(await subject.read(item)), item);
    case 'verdict': {
      if (item.health.strength === 'ambiguous') return { passed: true, figure: 'ambiguous, not scored' };
      const { verdict, flagged } = await subject.verdict(item);
      return checkVerdict(verdict, flagged, item);
    }
    case 'time':
      return checkTime(await subject.time(item), item);
    case 'brief': {
      if (item.health.strength !== 'clear') return { passed: true, figure: `${item.health.strength}, not scored` };
      const { verdict, flagged } = await subject.brief(item);
      return checkVerdict(verdict, flagged, item);
    }
    case 'reduced': {
      if (item.health.strength !== 'clear') return { passed: true, figure: `${item.health.strength}, not scored` };
      const { verdict, flagged, size } = await subject.reduced(item);
      const { passed, figure } = checkVerdict(verdict, flagged, item);
      return { passed, figure: `${figure} (${size})` };
    }
  }
}

function print(line: Line, json: boolean): void {
  const text = json
    ? JSON.stringify(line)
    : `${line.passed ? 'ok    ' : 'FAILED'} ${line.id.padEnd(28)} ${line.check.padEnd(10)} ${line.figure.split('\n')[0]?.slice(0, 200) ?? ''}`;
  process.stdout.write(`${text}\n`);
}

function readExpected(file: string): Expected {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Expected;
}

/** Lines that the list wants passed and that failed, or that were not run at all. */
function unexpected(lines: Line[], file: string): Line[] {
  return Object.entries(readExpected(file)).flatMap(([id, checks]) =>
    checks.flatMap((check): Line[] => {
      const line = lines.find((candidate) => candidate.id === id && candidate.check === check);
      if (!line) return [{ id, check, passed: false, figure: 'was not run' }];
      return line.passed ? [] : [line];
    }),
  );
}

function reportExpected(wrong: Line[], file: string): void {
  const wanted = Object.values(readExpected(file)).reduce((n, checks) => n + checks.length, 0);
  process.stdout.write(`${wanted - wrong.length} of the ${wanted} expected checks passed\n`);
  for (const { id, check, figure } of wrong) process.stdout.write(`expected to pass: ${id} ${check}: ${figure}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`conformance: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
