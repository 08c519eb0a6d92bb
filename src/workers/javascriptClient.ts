import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Problem, ReadRequest, ReadResult } from '../graph/reading';
import type { InterpreterAssets } from '../readers/javascript/sealed/interpreter';
import type { JavascriptReaderApi } from './javascriptReaderThread';
import { SupervisedWorker } from './supervisor';
import { isSupervisorError } from './supervisorErrors';

/** Milliseconds for one file. Code is interrupted long before, but for what cannot be: a regular expression at work. */
const TIME_LIMIT = 10_000;
/** Far above what QuickJS lets its own stack take, so that recursion ends as an error inside and costs no other model. */
const STACK_MEGABYTES = 16;
const IDLE_STOP = 5 * 60_000;

/** The JavaScript reader in its supervised thread. */
export class JavascriptClient {
  readonly #worker: SupervisedWorker<JavascriptReaderApi>;
  #assets: Promise<InterpreterAssets> | null = null;

  /** @param directory the folder that holds `javascript.js` and `javascript/`. */
  constructor(
    directory: string,
    log: (message: string) => void,
    private readonly limit = TIME_LIMIT,
  ) {
    this.#worker = new SupervisedWorker<JavascriptReaderApi>({
      name: 'javascript-reader',
      file: path.join(directory, 'javascript.js'),
      workerData: () => (this.#assets ??= load(path.join(directory, 'javascript'))),
      heapMegabytes: 512,
      stackMegabytes: STACK_MEGABYTES,
      idleTimeout: IDLE_STOP,
      log,
      output: log,
    });
  }

  /** Every failure of the file's own making is a problem of the result. */
  async read(request: ReadRequest, signal?: AbortSignal): Promise<ReadResult> {
    try {
      return await this.#worker.call('read', [request], { signal, timeout: this.limit });
    } catch (error) {
      const problem = problemOf(error, this.limit);
      if (!problem) throw error;
      return { problems: [problem], models: [], files: [request.path] };
    }
  }

  dispose(): Promise<void> {
    return this.#worker.dispose();
  }
}

function problemOf(error: unknown, limit: number): Problem | null {
  const way = 'Move what builds the model into a file of its own.';
  if (isSupervisorError(error, 'WorkerTimedOut'))
    return {
      code: 'timeout',
      message: `Reading was stopped after ${limit / 1000} s. ${way}`,
      span: null,
      related: [],
    };
  if (isSupervisorError(error, 'OutOfMemory'))
    return {
      code: 'out-of-memory',
      message: `Reading was stopped: the file needs too much memory. ${way}`,
      span: null,
      related: [],
    };
  return null;
}

async function load(directory: string): Promise<InterpreterAssets> {
  const [binary, program] = await Promise.all([
    fs.readFile(path.join(directory, 'quickjs.wasm')),
    fs.readFile(path.join(directory, 'program.js'), 'utf8'),
  ]);
  return { module: await WebAssembly.compile(binary), program };
}
