import * as path from 'node:path';
import type { FileReport, ModelReport, ProblemReport } from '../report/report';
import { isCellKey } from './cellEngine';
import { isMistake, type Mark } from './marks';
import { compare } from './movedRanges';
import type { TrackedSpan } from './trackedSpans';

/** Models of a report that were measured on an older text, because the newer one does not parse. */
export interface Outdated {
  /** `line 12 does not parse`. */
  reason: string;
  /** Numbers into the report's models. */
  models: ReadonlySet<number>;
}

/** A report in which the last good reading of a model stands where the text does not parse. */
export interface LastGood {
  report: FileReport;
  outdated: Outdated | null;
  /** For each kept model its number in the report before -> its number in this one. */
  numbers: ReadonlyMap<number, number>;
}

/**
 * Fills up what a text that does not parse leaves out: models of the report before that the new one does not read stay, as they were
 * measured, without their fixes. Those whose text was removed go.
 * @param before the report before, with places in the new text
 */
export function withLastGood(report: FileReport, before: FileReport | null): LastGood {
  const broken = report.problems.find(({ code }) => code === 'syntax-error');
  const fresh: LastGood = { report, outdated: null, numbers: new Map() };
  if (broken === undefined || before === null) return fresh;
  const rest = [...report.models];
  const models: ModelReport[] = [];
  const numbers = new Map<number, number>();
  for (const [number, old] of before.models.entries()) {
    const place = rest.findIndex(({ name }) => name === old.name);
    const [now] = place < 0 ? [] : rest.splice(place, 1);
    if (now !== undefined && (standsByItself(now) || !canStay(old))) models.push(now);
    else if (canStay(old)) numbers.set(number, models.push(withoutFixes(old)) - 1);
  }
  if (numbers.size === 0) return fresh;
  const outdated = { reason: reasonOf(broken, report.path), models: new Set(numbers.values()) };
  return { report: { ...report, models: [...models, ...rest] }, outdated, numbers };
}

/** Whether what is said of a model is true of the new text, and no consequence of a statement that is missing from it. */
const standsByItself = ({ unread }: ModelReport) => unread === null || isMistake(unread.code);

const canStay = ({ unread, span }: ModelReport) =>
  unread === null && (span === null || compare(span.range.start, span.range.end) < 0);

const withoutFixes = (model: ModelReport): ModelReport => ({
  ...model,
  findings: model.findings.map((finding) => ({ ...finding, remedies: [] })),
});

function reasonOf(broken: ProblemReport, subject: string): string {
  const line = `line ${broken.range.start.line + 1}`;
  if (isCellKey(broken.path)) return `${line} of a cell does not parse`;
  return broken.path === subject ? `${line} does not parse` : `${line} of ${path.basename(broken.path)} does not parse`;
}

/** The marks of kept models as they are shown from now on: no warning, no fix, and the reason. */
export function outdatedMarks(
  marks: readonly TrackedSpan<Mark>[],
  { outdated, numbers }: LastGood,
): TrackedSpan<Mark>[] {
  if (outdated === null) return [];
  return marks.flatMap((mark): TrackedSpan<Mark>[] => {
    const { item } = mark;
    const model = item.model === null ? undefined : numbers.get(item.model);
    if (model === undefined || item.kind !== 'finding') return [];
    return [{ ...mark, item: { ...item, model, severity: 'information', remedies: [], outdated: outdated.reason } }];
  });
}
