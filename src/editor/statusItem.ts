import * as vscode from 'vscode';
import type { Diagnoses } from './diagnoses';
import { holdsModels, selector, type Subject } from './openDocuments';
import { statusText } from './statusText';

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

/** The language status of the file in the active editor: progress with cancel, then the outcome. Files without a model have none. */
export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.LanguageStatusItem;
  readonly #subscription: vscode.Disposable;
  readonly #diagnoses: Diagnoses;
  /** Whether a text that is not diagnosed may hold models, as found for one version of it. */
  readonly #expected = new WeakMap<Subject, { version: number; answer: boolean }>();

  constructor(diagnoses: Diagnoses) {
    this.#diagnoses = diagnoses;
    this.#item = vscode.languages.createLanguageStatusItem('gradientLens.status', []);
    this.#item.name = 'Gradient Lens';
    this.#subscription = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.refresh()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.refresh()),
    );
    this.refresh();
  }

  refresh(): void {
    // A cell has the path of its notebook.
    const active = vscode.window.activeNotebookEditor?.notebook ?? vscode.window.activeTextEditor?.document;
    const path = active?.uri.fsPath;
    const diagnosis = path === undefined ? undefined : this.#diagnoses.get(path);
    this.#item.selector = active !== undefined && (diagnosis ?? this.#expects(active)) ? selector : [];
    const status = statusText(diagnosis);
    this.#item.text = `Gradient Lens: ${status.text}`;
    this.#item.detail = status.detail;
    this.#item.busy = status.busy;
    this.#item.severity = severities[status.severity];
    this.#item.command = {
      command: status.command.id,
      title: status.command.title,
      ...(path === undefined ? {} : { arguments: [path] }),
    };
  }

  #expects(active: Subject): boolean {
    const known = this.#expected.get(active);
    if (known?.version === active.version) return known.answer;
    const answer = holdsModels(active);
    this.#expected.set(active, { version: active.version, answer });
    return answer;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}
