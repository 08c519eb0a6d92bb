// The thread (dist/javascript.js) that reads JavaScript and TypeScript in sealed QuickJS.
import { parentPort, workerData } from 'node:worker_threads';
import type { ReadRequest, ReadResult } from '../graph/reading';
import { JavascriptReader } from '../readers/javascript/javascriptReader';
import type { InterpreterAssets } from '../readers/javascript/sealed/interpreter';
import { serve } from './serve';

/** What the thread answers. */
export interface JavascriptReaderApi {
  read(request: ReadRequest): Promise<ReadResult>;
}

async function main(): Promise<void> {
  if (parentPort === null) throw new Error('This file runs as a worker thread only.');
  const reader = new JavascriptReader(workerData as InterpreterAssets);
  await reader.start();
  const api: JavascriptReaderApi = {
    async read(request) {
      const result = await reader.read(request);
      // Before the next request, after this answer is on its way.
      setImmediate(() => reader.reset());
      return result;
    },
  };
  serve<JavascriptReaderApi>(parentPort, api).ready();
}

void main().catch((error: unknown) => {
  setImmediate(() => {
    throw error;
  });
});
