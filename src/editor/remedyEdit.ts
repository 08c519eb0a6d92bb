import * as vscode from 'vscode';
import type { Remedy } from '../report/report';
import { diskText } from './diskText';
import { keyOf, uriOf } from './openDocuments';
import { toRange } from './ranges';

/**
 * The remedy as one undoable edit; null where any file or cell that it changes, open or not, no longer has the text for which it
 * was proved.
 */
export function remedyEdit(remedy: Remedy, texts: ReadonlyMap<string, string>): vscode.WorkspaceEdit | null {
  const edit = new vscode.WorkspaceEdit();
  const open = new Map(vscode.workspace.textDocuments.map((document) => [keyOf(document.uri), document]));
  for (const change of remedy.edits) {
    const text = open.get(change.path)?.getText() ?? diskText(change.path);
    if (text === null || text !== texts.get(change.path)) return null;
    edit.replace(uriOf(change.path), toRange(change.range), change.text);
  }
  return remedy.edits.length > 0 ? edit : null;
}
