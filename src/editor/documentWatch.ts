import * as path from 'node:path';
import * as vscode from 'vscode';
import { isArchive } from './archives';
import { Coalescer } from './coalescer';
import type { Diagnoses } from './diagnoses';
import { holdsModels, openSources, sourceFamily } from './openDocuments';
import { pathsInTabs } from './openTabs';
import { toChanges } from './ranges';
import type { Settings } from './settings';

/** Milliseconds that a burst of events is gathered: not felt, but longer than format-on-save and save-all take. */
const gathering = 40;

/** Decides when a file is diagnosed, and tells the diagnoses what happens to the texts. */
export class DocumentWatch implements vscode.Disposable {
  readonly #diagnoses: Diagnoses;
  readonly #settings: Settings;
  readonly #automatic: Coalescer<vscode.TextDocument>;
  readonly #subscriptions: vscode.Disposable;

  constructor(diagnoses: Diagnoses, settings: Settings) {
    this.#diagnoses = diagnoses;
    this.#settings = settings;
    this.#automatic = new Coalescer(gathering, (document) => this.#runSaved(document));
    const files = vscode.workspace.createFileSystemWatcher(
      '**/*.{py,ipynb,json,yaml,yml,js,mjs,cjs,jsx,ts,mts,cts,tsx,keras}',
      false,
      true,
      false,
    );
    this.#subscriptions = vscode.Disposable.from(
      files,
      files.onDidDelete((uri) => this.#gone(uri)),
      // Tools often replace a file by deleting it first; its editor stays open meanwhile.
      files.onDidCreate(({ fsPath }) =>
        this.#shown(vscode.window.visibleTextEditors.filter(({ document }) => document.uri.fsPath === fsPath)),
      ),
      vscode.window.onDidChangeVisibleTextEditors((editors) => this.#shown(editors)),
      vscode.workspace.onDidSaveTextDocument((document) => this.#saved(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.#changed(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#closed(document)),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => closed.length > 0 && this.#tabsClosed()),
      vscode.workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri }) => this.#gone(oldUri))),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.#gone(uri))),
    );
    this.#shown(vscode.window.visibleTextEditors);
  }

  /** Diagnoses the document as it stands, saved or not. Resolves when that is done. */
  diagnose(document: vscode.TextDocument): Promise<void> {
    this.#automatic.cancel(document);
    return this.#diagnoses.run({
      path: document.uri.fsPath,
      text: document.getText(),
      overlays: openSources(sourceFamily(document), document),
      options: this.#settings.options(document.uri),
    });
  }

  #wanted(document: vscode.TextDocument): boolean {
    return this.#settings.runsOnSave(document.uri) && holdsModels(document);
  }

  #shown(editors: readonly vscode.TextEditor[]): void {
    for (const { document } of editors) {
      const known = this.#diagnoses.get(document.uri.fsPath) !== undefined;
      if (!known && this.#wanted(document)) this.#automatic.request(document);
    }
  }

  #saved(document: vscode.TextDocument): void {
    const family = sourceFamily(document);
    if (family === null) return;
    if (this.#wanted(document)) this.#automatic.request(document);
    else if (!holdsModels(document)) this.#diagnoses.forget(document.uri.fsPath);
    // Files on the screen that import this one may be other models now; what did not change is answered from caches.
    const name = path.basename(document.uri.fsPath, path.extname(document.uri.fsPath));
    for (const { document: other } of vscode.window.visibleTextEditors) {
      if (other === document || sourceFamily(other) !== family) continue;
      const known = this.#diagnoses.get(other.uri.fsPath) !== undefined;
      if (known && other.getText().includes(name) && this.#wanted(other)) this.#automatic.request(other);
    }
  }

  #changed(event: vscode.TextDocumentChangeEvent): void {
    if (sourceFamily(event.document) === null || event.contentChanges.length === 0) return;
    this.#diagnoses.edited(event.document.uri.fsPath, toChanges(event));
    // Clean after a change: read again from the disk, or undone back to the saved text.
    if (!event.document.isDirty && this.#wanted(event.document)) this.#automatic.request(event.document);
  }

  #closed(document: vscode.TextDocument): void {
    this.#automatic.cancel(document);
    this.#gone(document.uri);
  }

  #tabsClosed(): void {
    const open = pathsInTabs();
    for (const known of this.#diagnoses.paths())
      if (!open.has(known) && !isArchive(known)) this.#diagnoses.forget(known);
  }

  /** A file or a folder of files is no longer there. */
  #gone(uri: vscode.Uri): void {
    if (uri.scheme !== 'file') return;
    const inside = uri.fsPath + path.sep;
    for (const known of this.#diagnoses.paths()) if (known.startsWith(inside)) this.#diagnoses.forget(known);
    this.#diagnoses.forget(uri.fsPath);
  }

  /** A document that was edited again since waits for its next save. */
  #runSaved(document: vscode.TextDocument): void {
    if (!document.isDirty && !document.isClosed) void this.diagnose(document);
  }

  dispose(): void {
    this.#automatic.dispose();
    this.#subscriptions.dispose();
  }
}
