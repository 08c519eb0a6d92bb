import * as path from 'node:path';
import * as vscode from 'vscode';
import { CELL_SCHEME } from './cellEngine';
import { Coalescer } from './coalescer';
import type { Diagnoses } from './diagnoses';
import { codeOf, holdsModels, keyOf, openSources, sourceFamily, textOfNotebook } from './openDocuments';
import { toChanges } from './ranges';
import type { Settings } from './settings';

/** As for files: see documentWatch.ts. */
const gathering = 40;

/** Decides when a notebook is diagnosed, and tells the diagnoses what happens to its cells. */
export class NotebookWatch implements vscode.Disposable {
  readonly #diagnoses: Diagnoses;
  readonly #settings: Settings;
  readonly #automatic: Coalescer<vscode.NotebookDocument>;
  readonly #subscriptions: vscode.Disposable;

  constructor(diagnoses: Diagnoses, settings: Settings) {
    this.#diagnoses = diagnoses;
    this.#settings = settings;
    this.#automatic = new Coalescer(gathering, (notebook) => this.#runSaved(notebook));
    const { window, workspace } = vscode;
    this.#subscriptions = vscode.Disposable.from(
      window.onDidChangeVisibleNotebookEditors((editors) => this.#shown(editors)),
      workspace.onDidSaveNotebookDocument((notebook) => this.#saved(notebook)),
      workspace.onDidSaveTextDocument((document) => this.#imported(document)),
      workspace.onDidChangeTextDocument((event) => this.#cellEdited(event)),
      workspace.onDidChangeNotebookDocument((event) => this.#changed(event)),
      workspace.onDidCloseNotebookDocument((notebook) => this.#closed(notebook)),
    );
    this.#shown(window.visibleNotebookEditors);
  }

  /** Diagnoses the notebook as it stands, saved or not. Resolves when that is done. */
  diagnose(notebook: vscode.NotebookDocument): Promise<void> {
    this.#automatic.cancel(notebook);
    const cells = notebook.getCells().map(({ document }) => ({ path: keyOf(document.uri), text: document.getText() }));
    return this.#diagnoses.run({
      path: notebook.uri.fsPath,
      text: textOfNotebook(notebook),
      overlays: [...openSources('python'), ...cells],
      options: this.#settings.options(notebook.uri),
    });
  }

  #shown(editors: readonly vscode.NotebookEditor[]): void {
    for (const { notebook } of editors) {
      const known = this.#diagnoses.get(notebook.uri.fsPath) !== undefined;
      if (!known && this.#wanted(notebook)) this.#automatic.request(notebook);
    }
  }

  #saved(notebook: vscode.NotebookDocument): void {
    if (this.#wanted(notebook)) this.#automatic.request(notebook);
    else if (!holdsModels(notebook)) this.#diagnoses.forget(notebook.uri.fsPath);
  }

  /** Notebooks on the screen that import the saved file may hold other models now. */
  #imported(document: vscode.TextDocument): void {
    if (sourceFamily(document) !== 'python') return;
    const name = path.basename(document.uri.fsPath, path.extname(document.uri.fsPath));
    for (const { notebook } of vscode.window.visibleNotebookEditors) {
      const known = this.#diagnoses.get(notebook.uri.fsPath) !== undefined;
      if (known && this.#wanted(notebook) && codeOf(notebook).includes(name)) this.#automatic.request(notebook);
    }
  }

  #cellEdited(event: vscode.TextDocumentChangeEvent): void {
    const { uri } = event.document;
    if (uri.scheme !== CELL_SCHEME || event.contentChanges.length === 0) return;
    this.#diagnoses.edited(keyOf(uri), toChanges(event), uri.fsPath);
  }

  #changed({ notebook, contentChanges, cellChanges }: vscode.NotebookDocumentChangeEvent): void {
    const removed = contentChanges.flatMap(({ removedCells }) => removedCells);
    for (const { document } of removed) this.#diagnoses.forget(keyOf(document.uri));
    if (contentChanges.length > 0) this.#diagnoses.edited(notebook.uri.fsPath, []);
    const texts = contentChanges.length > 0 || cellChanges.some(({ document }) => document !== undefined);
    // Clean after a change: read again from the disk, or undone back to the saved text.
    if (texts && !notebook.isDirty && this.#wanted(notebook)) this.#automatic.request(notebook);
  }

  #closed(notebook: vscode.NotebookDocument): void {
    this.#automatic.cancel(notebook);
    this.#diagnoses.forget(notebook.uri.fsPath);
  }

  #wanted(notebook: vscode.NotebookDocument): boolean {
    return notebook.uri.scheme === 'file' && this.#settings.runsOnSave(notebook.uri) && holdsModels(notebook);
  }

  /** A notebook that was edited again since waits for its next save. */
  #runSaved(notebook: vscode.NotebookDocument): void {
    if (!notebook.isDirty && !notebook.isClosed) void this.diagnose(notebook);
  }

  dispose(): void {
    this.#automatic.dispose();
    this.#subscriptions.dispose();
  }
}
