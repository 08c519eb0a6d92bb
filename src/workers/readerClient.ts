import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { ReadRequest, ReadResult } from '../graph/reading';
import { PythonReader, type PythonReaderLimits, DEFAULT_READER_LIMITS } from '../readers/python/pythonReader';
import type { ReaderApi, ReaderData } from '../readers/python/readerThread';
import { afterWork } from '../timing/workClock';
import { SharedWhereabouts } from '../readers/python/sealed/whereabouts';
import { watchForStall } from './stallWatch';
import { SupervisedWorker } from './supervisor';
import { WorkerTimedOut } from './supervisorErrors';

const IDLE_STOP = 5 * 60_000;
/** A read that nobody waits for any more usually ends by itself within this, which is cheaper than a new thread. */
const CANCEL_GRACE = 500;
/** Of a long file, in the one call that parses it; a tenth of what an idle machine does. */
const CHARACTERS_A_MILLISECOND = 200;

function charactersOf({ path: own, files }: ReadRequest): number {
  return files.find(({ path: other }) => other === own)?.text.length ?? 0;
}

/** The Python reader in its supervised thread. */
export class ReaderClient {
  private readonly worker: SupervisedWorker<ReaderApi>;
  private readonly reader: PythonReader;
  private data: Promise<ReaderData> | null = null;

  /** @param directory the folder that holds `reader.js` and `python/`. */
  constructor(
    private readonly directory: string,
    log: (message: string) => void,
    limits: PythonReaderLimits = DEFAULT_READER_LIMITS,
  ) {
    const whereabouts = new SharedWhereabouts();
    const stall = (request: ReadRequest) => limits.stall + charactersOf(request) / CHARACTERS_A_MILLISECOND;
    const worker = new SupervisedWorker<ReaderApi>({
      name: 'reader',
      file: path.join(directory, 'reader.js'),
      workerData: () => (this.data ??= this.load(whereabouts.buffer)),
      heapMegabytes: 256,
      // So deep that CPython's own check of its stack (10 MB) comes first and raises RecursionError.
      stackMegabytes: 64,
      idleTimeout: IDLE_STOP,
      cancelGrace: CANCEL_GRACE,
      log,
      output: log,
    });
    this.worker = worker;
    this.reader = new PythonReader(
      {
        async read(request, { signal, timeout }) {
          const stalled = new AbortController();
          const call = worker.call('read', [request], {
            signal: signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal]),
            timeout,
            onStart: () => {
              // The interpreter first gets the chance to break off the statement at hand itself; the second signal finds
              // out where a file stands that has caught the first.
              const last = (limits.interrupt + 3 * limits.timeout) / 4;
              const timers = [limits.interrupt, last].map((at) => afterWork(at, () => whereabouts.interrupt()));
              const unwatch = watchForStall(whereabouts.beats, stall(request), () => stalled.abort());
              return () => {
                unwatch();
                timers.forEach((callOff) => callOff());
              };
            },
          });
          return await call.catch((error: unknown) => {
            if (!stalled.signal.aborted || signal?.aborted === true) throw error;
            throw new WorkerTimedOut('The interpreter stands in one call.', stall(request));
          });
        },
        recycle: () => worker.stop(),
      },
      whereabouts,
      limits,
    );
  }

  read(request: ReadRequest, signal?: AbortSignal): Promise<ReadResult> {
    return this.reader.read(request, signal);
  }

  /** Starts the interpreter ahead of the first file. */
  start(): Promise<void> {
    return this.worker.start();
  }

  dispose(): Promise<void> {
    return this.worker.dispose();
  }

  /** Read and compiled once, for all lives of the thread. */
  private async load(whereabouts: SharedArrayBuffer): Promise<ReaderData> {
    const directory = path.join(this.directory, 'python');
    const [binary, stored] = await Promise.all([
      fs.readFile(path.join(directory, 'pyodide.asm.wasm')),
      fs.readFile(path.join(directory, 'snapshot.bin')),
    ]);
    const snapshot = new Uint8Array(new SharedArrayBuffer(stored.length));
    snapshot.set(stored);
    return { directory, module: await WebAssembly.compile(binary), snapshot, whereabouts };
  }
}
