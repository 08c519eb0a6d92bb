import * as path from 'node:path';
import { type ConformanceCase, loadCases } from '../../test/conformance/case';
import { bestOf, type CaseResult, needsCure, RemedyBench } from './cases';

export interface RemedyOptions {
  dist: string;
  pack: string;
  out: string;
  only: string[];
  /** Prints every remedy that was tried. */
  all: boolean;
}

/** Tries the remedies of every case that needs one, and prints a table of the best for each finding. */
export async function benchRemedies(options: RemedyOptions): Promise<void> {
  const wanted = ({ id }: ConformanceCase) => options.only.length === 0 || options.only.includes(id);
  const cases = loadCases(options.pack).filter((item) => needsCure(item) && wanted(item));
  const bench = new RemedyBench(options.dist, options.pack, options.out);
  try {
    print(
      '| case | verdict | finding | best remedy | status | gradient before → after | batch by heart: before, after |',
    );
    print('| --- | --- | --- | --- | --- | --- | --- |');
    for (const item of cases) {
      const result = await bench.run(item);
      for (const line of rows(result)) print(line);
      if (options.all) tried(result);
    }
  } finally {
    await bench.dispose();
  }
}

function rows({ id, verdict, findings }: CaseResult): string[] {
  if (findings.length === 0) return [`| ${id} | ${verdict} | none | | | | |`];
  return findings.map(({ finding, remedies }) => {
    const best = bestOf(remedies);
    const where = `${finding.code}, ${path.basename(finding.path)}:${finding.range.start.line + 1}`;
    if (!best) return `| ${id} | ${verdict} | ${where} | none | | | |`;
    const { before, after } = best.measured;
    const gradient = `${figure(before?.logRelativeGradient)} → ${figure(after?.logRelativeGradient)}`;
    const loss = [before, after]
      .map((side) => `${figure(side?.learnt?.start)} → ${figure(side?.learnt?.end)}`)
      .join(', ');
    return `| ${id} | ${verdict} | ${where} | ${best.title} | ${best.status} | ${gradient} | ${loss} |`;
  });
}

function tried({ findings, milliseconds, edited }: CaseResult): void {
  const seen = new Set<string>();
  for (const { finding, remedies } of findings) {
    const key = JSON.stringify(remedies);
    if (seen.has(key)) continue;
    seen.add(key);
    print(`    ${finding.code}: ${finding.message}`);
    for (const { id, status, title, reason } of remedies)
      print(`      ${status.padEnd(9)} ${id}: ${title}${reason === null ? '' : ` (${reason})`}`);
  }
  print(`    ${JSON.stringify(milliseconds)} ${edited ?? ''}`);
}

const figure = (value: number | null | undefined) =>
  value === null || value === undefined ? '-' : value.toFixed(2).replace('-', '−');

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
