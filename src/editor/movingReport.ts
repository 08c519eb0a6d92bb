import { withSpans } from '../graph/spans';
import type { FileReport } from '../report/report';
import type { LoggedEdit } from './editLog';
import { slideThrough } from './movedRanges';

/** Edits that are gathered before a report is brought through them: each time copies the report. */
const mostPending = 64;

/** The report with every place where its text lies after the edits. Fixes are told of the text before and hold for that alone. */
export function moveReport(report: FileReport, edits: readonly LoggedEdit[]): FileReport {
  if (edits.length === 0) return report;
  return withSpans(report, (span) => ({
    ...span,
    range: edits.reduce(
      (range, { path, changes }) => (path === span.path ? slideThrough(range, changes) : range),
      span.range,
    ),
  }));
}

/** A report that follows the edits made since its text. */
export class MovingReport {
  readonly #pending: LoggedEdit[] = [];
  #moved: FileReport;

  constructor(report: FileReport) {
    this.#moved = report;
  }

  follow(edit: LoggedEdit): void {
    this.#pending.push(edit);
    if (this.#pending.length >= mostPending) this.#flush();
  }

  get now(): FileReport {
    this.#flush();
    return this.#moved;
  }

  #flush(): void {
    this.#moved = moveReport(this.#moved, this.#pending.splice(0));
  }
}
