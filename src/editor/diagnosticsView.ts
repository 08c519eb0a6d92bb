import * as vscode from 'vscode';
import { isArchive } from './archives';
import type { Mark } from './marks';
import { uriOf } from './openDocuments';
import { toLocation, toUnderlined } from './ranges';
import type { TrackedSpan } from './trackedSpans';

/** The name under which the Problems view lists what is found. */
export const SOURCE = 'gradient-lens';

const severities = {
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

const messageOf = ({ message, outdated }: Mark) =>
  outdated === null ? message : `Outdated, ${outdated}. Measured before that: ${message}`;

function toDiagnostic({ range, item }: TrackedSpan<Mark>, rules: vscode.Uri): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toUnderlined(range), messageOf(item), severities[item.severity]);
  const target = vscode.Uri.joinPath(rules, item.kind === 'guess' ? '../reading.md' : `${item.code}.md`);
  diagnostic.source = SOURCE;
  // Problems of reading explain themselves in their message; findings have a page each.
  diagnostic.code = item.kind === 'problem' ? item.code : { value: item.code, target };
  diagnostic.relatedInformation = item.related.map(
    ({ message, span }) => new vscode.DiagnosticRelatedInformation(toLocation(span), message),
  );
  return diagnostic;
}

/** The squiggles and the rows of the Problems view. */
export class DiagnosticsView implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection(SOURCE);
  readonly #rules: vscode.Uri;

  /** `rules` is the folder that holds a page for each finding's code. */
  constructor(rules: vscode.Uri) {
    this.#rules = rules;
  }

  show(path: string, marks: readonly TrackedSpan<Mark>[]): void {
    if (isArchive(path)) return;
    const diagnostics = marks.map((mark) => toDiagnostic(mark, this.#rules));
    this.#collection.set(uriOf(path), diagnostics);
  }

  dispose(): void {
    this.#collection.dispose();
  }
}
