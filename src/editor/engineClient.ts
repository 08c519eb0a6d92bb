import * as path from 'node:path';
import type { FileReport } from '../report/report';
import type { DiagnoseRequest, EngineApi, EngineData, EngineEvents } from '../workers/engineApi';
import { SupervisedWorker } from '../workers/supervisor';
import type { DiagnosisListener, Engine } from './engine';

export interface EngineLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Milliseconds without a request after which the threads are stopped and their memory is given back. */
const idle = 5 * 60_000;
/** Milliseconds after which a diagnosis is taken for hung: far above any budget that the settings allow. */
const limit = 10 * 60_000;
/** Milliseconds that a cancelled diagnosis may take to end by itself, before the engine is replaced. */
const grace = 5_000;

/** The engine thread seen from the editor: started by the first diagnosis, replaced when it dies, stopped when idle. */
export class EngineClient implements Engine {
  readonly #worker: SupervisedWorker<EngineApi, EngineEvents>;
  readonly #listeners = new Map<number, DiagnosisListener>();
  #lastId = 0;

  /** `directory` holds the bundles; `roots` are the folders whose modules a file may import. */
  constructor(directory: string, roots: string[], log: EngineLog) {
    const data: EngineData = { directory, roots };
    this.#worker = new SupervisedWorker<EngineApi, EngineEvents>({
      name: 'engine',
      file: path.join(directory, 'engine.js'),
      workerData: data,
      concurrency: 64,
      cancelGrace: grace,
      idleTimeout: idle,
      log: (message) => log.info(message),
      events: {
        progress: (id, progress) => this.#listeners.get(id)?.progress(progress),
        update: (id, report) => this.#listeners.get(id)?.update(report),
        log: (level, message) => log[level](message),
      },
    });
  }

  async diagnose(request: DiagnoseRequest, listener: DiagnosisListener, signal: AbortSignal): Promise<FileReport> {
    const id = ++this.#lastId;
    this.#listeners.set(id, listener);
    const cancel = () => {
      this.#worker.call('cancel', [id]).catch(() => undefined); // The thread is gone, and the diagnosis with it.
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#worker.call('diagnose', [id, request], { signal, timeout: limit });
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#listeners.delete(id);
    }
  }

  /** Ends the thread and all that it started. */
  dispose(): Promise<void> {
    return this.#worker.dispose();
  }
}
