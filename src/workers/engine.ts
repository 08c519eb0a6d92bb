// Thread entry (dist/engine.js): scheduling, diagnosis, remedies and caches, off the extension host's thread.
import * as os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { EngineApi, EngineData, EngineEvents } from './engineApi';
import { Engine } from './engineCore';
import { serve } from './serve';
import { Cancelled } from './supervisorErrors';

/** One diagnosis under way. */
interface Running {
  path: string;
  abort: AbortController;
}

function main(): void {
  if (parentPort === null) throw new Error('This file runs as a worker thread only.');
  const { directory, roots } = workerData as EngineData;
  const running = new Map<number, Running>();
  const engine = new Engine({
    directory,
    roots,
    // One core is left to the editor.
    trainers: Math.max(1, os.availableParallelism() - 1),
    log: (message) => thread.tell('log', 'info', message),
  });
  const thread = serve<EngineApi, EngineEvents>(parentPort, {
    async diagnose(id, request) {
      // The newest diagnosis of a file wins: what it would say of an older text is of no use to anyone.
      for (const other of running.values()) if (other.path === request.path) other.abort.abort();
      const abort = new AbortController();
      running.set(id, { path: request.path, abort });
      try {
        return await engine.diagnose(
          request,
          {
            progress: (progress) => thread.tell('progress', id, progress),
            update: (report) => thread.tell('update', id, report),
          },
          abort.signal,
        );
      } catch (error) {
        throw abort.signal.aborted ? new Cancelled() : error;
      } finally {
        running.delete(id);
      }
    },
    cancel: (id) => running.get(id)?.abort.abort(),
    shutdown: () => engine.dispose(),
  });
  thread.ready();
}

main();
