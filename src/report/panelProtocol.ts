import type { SourceSpan } from '../graph/source';
import type { FileReport } from './report';

// The two halves of the talk between the extension host and the gradient-flow panel (birpc over the webview's messages).

/** Where the diagnosis that the panel shows stands. */
export type PanelState =
  /** Nothing was diagnosed yet. */
  | { phase: 'empty' }
  /** The report, if there is one, is what is known so far; `fraction` runs from 0 to 1 within the stage. */
  | { phase: 'running'; stage: 'reading' | 'training' | 'proving'; detail: string; fraction: number }
  | { phase: 'done' }
  /** The text has changed since; figures hold for the older text. `reason` says why the newer one could not be read. */
  | { phase: 'outdated'; reason: string | null }
  | { phase: 'failed'; message: string }
  | { phase: 'cancelled' };

/** What the host tells the panel. */
export interface PanelView {
  /** `modelIndex` numbers `report.models`; it is 0 where there is none. */
  showReport(report: FileReport | null, modelIndex: number, state: PanelState): void;
}

/** What the panel asks of the host. */
export interface PanelHost {
  /** The panel is drawn and wants its report; answered by `showReport`. */
  ready(): void;
  /** Shows the place in the editor beside the panel. */
  reveal(span: SourceSpan): Promise<void>;
  /**
   * Applies a remedy of the shown model as one undoable edit; refused where the text has changed since. `finding` numbers
   * the model's findings: two of them may have remedies of the same id.
   */
  applyRemedy(finding: number, id: string): Promise<void>;
  /** Shows another model of the same file. */
  selectModel(index: number): void;
}
