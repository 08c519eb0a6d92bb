import type { SourceSpan } from '../graph/source';
import type { CurvePoint } from './flow';
import type { FileReport, Verdict } from './report';

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

/** Another diagnosis of the shown model, to be laid over it. */
export interface Comparison {
  kind: 'previous' | 'pinned';
  verdict: Verdict;
  /** Milliseconds since the epoch when it was made. */
  made: number;
  points: CurvePoint[];
}

/** What the panel shows, but for the state of the diagnosis. */
export interface PanelPage {
  /** Path of the diagnosed file; null where there is none yet. */
  subject: string | null;
  report: FileReport | null;
  /** Numbers `report.models`; 0 where there is none. */
  modelIndex: number;
  comparisons: Comparison[];
  /** Whether the panel stays with its file when another model file becomes active. */
  isPinned: boolean;
}

/** What the host tells the panel. */
export interface PanelView {
  showPage(page: PanelPage, state: PanelState): void;
  /** As `showPage`, where nothing but the state has changed. */
  showState(state: PanelState): void;
  /** Where the cursor of the editor stands; null where it is in another file. */
  showCursor(place: SourceSpan | null): void;
}

export type ExportKind = 'svg' | 'png' | 'csv' | 'json';

/** What the panel asks of the host. */
export interface PanelHost {
  /** The panel is drawn and wants its page; answered by `showPage`. */
  ready(): void;
  /** Shows the place in the editor beside the panel; the focus goes there where `take` is true. */
  reveal(span: SourceSpan, take: boolean): Promise<void>;
  /**
   * Applies a remedy of the shown model as one undoable edit; refused where the text has changed since. `finding` numbers
   * the model's findings: two of them may have remedies of the same id.
   */
  applyRemedy(finding: number, id: string): Promise<void>;
  /** Shows what the remedy would change, in the editor's own diff view. */
  previewRemedy(finding: number, id: string): Promise<void>;
  /** Shows another model of the same file. */
  selectModel(index: number): void;
  /** Keeps the shown model's figures to compare with, or lets go of them. */
  pinCurve(pin: boolean): void;
  pinPanel(pin: boolean): void;
  /** Asks the user where to, then writes. `content` is text, or base64 of the picture's bytes. */
  save(kind: ExportKind, content: string): Promise<void>;
  copy(text: string): Promise<void>;
}
