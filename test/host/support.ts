import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { GradientLensApi } from '../../src/extension';

/** Asks until there is an answer other than undefined or false. */
export async function until<T>(what: string, ask: () => T | undefined | false, limit = 30_000): Promise<T> {
  for (const end = Date.now() + limit; ;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${limit} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function extension(): vscode.Extension<GradientLensApi> {
  const found = vscode.extensions.getExtension<GradientLensApi>('gradient-lens.gradient-lens');
  assert.ok(found, 'the extension is not there');
  return found;
}

export function fileUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function open(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  return vscode.window.showTextDocument(document, { preview: false });
}

/** Opens a copy of a file of the workspace under a name of its own, so that no test meets another's leftovers. */
export async function openCopy(name: string): Promise<vscode.TextEditor> {
  const copy = `copy_${randomUUID().slice(0, 8)}_${name}`;
  await vscode.workspace.fs.copy(fileUri(name), fileUri(copy));
  return open(copy);
}

/** What is underlined. */
export function ours(uri: vscode.Uri): vscode.Diagnostic[] {
  return all(uri).filter(({ severity }) => severity !== vscode.DiagnosticSeverity.Hint);
}

/** What was assumed: drawn as dots, and not listed. */
export function hints(uri: vscode.Uri): vscode.Diagnostic[] {
  return all(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Hint);
}

const all = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'gradient-lens');

/** Waits until the newest diagnosis of the file is complete, fixes and all; gives its report. */
export async function settled(uri: vscode.Uri) {
  return until(`the diagnosis of ${uri.fsPath}`, () => {
    if (!extension().isActive) return false;
    const { exports } = extension();
    return exports.phase(uri.fsPath) === 'done' && (exports.report(uri.fsPath) ?? false);
  });
}

/** Zero-based line of the one line that holds `text`. */
export function lineOf(document: vscode.TextDocument, text: string): number {
  const lines = document.getText().split(/\r?\n/);
  const hits = lines.flatMap((line, number) => (line.includes(text) ? [number] : []));
  assert.equal(hits.length, 1, `"${text}" is on ${hits.length} lines`);
  return hits[0]!;
}

export async function codeActions(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const kind = vscode.CodeActionKind.QuickFix.value;
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, range, kind);
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
