import * as fs from 'node:fs';
import * as path from 'node:path';
import { collectCases } from './collection';
import { checkSide, isJudged, isUnhealthy, remediesOf, type Side, verdictsOf } from './side';

export interface DetectionOptions {
  root: string;
  dist: string;
  only: string[];
  /** Writes `bench/DETECTION.md`, its first part up to the line that ends it. */
  write: boolean;
}

/** What a person found in a case; `bench/detection/cases.json` holds one for each. */
interface Judgement {
  /** What the authors changed, which is what they hold to be the bug. */
  bug: string;
  /** Whether that bug stops or breaks gradients at the start of training, whatever the data. */
  ofGradients: boolean;
  /** Why we and the authors differ; needed where we do. */
  explanation?: string;
}

interface Row {
  name: string;
  judgement: Judgement | undefined;
  buggy: Side;
  fixed: Side;
}

const HEAD = `| case | what the authors mended | of gradients | buggy | remedy | mended | agree |
| --- | --- | --- | --- | --- | --- | --- |`;

export const END = '<!-- end of what `npm run bench -- detection` writes -->';

/** Diagnoses both versions of every case, and puts them against what the collection's authors say. */
export async function benchDetection(collection: string, options: DetectionOptions): Promise<void> {
  const judgements = JSON.parse(
    fs.readFileSync(path.join(options.root, 'bench', 'detection', 'cases.json'), 'utf8'),
  ) as Record<string, Judgement>;
  const cases = collectCases(collection).filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const cli = path.join(options.dist, 'cli.js');
  const rows: Row[] = [];
  print(HEAD);
  for (const { name, buggy, fixed } of cases) {
    const row = {
      name,
      judgement: judgements[name],
      buggy: await checkSide(cli, buggy),
      fixed: await checkSide(cli, fixed),
    };
    rows.push(row);
    print(line(row));
  }
  const text = [HEAD, ...rows.map(line), '', summary(rows), '', '## Disagreements', '', ...explanations(rows)].join(
    '\n',
  );
  print(`\n${summary(rows)}`);
  if (options.write) replaceTable(path.join(options.root, 'bench', 'DETECTION.md'), text);
}

/** `yes` where a bug of gradients is found, or another bug raises no alarm; `unread` where neither version was judged. */
function agreement({ judgement, buggy, fixed }: Row): 'yes' | 'no' | 'unread' {
  if (judgement === undefined || !isJudged(buggy)) return 'unread';
  if (isUnhealthy(buggy) !== judgement.ofGradients) return 'no';
  return fixed.models.length > 0 && isUnhealthy(fixed) ? 'no' : 'yes';
}

function line(row: Row): string {
  const { name, judgement, buggy, fixed } = row;
  const gradients = judgement === undefined ? '?' : judgement.ofGradients ? 'yes' : 'no';
  const mended = fixed.models.length === 0 && fixed.problems.length === 0 ? 'not in the collection' : verdictsOf(fixed);
  const cells = [name, judgement?.bug ?? '?', gradients, verdictsOf(buggy), remediesOf(buggy), mended, agreement(row)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function summary(rows: readonly Row[]): string {
  const count = (test: (row: Row) => boolean) => rows.filter(test).length;
  const gradients = rows.filter(({ judgement }) => judgement?.ofGradients === true);
  const found = gradients.filter(({ buggy }) => isUnhealthy(buggy));
  const healed = gradients.filter(({ buggy, fixed }) => isUnhealthy(buggy) && isJudged(fixed) && !isUnhealthy(fixed));
  return (
    `${rows.length} cases, ${count((row) => agreement(row) === 'unread')} of them not judged. ` +
    `Bugs of gradients: ${gradients.length}, found ${found.length}; the mended version healthy in ${healed.length}. ` +
    `Agreement in ${count((row) => agreement(row) === 'yes')}, disagreement in ${count((row) => agreement(row) === 'no')}.`
  );
}

function explanations(rows: readonly Row[]): string[] {
  return rows
    .filter((row) => agreement(row) !== 'yes')
    .map(({ name, judgement }) => `- **${name}**: ${judgement?.explanation ?? 'not looked into.'}`);
}

/** Keeps what people wrote before the table and after it. */
function replaceTable(file: string, table: string): void {
  const before = fs.readFileSync(file, 'utf8');
  const start = before.indexOf('| case | what the authors mended');
  const end = before.indexOf(END);
  if (start < 0 || end < start) throw new Error(`${file} has no table to replace.`);
  fs.writeFileSync(file, `${before.slice(0, start)}${table}\n\n${before.slice(end)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
