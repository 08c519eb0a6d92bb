import type { DiagnoseRequest, Progress } from '../pipeline/options';
import type { FileReport } from '../report/report';

export type { DiagnoseOptions, DiagnoseRequest, Progress } from '../pipeline/options';

/**
 * What the engine thread answers (birpc over a MessagePort). A request with an id that is already under way is refused;
 * one for a path under way replaces it: the older promise rejects with a `Cancelled` error.
 */
export interface EngineApi {
  /** Resolves once all remedies are tried; `update` brings the report's earlier states. */
  diagnose(id: number, request: DiagnoseRequest): Promise<FileReport>;
  /** The diagnosis `id` rejects with a `Cancelled` error; unknown ids are ignored. */
  cancel(id: number): void;
  /** Ends reader and training workers; the thread may then be terminated. */
  shutdown(): Promise<void>;
}

/** What the engine thread tells while it works. */
export interface EngineEvents {
  progress(id: number, progress: Progress): void;
  /** The report so far: first with findings and untested remedies left out, then again with each remedy tried. */
  update(id: number, report: FileReport): void;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

/** `workerData` of the engine thread. */
export interface EngineData {
  /** The folder that holds the bundles, `wasm/` and `python/`. */
  directory: string;
  /** Folders whose modules the file may import (workspace folders); the file's own folder is always one. */
  roots: string[];
}
