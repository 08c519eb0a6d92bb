import type { Problem, ReadRequest, ReadResult } from '../../graph/reading';
import { failureOf, problemOfFailure, problemOfTrap } from './failures';
import type { Outcome } from './sealed/interpreter';
import type { SharedWhereabouts } from './sealed/whereabouts';

/** The thread that the reader asks, whoever supervises it. */
export interface ReaderThread {
  /** Rejects with errors named as those of `src/workers/supervisorErrors.ts`. */
  read(request: ReadRequest, options: { signal?: AbortSignal | undefined; timeout: number }): Promise<Outcome>;
  /** Ends the thread; the next request gets a fresh one. */
  recycle(): Promise<void>;
}

export interface PythonReaderLimits {
  /** Milliseconds one file may take before its thread is ended. */
  timeout: number;
  /** Milliseconds after which the running statement is interrupted, so that the rest of the file can still be read. */
  interrupt: number;
  /** Bytes of WebAssembly memory above which the thread is replaced after its answer, since that memory never shrinks. */
  heap: number;
}

export const DEFAULT_READER_LIMITS: PythonReaderLimits = { timeout: 10_000, interrupt: 8_000, heap: 128 * 2 ** 20 };

/** Builders of one file that take long are read one at a time, each within the limit, all within so many times the limit. */
const MOST_TIMES = 6;

/** `later`: entries of models for which the time did not suffice. */
type Answer = ReadResult & { later?: string[] };

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
    const { later = [], ...result } = await this.#once(request, signal);
    const end = Date.now() + this.limits.timeout * MOST_TIMES;
    for (const entry of later) {
      if (Date.now() > end) {
        result.problems.push(outOfTime(entry, request));
        continue;
      }
      const { models, problems } = await this.#once({ ...request, entry }, signal);
      result.models.push(...models);
      if (models.length === 0) result.problems.push(...problems);
    }
    return result;
  }

  async #once(request: ReadRequest, signal?: AbortSignal): Promise<Answer> {
    const { timeout } = this.limits;
    let outcome: Outcome;
    try {
      outcome = await this.thread.read(request, { signal, timeout });
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      return unread(request, problemOfFailure(failure, this.whereabouts.read(), request, timeout));
    }
    const stopped = this.whereabouts.read();
    if (outcome.heap > this.limits.heap) await this.thread.recycle();
    if (outcome.kind === 'answered') return JSON.parse(outcome.answer) as Answer;
    return unread(request, problemOfTrap(outcome, stopped, request));
  }
}

function outOfTime(entry: string, request: ReadRequest): Problem {
  const message =
    `There was no time left to read \`${entry}\` of ${request.path}: its models take long to build. ` +
    'Move some of them into another file.';
  return { code: 'timeout', message, span: null, related: [] };
}

function unread(request: ReadRequest, problem: Problem): ReadResult {
  return { problems: [problem], models: [], files: [request.path] };
}
