// The thread (dist/declared.js) that reads models declared as data.
import { parentPort } from 'node:worker_threads';
import type { ReadRequest, ReadResult } from '../graph/reading';
import { readDeclared } from '../readers/declared';
import { serve } from './serve';

/** What the thread answers. */
export interface DeclaredReaderApi {
  read(request: ReadRequest): ReadResult;
}

if (parentPort === null) throw new Error('This file runs as a worker thread only.');
serve<DeclaredReaderApi>(parentPort, { read: readDeclared }).ready();
