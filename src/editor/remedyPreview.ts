import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Remedy, TextEdit } from '../report/report';
import { uriOf } from './openDocuments';

const scheme = 'gradient-lens-preview';

/** Shows what a remedy would change in the editor's own diff view, without changing anything. */
export class RemedyPreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** One diff view a file that the remedy changes. `texts` are those that its edits count in. */
  async show(remedy: Remedy, texts: ReadonlyMap<string, string>): Promise<void> {
    for (const file of new Set(remedy.edits.map((edit) => edit.path))) {
      const text = texts.get(file);
      if (text === undefined) continue;
      const source = uriOf(file);
      // A path of its own: open documents are known by their paths, and the preview is not the file.
      const query = JSON.stringify([source.scheme, remedy.id]);
      const preview = source.with({ scheme, path: `/${scheme}${source.path}`, query });
      const edits = remedy.edits.filter((edit) => edit.path === file);
      this.#texts.set(preview.toString(), edited(text, edits));
      this.#changed.fire(preview);
      const title = `${path.basename(source.path)}: ${remedy.title.replaceAll('`', '')}`;
      const options: vscode.TextDocumentShowOptions = { viewColumn: vscode.ViewColumn.One, preview: true };
      await vscode.commands.executeCommand('vscode.diff', source, preview, title, options);
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

/** The text with the edits made; they do not overlap. Later places first, so that no edit moves another. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const offset = ({ line, character }: TextEdit['range']['start']) => (starts[line] ?? text.length) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (now, { range, text: inserted }) => now.slice(0, offset(range.start)) + inserted + now.slice(offset(range.end)),
      text,
    );
}
