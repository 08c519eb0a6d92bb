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
    if (outcome.kind === 'answered') return JSON.parse(outcome.answer) as ReadResult;
    return unread(request, problemOfTrap(outcome, stopped, request));
  }
}

function unread(request: ReadRequest, problem: Problem): ReadResult {
  return { problems: [problem], models: [], files: [request.path] };
}
