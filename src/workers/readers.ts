import * as path from 'node:path';
import type { ReadRequest, ReadResult } from '../graph/reading';
import type { ReaderPort } from '../pipeline/ports';
import { fileKind } from '../readers/fileKind';
import type { DeclaredReaderApi } from './declaredReader';
import { JavascriptClient } from './javascriptClient';
import { ReaderClient } from './readerClient';
import { SupervisedWorker } from './supervisor';
import { isSupervisorError } from './supervisorErrors';

/** Milliseconds that a declared model may take; the largest known takes a tenth of a second. */
const TIME_LIMIT = 10_000;
const IDLE_STOP = 60_000;

/** All readers: code goes to the sealed interpreter of its language, models declared as data to a thread of their own. */
export class Readers implements ReaderPort {
  readonly #python: ReaderClient;
  readonly #javascript: JavascriptClient;
  readonly #declared: SupervisedWorker<DeclaredReaderApi>;

  /** @param directory the folder that holds the bundles, `python/` and `javascript/`. */
  constructor(directory: string, log: (message: string) => void) {
    this.#python = new ReaderClient(directory, log);
    this.#javascript = new JavascriptClient(directory, log);
    this.#declared = new SupervisedWorker<DeclaredReaderApi>({
      name: 'declared-reader',
      file: path.join(directory, 'declared.js'),
      heapMegabytes: 512,
      idleTimeout: IDLE_STOP,
      log,
      output: log,
    });
  }

  read(request: ReadRequest, signal?: AbortSignal): Promise<ReadResult> {
    switch (fileKind(request.path)) {
      case 'python':
        return this.#python.read(request, signal);
      case 'javascript':
        return this.#javascript.read(request, signal);
      default:
        return this.#readDeclared(request, signal);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#python.dispose(), this.#javascript.dispose(), this.#declared.dispose()]);
  }

  async #readDeclared(request: ReadRequest, signal: AbortSignal | undefined): Promise<ReadResult> {
    try {
      return await this.#declared.call('read', [request], { signal, timeout: TIME_LIMIT });
    } catch (error) {
      const late = isSupervisorError(error, 'WorkerTimedOut');
      if (!late && !isSupervisorError(error, 'OutOfMemory')) throw error;
      const message = late
        ? `Reading was stopped after ${TIME_LIMIT / 1000} s: the file is too large for a model's declaration.`
        : 'Reading was stopped: the file needs more memory than any model declaration.';
      const problem = { code: late ? 'timeout' : 'out-of-memory', message, span: null, related: [] };
      return { problems: [problem], models: [], files: [request.path] };
    }
  }
}
