import { codeFrameColumns } from '@babel/code-frame';
import pc from 'picocolors';
import type { SourceRange, SourceSpan } from '../graph/source';
import { modelTitle } from '../report/modelTitle';
import { unjudgedReason } from '../report/unjudgedReason';
import type { FileReport, Finding, ModelReport, ProblemReport, Remedy, Report } from '../report/report';

/** Letters up to which a line is shown in a code frame. */
const LONGEST_LINE = 300;

type Colours = ReturnType<typeof pc.createColors>;

/** The report as a linter prints it: place, message, code frame, cause, fixes; one summary line at the end. */
export class TextReport {
  readonly #c: Colours;

  constructor(
    colours: boolean,
    /** The text that a path, or a cell of the notebook there, had when it was read; undefined leaves the code frame out. */
    private readonly textOf: (path: string, cell: number | undefined) => string | undefined,
  ) {
    this.#c = pc.createColors(colours);
  }

  report(report: Report): string {
    const blocks = report.files.map((file) => this.file(file)).filter((block) => block !== '');
    return [...blocks, this.#summary(report)].join('\n\n') + '\n';
  }

  file(file: FileReport): string {
    const problems = file.problems.map((problem) => this.#problem(problem));
    const models = file.models.map((model) => this.#model(file.path, model));
    return [...problems, ...models].join('\n\n');
  }

  #model(path: string, model: ModelReport): string {
    const c = this.#c;
    const at = model.span ? lineOf(model.span) : path;
    const mark: Partial<Record<string, string>> = {
      healthy: c.green('healthy'),
      unread: c.magenta('unread'),
      unjudged: c.magenta('unjudged'),
    };
    const head = `${c.bold(at)} ${c.cyan(modelTitle(model))} ${mark[model.verdict] ?? c.yellow(model.verdict)}`;
    if (model.unread) return `${head}\n${this.#problem({ ...model.unread, ...placeOf(model.unread, path) })}`;
    const lines = [head, c.dim(`  ${describeInputs(model)}; ${evidence(model)}`)];
    const unjudged = unjudgedReason(model);
    if (unjudged !== null) lines.push(`  ${c.magenta('not judged')} ${unjudged}`);
    if (model.evidence?.undecided) lines.push(`  ${c.magenta('undecided')} ${model.evidence.undecided}`);
    for (const guess of model.guesses) lines.push(`  ${c.magenta('guess')} ${guess.message}`);
    for (const finding of model.findings)
      if (finding.silenced === undefined) lines.push('', this.#finding(finding));
      else lines.push(`  ${c.dim(`silenced ${place(finding)} ${finding.code}: ${finding.silenced}`)}`);
    return lines.join('\n');
  }

  #finding(finding: Finding): string {
    const c = this.#c;
    const level = finding.severity === 'warning' ? c.yellow('warning') : c.blue('information');
    const lines = [`${place(finding)} ${level} ${finding.message} ${c.dim(finding.code)}`];
    const frame = this.#frame(finding);
    if (frame) lines.push(frame);
    lines.push(`  ${c.bold('cause')}  ${finding.cause}`);
    for (const related of finding.related)
      lines.push(`  ${c.bold('see')}    ${place(related.span)} ${related.message}`);
    for (const remedy of finding.remedies.filter((r) => r.status === 'proved' || r.status === 'improves'))
      lines.push(`  ${this.#remedy(remedy)}`);
    return lines.join('\n');
  }

  #remedy(remedy: Remedy): string {
    const c = this.#c;
    const { before, after } = remedy.measured;
    const figure = (value: number | null | undefined) => (value == null ? '0' : `1e${value.toFixed(1)}`);
    const status = remedy.status === 'proved' ? c.green('fix') : c.blue('helps');
    return `${status}    ${remedy.title}: relative gradient ${figure(before?.logRelativeGradient)} -> ${figure(after?.logRelativeGradient)}, ${after?.verdict ?? 'untested'}`;
  }

  #problem(problem: ProblemReport): string {
    const c = this.#c;
    const lines = [`${place(problem)} ${c.red('not read')} ${problem.message} ${c.dim(problem.code)}`];
    const frame = this.#frame(problem);
    if (frame) lines.push(frame);
    for (const related of problem.related)
      lines.push(`  ${c.bold('see')}    ${place(related.span)} ${related.message}`);
    return lines.join('\n');
  }

  #frame({ path, range, cell }: SourceSpan): string | null {
    const text = this.textOf(path, cell);
    if (text === undefined || text === '') return null;
    // The frame counts lines and columns from one; its end column is exclusive as ours.
    const start = { line: range.start.line + 1, column: range.start.character + 1 };
    const end = { line: range.end.line + 1, column: range.end.character + 1 };
    const near = text.split(/\r?\n/).slice(Math.max(0, start.line - 2), end.line + 1);
    // A model written as one line of JSON would fill the screen.
    if (near.some((line) => line.length > LONGEST_LINE)) return null;
    return codeFrameColumns(text, { start, end }, { linesAbove: 1, linesBelow: 1, highlightCode: false });
  }

  #summary(report: Report): string {
    const models = report.files.flatMap((file) => file.models);
    const count = (verdict: string) => models.filter((m) => m.verdict === verdict).length;
    const problems = report.files.reduce((n, file) => n + file.problems.length, 0);
    const parts = ['vanishing', 'exploding', 'dead', 'degenerate', 'healthy', 'unjudged', 'unread']
      .map((verdict) => [verdict, count(verdict)] as const)
      .filter(([, n]) => n > 0)
      .map(([verdict, n]) => `${n} ${verdict}`);
    const models_ = `${models.length} ${models.length === 1 ? 'model' : 'models'} in ${report.files.length} ${report.files.length === 1 ? 'file' : 'files'}`;
    return this.#c.bold(
      [
        models_ + (parts.length > 0 ? `: ${parts.join(', ')}` : ''),
        ...(problems > 0 ? [`${problems} not read`] : []),
      ].join('; '),
    );
  }
}

function lineOf({ path, range, cell }: SourceSpan): string {
  const where = cell === undefined ? path : `${path}[cell ${cell + 1}]`;
  return `${where}:${range.start.line + 1}`;
}

const place = (span: SourceSpan) => `${lineOf(span)}:${span.range.start.character + 1}`;

function placeOf(problem: NonNullable<ModelReport['unread']>, path: string) {
  const none: SourceRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return problem.span ?? { path, range: none };
}

function describeInputs(model: ModelReport): string {
  return model.inputs
    .map((i) => `${i.name} [${i.shape.join(', ')}]${i.high === undefined ? '' : ` int<${i.high}`} ${i.origin}`)
    .join(', ');
}

function evidence(model: ModelReport): string {
  const e = model.evidence;
  if (!e) return 'not trained';
  const seeds = `${e.seeds.length} ${e.seeds.length === 1 ? 'seed' : 'seeds'}`;
  return `${model.parameterCount.toLocaleString('en')} parameters; ${seeds}, ${e.steps} ${e.steps === 1 ? 'step' : 'steps'}, batch ${e.batch}, ${e.optimiser} ${e.learningRate}, ${e.loss}${e.partial ? ', cut short' : ''}`;
}
