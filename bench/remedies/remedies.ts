import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Remedy } from '../../src/report/report';
import { type ConformanceCase, loadCases } from '../../test/conformance/case';
import { bestOf, type CaseResult, needsCure, RemedyBench } from './cases';
import { type Confirmation, confirm } from './confirm';

export interface RemedyOptions {
  root: string;
  dist: string;
  pack: string;
  out: string;
  only: string[];
  /** A Python with PyTorch, which confirms the edited files of that framework. */
  torch: string | undefined;
  /** Prints every remedy that was tried. */
  all: boolean;
  /** Writes `bench/REMEDIES.md`. */
  write: boolean;
}

const INTRODUCTION = `# Remedies on the conformance pack

Every case of the pack that is not healthy, or that loses the gradient along time, diagnosed as the product does it, with the remedy that it offers first. Made by
\`npm run bench -- remedies --write --torch PYTHON\`; the figures are of that run.

- _before, after_: smallest log10 of |dL/dW| / |W| among the finding's weights, median over steps and seeds (time: of all weights).
- _by heart_: loss at the first and last step on one repeated batch, before and after the edit.
- _real PyTorch_: verdict of the edited file under PyTorch itself, by the pack's rule, with the smallest log10 relative gradient.

| case | verdict | found | remedy | status | before, after | by heart | real PyTorch |
| --- | --- | --- | --- | --- | --- | --- | --- |`;

/** Tries the remedies of every case that needs one; a table of the best for each finding, and why there is none where none was proved. */
export async function benchRemedies(options: RemedyOptions): Promise<void> {
  const wanted = ({ id }: ConformanceCase) => options.only.length === 0 || options.only.includes(id);
  const cases = loadCases(options.pack).filter((item) => needsCure(item) && wanted(item));
  const bench = new RemedyBench(options.dist, options.pack, options.out);
  const table = [INTRODUCTION];
  const without: string[] = [];
  print(INTRODUCTION);
  try {
    for (const item of cases) {
      const result = await bench.run(item);
      const confirmed =
        options.torch === undefined || result.edited === null
          ? null
          : confirm(options.torch, options.root, item, result.edited);
      const lines = rows(result, confirmed);
      table.push(...lines);
      without.push(...unproved(result));
      for (const line of lines) print(line);
      if (options.all) tried(result);
    }
  } finally {
    await bench.dispose();
  }
  const text = `${table.join('\n')}\n\n## Findings without a proved remedy\n\n${without.join('\n')}\n`;
  if (options.write) fs.writeFileSync(path.join(options.root, 'bench', 'REMEDIES.md'), text);
}

/** Findings that share their remedies are one line. */
function together({ findings }: CaseResult): { found: string; remedies: Remedy[] }[] {
  const groups = new Map<string, { code: string; lines: Set<number>; remedies: Remedy[] }>();
  for (const { finding, remedies } of findings) {
    const key = finding.code + JSON.stringify(remedies);
    const group = groups.get(key) ?? { code: finding.code, lines: new Set(), remedies };
    group.lines.add(finding.range.start.line + 1);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ code, lines, remedies }) => {
    const all = [...lines];
    const places = all.length > 3 ? `${all.slice(0, 3).join(', ')} ...` : all.join(', ');
    return { found: `${code} (line ${places})`, remedies };
  });
}

function rows(result: CaseResult, confirmed: Confirmation | null): string[] {
  const { id, verdict } = result;
  const groups = together(result);
  if (groups.length === 0) return [row(id, verdict, 'nothing', '', '', '', '', '')];
  return groups.map(({ found, remedies }) => {
    const best = bestOf(remedies);
    if (best?.status !== 'proved' && best?.status !== 'improves')
      return row(id, verdict, found, 'none', '', '', '', '');
    const { before, after } = best.measured;
    const heart = [before, after].map((side) => `${figure(side?.learnt?.start)} → ${figure(side?.learnt?.end)}`);
    const real = confirmed ? `${confirmed.verdict}, ${figure(confirmed.smallest)}` : '';
    const gradients = `${figure(before?.logRelativeGradient)}, ${figure(after?.logRelativeGradient)}`;
    return row(id, verdict, found, best.title, best.status, gradients, heart.join(', '), real);
  });
}

/** Why a finding has no proved remedy: what each that was tried came to, or that no edit can be certain. */
function unproved(result: CaseResult): string[] {
  if (result.findings.length === 0)
    return [
      `- **${result.id}**: nothing is found, so nothing is offered: the first step is heard in another way, or each step is read.`,
    ];
  return together(result).flatMap(({ found, remedies }) => {
    if (remedies.some(({ status }) => status === 'proved')) return [];
    const what = remedies.map(({ title, reason }) => `${title}: ${reason ?? ''}`);
    const why =
      what.length > 0
        ? what.map((line) => `\n  - ${line}`).join('')
        : found.startsWith('degenerate')
          ? ' no edit is offered: whether to call the layer or to remove it, and how, only its author knows.'
          : ' no edit is offered: the source shows no place where it could be made for certain.';
    return [`- **${result.id}**, ${found}:${why}`];
  });
}

function tried(result: CaseResult): void {
  for (const { found, remedies } of together(result)) {
    print(`    ${found}`);
    for (const { id, status, title, reason } of remedies)
      print(`      ${status.padEnd(9)} ${id}: ${title}${reason === null ? '' : ` (${reason})`}`);
  }
  print(`    ${JSON.stringify(result.milliseconds)} ${result.edited ?? ''}`);
}

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

const figure = (value: number | null | undefined) =>
  value === null || value === undefined ? 'none' : value.toFixed(2).replace('-', '−');

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
