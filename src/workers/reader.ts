// The reader's thread: one sealed Python interpreter.
import { parentPort, workerData } from 'node:worker_threads';
import type { ReaderApi, ReaderData } from '../readers/python/readerThread';
import { VirtualClock } from '../readers/python/sealed/clock';
import { SealedInterpreter } from '../readers/python/sealed/interpreter';
import { lockDown, stopFileClock } from '../readers/python/sealed/lockDown';
import { Seal } from '../readers/python/sealed/seal';
import { SharedWhereabouts } from '../readers/python/sealed/whereabouts';
import { serve } from './serve';

async function main(): Promise<void> {
  if (parentPort === null) throw new Error('The reader runs as a worker thread.');
  const { directory, module, snapshot, whereabouts: shared } = workerData as ReaderData;
  stopFileClock(new VirtualClock().now());
  const whereabouts = new SharedWhereabouts(shared);
  const wall = new Seal(whereabouts);
  const interpreter = await SealedInterpreter.boot({ assets: { directory, module, snapshot }, wall, whereabouts });
  lockDown();
  const api: ReaderApi = {
    read: (request) => {
      const outcome = interpreter.run(JSON.stringify(request), request.files);
      // Once the answer is on its way; the next request then finds the interpreter clean.
      setImmediate(() => interpreter.reset());
      return outcome;
    },
  };
  serve(parentPort, api).ready();
}

void main().catch((error: unknown) => {
  // Unhandled in a promise it would be a warning; thrown from a timer it ends the thread, and the supervisor says why.
  setImmediate(() => {
    throw error;
  });
});
