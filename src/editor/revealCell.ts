import * as vscode from 'vscode';
import type { SourceSpan } from '../graph/source';
import { keyOf } from './openDocuments';
import { toRange } from './ranges';

/** Shows a place in a cell of an open notebook; does nothing where the cell is no longer there. */
export async function revealCell({ path: key, range }: SourceSpan): Promise<void> {
  const cell = vscode.workspace.notebookDocuments
    .flatMap((notebook) => notebook.getCells())
    .find(({ document }) => keyOf(document.uri) === key);
  if (cell === undefined) return;
  const beside = vscode.window.visibleNotebookEditors.find(({ notebook }) => notebook === cell.notebook);
  const editor = await vscode.window.showNotebookDocument(cell.notebook, {
    viewColumn: beside?.viewColumn ?? vscode.ViewColumn.One,
    selections: [new vscode.NotebookRange(cell.index, cell.index + 1)],
  });
  editor.revealRange(new vscode.NotebookRange(cell.index, cell.index + 1));
  // Cells have a text editor while they are on the screen.
  const text = vscode.window.visibleTextEditors.find(({ document }) => document === cell.document);
  if (text === undefined) return;
  text.selection = new vscode.Selection(toRange(range).start, toRange(range).end);
  text.revealRange(toRange(range));
}
