import * as vscode from 'vscode';
import type { Diagnoses } from './diagnoses';
import type { GradientFlowPanel } from './gradientFlowPanel';
import { viewType } from './panelWebview';

/** Name of the context that the editor's title asks for its icon: paths of the files that hold a model. */
const modelFiles = 'gradientLens.modelFiles';

/** What of the window the panel hears of: the cursor, the active file, and that a kept panel comes back after a reload. */
export class PanelEvents implements vscode.Disposable {
  readonly #diagnoses: Diagnoses;
  readonly #panel: GradientFlowPanel;
  readonly #subscriptions: vscode.Disposable;
  #told = '';

  /** `diagnose` starts the diagnosis of a file that a kept panel shows. */
  constructor(diagnoses: Diagnoses, panel: GradientFlowPanel, diagnose: (path: string) => void) {
    this.#diagnoses = diagnoses;
    this.#panel = panel;
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        // A selection that the panel itself made comes without a kind.
        if (kind !== undefined && kind !== vscode.TextEditorSelectionChangeKind.Command) panel.cursorMoved(textEditor);
      }),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor) panel.follow(editor.document.uri.fsPath);
      }),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => {
        if (editor) panel.follow(editor.notebook.uri.fsPath);
      }),
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (restored, state: unknown) => {
          const kept = keptState(state);
          if (kept === null) restored.dispose();
          else {
            panel.restore(restored, kept);
            if (diagnoses.get(kept.subject) === undefined) diagnose(kept.subject);
          }
          return Promise.resolve();
        },
      }),
    );
  }

  /** The diagnosis of some file changed: its editor gets or loses the icon, and the panel may turn to it. */
  diagnosisChanged(path: string): void {
    const files = this.#diagnoses.paths().filter((each) => this.#diagnoses.get(each)?.report?.models.length);
    const told = files.join('\n');
    if (told !== this.#told) {
      this.#told = told;
      void vscode.commands.executeCommand('setContext', modelFiles, files);
    }
    if (vscode.window.activeTextEditor?.document.uri.fsPath === path) this.#panel.follow(path);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/** What the panel's page has put away; null where it is of another form (an older version's). */
function keptState(state: unknown): { subject: string; model: number; isPinned: boolean } | null {
  if (typeof state !== 'object' || state === null) return null;
  const { subject, model, isPinned } = state as Record<string, unknown>;
  if (typeof subject !== 'string' || typeof model !== 'number') return null;
  return { subject, model, isPinned: isPinned === true };
}
