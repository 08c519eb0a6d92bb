import type { DiagnoseRequest, Progress } from '../workers/engineApi';
import type { FileReport } from '../report/report';

export interface DiagnosisListener {
  progress(progress: Progress): void;
  /** The report so far; the last state comes as the promise's value. */
  update(report: FileReport): void;
}

/** Diagnoses one file at a time or several side by side; the real one is a thread (see engineClient.ts). */
export interface Engine {
  /** Rejects with an error named `Cancelled` after `signal` is aborted. */
  diagnose(request: DiagnoseRequest, listener: DiagnosisListener, signal: AbortSignal): Promise<FileReport>;
}
