import type { Problem, ReadRequest, ReadResult } from '../../graph/reading';
import { WorkClock } from '../../timing/workClock';
import { failureOf, limitOf, problemOfFailure, problemOfTrap } from './failures';
import type { Outcome } from './sealed/interpreter';
import type { SharedWhereabouts, Whereabouts } from './sealed/whereabouts';

/** The thread that the reader asks, whoever supervises it. */
export interface ReaderThread {
  /** Rejects with errors named as those of `src/workers/supervisorErrors.ts`. */
  read(request: ReadRequest, options: { signal?: AbortSignal | undefined; timeout: number }): Promise<Outcome>;
  /** Ends the thread; the next request gets a fresh one. */
  recycle(): Promise<void>;
}

export interface PythonReaderLimits {
  /** Milliseconds of work (see `WorkClock`) that one file may take before its thread is ended; so are the others. */
  timeout: number;
  /** Milliseconds after which the running statement is interrupted, so that the rest of the file can still be read. */
  interrupt: number;
  /** Milliseconds within one call of C code, which nothing can interrupt, after which the thread is ended. */
  stall: number;
  /** Bytes of WebAssembly memory above which the thread is replaced after its answer, since that memory never shrinks. */
  heap: number;
}

export const DEFAULT_READER_LIMITS: PythonReaderLimits = {
  timeout: 10_000,
  interrupt: 8_000,
  stall: 4_000,
  heap: 128 * 2 ** 20,
};

/** Builders of one file that take long are read one at a time, each within the limit, all within so many times the limit. */
const MOST_TIMES = 6;
/** Characters of a file; the longest files of models that people write have some hundred thousand. */
const LONGEST = 5_000_000;

/** `later`: entries of models for which the time did not suffice. */
type Answer = ReadResult & { later?: string[] };
type Attempt = { answer: Answer } | { problem: Problem; at: Whereabouts | null };

/** What the Python side takes besides (`reader/omissions.py`). */
interface RescueRequest extends ReadRequest {
  leaveOut: Whereabouts[];
  definitionsOnly: boolean;
}

function rescuesOf(request: ReadRequest, at: Whereabouts): { rescue: RescueRequest; told: string }[] {
  const definitions = 'Of the file only imports, classes and functions were read.';
  // Where the interpreter is broken only in the end, the line that it reached last is innocent.
  return [
    {
      rescue: { ...request, leaveOut: [at], definitionsOnly: false },
      told: 'The rest of the file was read without it.',
    },
    { rescue: { ...request, leaveOut: [], definitionsOnly: true }, told: definitions },
    { rescue: { ...request, leaveOut: [at], definitionsOnly: true }, told: definitions },
  ];
}

/** Reads models out of Python files by running them in the sealed interpreter. */
export class PythonReader {
  constructor(
    private readonly thread: ReaderThread,
    private readonly whereabouts: SharedWhereabouts,
    private readonly limits: PythonReaderLimits = DEFAULT_READER_LIMITS,
  ) {}

  /**
   * Every failure of the file's own making is a located problem of the result. Rejects with `Cancelled`, and where the
   * interpreter itself does not start.
   */
  async read(request: ReadRequest, signal?: AbortSignal): Promise<ReadResult> {
    const refused = tooLong(request);
    if (refused !== null) return unread(request, refused);
    const first = await this.#withRescue(request, signal);
    const { later = [], ...result } = first.answer;
    const clock = new WorkClock();
    const end = clock.now() + this.limits.timeout * MOST_TIMES;
    for (const entry of later) {
      if (clock.now() > end) {
        result.problems.push(outOfTime(entry, request));
        continue;
      }
      const attempt = await this.#once({ ...first.request, entry }, signal);
      const { models, problems } = 'answer' in attempt ? attempt.answer : unread(request, attempt.problem);
      result.models.push(...models);
      if (models.length === 0) result.problems.push(...problems);
    }
    return result;
  }

  /**
   * A file that brings the interpreter down is read again without the statement that did it, and where that does not help,
   * by its imports, classes and functions alone: one bad statement does not hide the models around it.
   */
  async #withRescue(request: ReadRequest, signal?: AbortSignal): Promise<{ request: ReadRequest; answer: Answer }> {
    const first = await this.#once(request, signal);
    if ('answer' in first) return { request, answer: first.answer };
    const all = first.at === null ? [] : rescuesOf(request, first.at);
    // Each try takes as long again where time was what ran out.
    const rescues = first.problem.code === 'timeout' ? all.filter(({ rescue }) => rescue.leaveOut.length > 0) : all;
    for (const { rescue, told } of rescues) {
      const attempt = await this.#once(rescue, signal);
      if (!('answer' in attempt)) continue;
      const problem = { ...first.problem, message: `${first.problem.message} ${told}` };
      return { request: rescue, answer: { ...attempt.answer, problems: [problem, ...attempt.answer.problems] } };
    }
    return { request, answer: unread(request, first.problem) };
  }

  async #once(request: ReadRequest, signal?: AbortSignal): Promise<Attempt> {
    const { timeout } = this.limits;
    let outcome: Outcome;
    try {
      outcome = await this.thread.read(request, { signal, timeout });
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      const at = this.whereabouts.read();
      return { at, problem: problemOfFailure(failure, at, request, limitOf(error) ?? timeout) };
    }
    const stopped = this.whereabouts.read();
    if (outcome.heap > this.limits.heap) await this.thread.recycle();
    if (outcome.kind === 'answered') return { answer: JSON.parse(outcome.answer) as Answer };
    return { at: stopped, problem: problemOfTrap(outcome, stopped, request) };
  }
}

function outOfTime(entry: string, request: ReadRequest): Problem {
  const message =
    `There was no time left to read \`${entry}\` of ${request.path}: its models take long to build. ` +
    'Move some of them into another file.';
  return { code: 'timeout', message, span: null, related: [] };
}

/** A file that holds data rather than code: parsing it would fill the interpreter's memory. */
function tooLong(request: ReadRequest): Problem | null {
  const text = request.files.find(({ path }) => path === request.path)?.text ?? '';
  if (text.length <= LONGEST) return null;
  const size = (text.length / 1e6).toFixed(0);
  const message =
    `This file is not read: it has ${size} million characters, and files of up to ${LONGEST / 1e6} million are. ` +
    'Keep data in a file of their own.';
  const start = { line: 0, character: 0 };
  return { code: 'too-large', message, span: { path: request.path, range: { start, end: start } }, related: [] };
}

function unread(request: ReadRequest, problem: Problem): ReadResult {
  return { problems: [problem], models: [], files: [request.path] };
}
