import { withSpans } from '../graph/spans';
import type { FileReport } from '../report/report';
import type { DiagnoseRequest } from '../workers/engineApi';
import type { DiagnosisListener, Engine } from './engine';

/** Scheme of the documents that the editor keeps for the cells of a notebook. */
export const CELL_SCHEME = 'vscode-notebook-cell';

export const isCellKey = (key: string) => key.startsWith(`${CELL_SCHEME}:`);

/**
 * Puts what is found in a notebook into the documents of its cells: each span gets the cell document's key for a path, so that from here on
 * a cell is a text like any other. Cells among the overlays are for the caller's own use and are not sent on.
 */
export class CellEngine implements Engine {
  /** `cellsOf` gives the keys of an open notebook's cells in their order; null for every other file. */
  constructor(
    private readonly engine: Engine,
    private readonly cellsOf: (path: string) => readonly string[] | null,
  ) {}

  async diagnose(request: DiagnoseRequest, listener: DiagnosisListener, signal: AbortSignal): Promise<FileReport> {
    const cells = this.cellsOf(request.path);
    if (cells === null) return this.engine.diagnose(request, listener, signal);
    const inCells = (report: FileReport) => placedInCells(report, request.path, cells);
    const report = await this.engine.diagnose(
      { ...request, overlays: request.overlays.filter(({ path }) => !isCellKey(path)) },
      { ...listener, update: (update) => listener.update(inCells(update)) },
      signal,
    );
    return inCells(report);
  }
}

function placedInCells(report: FileReport, notebook: string, cells: readonly string[]): FileReport {
  return withSpans(report, (span) => {
    const key = span.path === notebook && span.cell !== undefined ? cells[span.cell] : undefined;
    return key === undefined ? span : { path: key, range: span.range };
  });
}
