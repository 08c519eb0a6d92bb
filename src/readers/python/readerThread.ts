import type { ReadRequest } from '../../graph/reading';
import type { Outcome } from './sealed/interpreter';

/** What the reader's thread answers (see `src/workers/reader.ts`). */
export interface ReaderApi {
  read(request: ReadRequest): Outcome;
}

/** `workerData` of the reader's thread. */
export interface ReaderData {
  /** The folder made by `scripts/build/python.mjs`. */
  directory: string;
  module: WebAssembly.Module;
  /** Shared, so that several threads hold it once. */
  snapshot: Uint8Array;
  /** Memory of a `SharedWhereabouts`. */
  whereabouts: SharedArrayBuffer;
}
