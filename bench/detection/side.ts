import { execFile } from 'node:child_process';
import * as path from 'node:path';
import type { FileReport, ModelReport, Report } from '../../src/report/report';
import { bestOf } from '../remedies/cases';

/** What the product says of the models in one version of a case. */
export interface Side {
  models: { file: string; report: ModelReport }[];
  /** Why files gave no model, one sentence a file. */
  problems: string[];
}

/** Seconds a seed: above the product's, so that what is said does not hang on how busy the machine is. */
const BUDGET = '10';

/** Verdicts that raise an alarm. */
const UNHEALTHY: ReadonlySet<string> = new Set(['vanishing', 'exploding', 'dead', 'degenerate']);

export const isUnhealthy = ({ models }: Side) => models.some(({ report }) => UNHEALTHY.has(report.verdict));
export const isJudged = ({ models }: Side) =>
  models.some(({ report }) => UNHEALTHY.has(report.verdict) || report.verdict === 'healthy');

/** Runs the built command line on each file, remedies and their proofs included. */
export async function checkSide(cli: string, files: readonly string[]): Promise<Side> {
  const side: Side = { models: [], problems: [] };
  for (const file of files) {
    for (const found of await reportsOn(cli, file)) {
      for (const report of found.models) side.models.push({ file: path.basename(file), report });
      if (found.models.length === 0 && found.problems[0])
        side.problems.push(`\`${path.basename(file)}\`: ${found.problems[0].message}`);
    }
  }
  return side;
}

function reportsOn(cli: string, file: string): Promise<FileReport[]> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 2 ** 28, cwd: path.dirname(file) };
    execFile(
      process.execPath,
      [cli, 'check', '--format', 'json', '--budget', BUDGET, file],
      options,
      (error, stdout, stderr) => {
        try {
          // The exit code says that there is a warning; only a report that is none is a failure.
          resolve((JSON.parse(stdout) as Report).files);
        } catch {
          reject(new Error(`${file}: ${error?.message ?? ''} ${stderr.slice(0, 400)}`));
        }
      },
    );
  });
}

/** `dead: dead-units (line 3, 5)` for each model, files named where there are several. */
export function verdictsOf({ models, problems }: Side): string {
  if (models.length === 0) return `no model (${problems.join(' ')})`;
  const named = new Set(models.map(({ file }) => file)).size > 1;
  const texts = models.map(({ file, report }) => {
    const lines = new Map<string, number[]>();
    for (const { code, range } of report.findings) lines.set(code, [...(lines.get(code) ?? []), range.start.line + 1]);
    const found = [...lines].map(([code, at]) => `${code} (line ${at.join(', ')})`).join('; ');
    const unread = report.unread === null ? '' : ` (${report.unread.message})`;
    return `${named ? `\`${file}\`: ` : ''}${report.verdict}${unread}${found === '' ? '' : `: ${found}`}`;
  });
  return [...new Set(texts)].join('<br>');
}

/** The remedy offered first for each finding, with what its proof said. */
export function remediesOf({ models }: Side): string {
  const offered = models.flatMap(({ report }) =>
    report.findings
      .filter(({ severity }) => severity === 'warning')
      .map(({ remedies }) => {
        const best = bestOf(remedies);
        return best?.status === 'proved' || best?.status === 'improves' ? `${best.title} (${best.status})` : 'none';
      }),
  );
  return [...new Set(offered)].join('<br>');
}
