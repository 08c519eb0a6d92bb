import * as vscode from 'vscode';
import type { Remedy } from '../report/report';
import { toRange } from './ranges';

/**
 * The remedy as one undoable edit; null where any file that it changes no longer has the text for which it was proved
 * (or was not among the texts that were diagnosed).
 */
export function remedyEdit(remedy: Remedy, texts: ReadonlyMap<string, string>): vscode.WorkspaceEdit | null {
  const edit = new vscode.WorkspaceEdit();
  const open = new Map(vscode.workspace.textDocuments.map((document) => [document.uri.fsPath, document]));
  for (const change of remedy.edits) {
    const document = open.get(change.path);
    if (document === undefined || document.getText() !== texts.get(change.path)) return null;
    edit.replace(document.uri, toRange(change.range), change.text);
  }
  return remedy.edits.length > 0 ? edit : null;
}
