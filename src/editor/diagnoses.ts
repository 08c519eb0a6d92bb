import type { DiagnoseRequest, Progress } from '../workers/engineApi';
import type { FileReport } from '../report/report';
import type { Engine } from './engine';
import { EditLog } from './editLog';
import { type Outdated, outdatedMarks, withLastGood } from './lastGood';
import { type Mark, marksOf } from './marks';
import type { TextChange } from './movedRanges';
import { moveReport, MovingReport } from './movingReport';
import { type TrackedSpan, TrackedSpans, followEdit } from './trackedSpans';

export type DiagnosisState =
  | { phase: 'running'; progress: Progress | null }
  | { phase: 'done'; milliseconds: number }
  | { phase: 'failed'; message: string }
  | { phase: 'cancelled' };

/** What is known of one diagnosed file. */
export interface Diagnosis {
  /** The texts that were diagnosed, by path: the file's own, those of open files, and those that remedies change. */
  readonly texts: Map<string, string>;
  report: FileReport | null;
  /** Whether `report` speaks of the text of this diagnosis, and not of an earlier one. */
  isCurrent: boolean;
  /** Set where parts of the report hold for an older text. */
  outdated: Outdated | null;
  state: DiagnosisState;
}

export interface DiagnosesListener {
  /** Marks of these files moved, came or went. */
  marksChanged(paths: Iterable<string>): void;
  /** Report or state of the diagnosed file `path` changed, or it was forgotten. */
  diagnosisChanged(path: string): void;
  /** The text of the diagnosed file `path` was edited. */
  textChanged(path: string): void;
  failed(path: string, error: Error): void;
}

/** All diagnoses of the window. For each file the newest request wins; an older one is cancelled and its answer dropped. */
export class Diagnoses {
  readonly #engine: Engine;
  readonly #textOf: (path: string) => string | null;
  readonly #listener: DiagnosesListener;
  readonly #marks = new TrackedSpans<Mark>();
  readonly #edits = new EditLog();
  readonly #running = new Map<string, AbortController>();
  readonly #known = new Map<string, Diagnosis>();
  readonly #moving = new Map<string, MovingReport>();

  /** `textOf` gives the text of a file that is not open. */
  constructor(engine: Engine, textOf: (path: string) => string | null, listener: DiagnosesListener) {
    this.#engine = engine;
    this.#textOf = textOf;
    this.#listener = listener;
  }

  get(path: string): Diagnosis | undefined {
    return this.#known.get(path);
  }

  /** The report on `path` with its places where the text lies now; for showing alone, fixes hold for the text that was read. */
  reportNow(path: string): FileReport | null {
    return this.#moving.get(path)?.now ?? null;
  }

  /** Paths of all files that were diagnosed. */
  paths(): string[] {
    return [...this.#known.keys()];
  }

  /** What is underlined in the file `path`, where it lies now. */
  marksAt(path: string): TrackedSpan<Mark>[] {
    return this.#marks.at(path);
  }

  /** Resolves when this request is answered, cancelled or replaced; never rejects. */
  async run(request: DiagnoseRequest): Promise<void> {
    const { path } = request;
    this.#running.get(path)?.abort();
    const abort = new AbortController();
    this.#running.set(path, abort);
    const before = this.#known.get(path);
    /** What was known before, with places in the text of this request. */
    const last = { report: this.reportNow(path), marks: this.#marks.of(path) };
    const diagnosis: Diagnosis = {
      texts: new Map([...request.overlays.map((other) => [other.path, other.text] as const), [path, request.text]]),
      report: before?.report ?? null,
      isCurrent: before?.isCurrent === true && before.texts.get(path) === request.text,
      outdated: before?.outdated ?? null,
      state: { phase: 'running', progress: null },
    };
    this.#known.set(path, diagnosis);
    const edits = this.#edits.begin();
    const begin = performance.now();
    const live = () => this.#known.get(path) === diagnosis && !abort.signal.aborted;
    const enter = (state: DiagnosisState) => {
      diagnosis.state = state;
      this.#listener.diagnosisChanged(path);
    };
    const show = (report: FileReport) => {
      diagnosis.isCurrent = true;
      const good = withLastGood(report, last.report);
      diagnosis.report = good.report;
      diagnosis.outdated = good.outdated;
      this.#moving.set(path, new MovingReport(moveReport(good.report, edits.since())));
      const fresh = marksOf(good.report).filter(({ item: { model } }) => !good.outdated?.models.has(model ?? -1));
      this.#keepTexts(diagnosis, fresh);
      let marks = [...fresh, ...outdatedMarks(last.marks, good)];
      for (const edit of edits.since()) marks = followEdit(marks, edit.path, edit.changes);
      this.#listener.marksChanged(this.#marks.replace(path, marks));
    };
    this.#listener.diagnosisChanged(path);
    try {
      const report = await this.#engine.diagnose(
        request,
        {
          progress: (progress) => live() && enter({ phase: 'running', progress }),
          update: (report) => {
            if (!live()) return;
            show(report);
            this.#listener.diagnosisChanged(path);
          },
        },
        abort.signal,
      );
      if (!live()) throw new Error('answered after the cancellation');
      show(report);
      enter({ phase: 'done', milliseconds: performance.now() - begin });
    } catch (thrown) {
      if (this.#known.get(path) !== diagnosis) return;
      if (!diagnosis.isCurrent) this.#withdraw(path, diagnosis);
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      enter(abort.signal.aborted ? { phase: 'cancelled' } : { phase: 'failed', message: error.message });
      if (!abort.signal.aborted) this.#listener.failed(path, error);
    } finally {
      edits.end();
      if (this.#running.get(path) === abort) this.#running.delete(path);
    }
  }

  /** Files that were not open were read from the disk; a remedy for them holds for the text that is there now. */
  #keepTexts({ texts }: Diagnosis, marks: readonly TrackedSpan<Mark>[]): void {
    const remedies = marks.flatMap(({ item }) => item.remedies);
    for (const path of new Set(remedies.flatMap(({ edits }) => edits.map((edit) => edit.path)))) {
      const text = texts.has(path) ? null : this.#textOf(path);
      if (text !== null) texts.set(path, text);
    }
  }

  /** Takes back what was found for an older text, when nothing came of diagnosing the new one. */
  #withdraw(path: string, diagnosis: Diagnosis): void {
    diagnosis.report = null;
    diagnosis.outdated = null;
    this.#moving.delete(path);
    this.#listener.marksChanged(this.#marks.drop(path));
  }

  /** Stops the diagnosis of `path`, or all. What was found for the same text stays. */
  cancel(path?: string): void {
    for (const [running, abort] of this.#running) if (path === undefined || path === running) abort.abort();
  }

  /** Follows an edit of any file; a cell is part of its notebook, `whole`. */
  edited(path: string, changes: readonly TextChange[], whole: string = path): void {
    this.#edits.record(path, changes);
    for (const report of this.#moving.values()) report.follow({ path, changes });
    if (this.#marks.edit(path, changes)) this.#listener.marksChanged([path]);
    if (this.#known.has(whole)) this.#listener.textChanged(whole);
  }

  /** The file was closed, renamed or deleted: nothing about it and nothing in it may stay on the screen. */
  forget(path: string): void {
    this.#running.get(path)?.abort();
    const known = this.#known.delete(path);
    this.#moving.delete(path);
    const touched = this.#marks.drop(path);
    if (this.#marks.erase(path)) touched.add(path);
    this.#listener.marksChanged(touched);
    if (known) this.#listener.diagnosisChanged(path);
  }
}
