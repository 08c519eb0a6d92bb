import type { SourceRange, SourceSpan } from '../graph/source';
import type { FileReport, Finding, ModelReport, ProblemReport, Remedy, Severity } from '../report/report';
import { modelTitle } from '../report/modelTitle';
import { inputComment } from './inputQuestion';
import { compare } from './movedRanges';
import type { TrackedSpan } from './trackedSpans';

/** Everything that the editor underlines, with what it needs to explain it and to offer help. */
export interface Mark {
  /** What the diagnosis found, what kept the reader from reading, or what it assumed. */
  kind: 'finding' | 'problem' | 'guess';
  code: string;
  /** A hint is drawn as three dots, and is not listed among the problems. */
  severity: Severity | 'hint';
  message: string;
  related: readonly { message: string; span: SourceSpan }[];
  /** Path of the diagnosed file; the mark may lie in another one, where the layer is constructed. */
  subject: string;
  /** Number of the model in the report; null for a problem of the whole file. */
  model: number | null;
  /** Best first, only those that proof has found to help. */
  remedies: readonly Remedy[];
  /** Seeds of the model's training. */
  seeds: number;
  /** Why the mark is of an older text; null for the one that was diagnosed last. */
  outdated: string | null;
}

const startOfFile: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

/** Reader problems that are a mistake in the user's code; all others only say that something could not be read. */
const mistakes: ReadonlySet<string> = new Set(['shape-mismatch']);
export const isMistake = (code: string) => mistakes.has(code);

function offered(finding: Finding): Remedy[] {
  const rank = (remedy: Remedy) => (remedy.preferred ? 0 : remedy.status === 'proved' ? 1 : 2);
  return finding.remedies
    .filter((remedy) => remedy.status === 'proved' || remedy.status === 'improves')
    .sort((a, b) => rank(a) - rank(b));
}

/** The finding's sentence and, on a line of its own, its cause where the sentence does not name it already. */
function findingMessage(finding: Finding): string {
  const known = finding.cause === '' || finding.message.includes(finding.cause);
  return known ? finding.message : `${finding.message}\n${finding.cause}`;
}

function findingMark(subject: string, model: ModelReport, number: number, finding: Finding): TrackedSpan<Mark> {
  return {
    path: finding.path,
    range: finding.range,
    item: {
      kind: 'finding',
      code: finding.code,
      severity: finding.severity,
      message: findingMessage(finding),
      related: finding.related,
      subject,
      model: number,
      remedies: offered(finding),
      seeds: model.evidence?.seeds.length ?? 0,
      outdated: null,
    },
  };
}

type Located = Pick<ProblemReport, 'code' | 'message' | 'span' | 'related'>;

function problemMark(subject: string, problem: Located, model: number | null, fallback: SourceSpan | null) {
  const place = problem.span ?? fallback;
  const mark: TrackedSpan<Mark> = {
    path: place?.path ?? subject,
    range: place?.range ?? startOfFile,
    item: {
      kind: 'problem',
      code: problem.code,
      severity: isMistake(problem.code) ? 'warning' : 'information',
      message: problem.message,
      related: problem.related,
      subject,
      model,
      remedies: [],
      seeds: 0,
      outdated: null,
    },
  };
  return mark;
}

/** What was assumed to read a model, at its definition, and the comment that would say it. */
function guessMark(subject: string, model: ModelReport, number: number): TrackedSpan<Mark> | null {
  const [first, ...more] = new Set(model.guesses.map(({ message }) => message));
  if (first === undefined || model.unread !== null) return null;
  const comment = inputComment(subject, model.inputs);
  const advice = comment === null ? '' : `\nSay it in a comment above: \`${comment}\`.`;
  const said = more.length === 0 ? first : [`${more.length + 1} guesses:`, first, ...more].join('\n- ');
  const place = { path: model.span?.path ?? subject, range: model.span?.range ?? startOfFile };
  return {
    ...place,
    item: {
      kind: 'guess',
      code: 'guess',
      severity: 'hint',
      message: `\`${modelTitle(model)}\` was read with ${more.length === 0 ? 'a guess: ' : ''}${said}${advice}`,
      // Places other than this one.
      related: model.guesses.flatMap(({ message, span }) =>
        span === null || compare(span.range.start, place.range.start) === 0 ? [] : [{ message, span }],
      ),
      subject,
      model: number,
      remedies: [],
      seeds: 0,
      outdated: null,
    },
  };
}

/** The marks of a report: one for each finding, each problem of the file, each model that could not be read, and each that was guessed at. */
export function marksOf(report: FileReport): TrackedSpan<Mark>[] {
  const marks = report.problems.map((problem) => problemMark(report.path, problem, null, null));
  for (const [number, model] of report.models.entries()) {
    const guess = guessMark(report.path, model, number);
    if (guess !== null) marks.push(guess);
    if (model.unread !== null) marks.push(problemMark(report.path, model.unread, number, model.span));
    for (const finding of model.findings)
      if (finding.silenced === undefined) marks.push(findingMark(report.path, model, number, finding));
  }
  const seen = new Set<string>();
  return marks.filter(({ path, range, item }) => {
    const identity = JSON.stringify([path, range, item.code, item.message]);
    return !seen.has(identity) && seen.add(identity);
  });
}
