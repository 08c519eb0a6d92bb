import * as vscode from 'vscode';
import { CELL_SCHEME, isCellKey } from './cellEngine';
import { type Family, familyOf, languages, mayHoldModel } from './modelFilter';
import { notebookText } from './notebookText';

/** What is diagnosed as one whole. */
export type Subject = vscode.TextDocument | vscode.NotebookDocument;

/** The name under which the diagnoses know a document: a file by its path, a cell of a notebook by its address. */
export function keyOf(uri: vscode.Uri): string {
  return uri.scheme === CELL_SCHEME ? uri.toString() : uri.fsPath;
}

export function uriOf(key: string): vscode.Uri {
  return isCellKey(key) ? vscode.Uri.parse(key, true) : vscode.Uri.file(key);
}

/** The documents in which something may be found: files, and the cells of notebooks. */
export const selector: readonly vscode.DocumentFilter[] = languages.flatMap((language) =>
  ['file', CELL_SCHEME].map((scheme) => ({ language, scheme })),
);

/** What kind of model file a document is; null for those that are not looked at. */
export function sourceFamily({ uri, languageId }: vscode.TextDocument): Family | null {
  return uri.scheme === 'file' ? familyOf(languageId, uri.fsPath) : null;
}

/** All code of a notebook. */
export const codeOf = (notebook: vscode.NotebookDocument) =>
  notebook
    .getCells()
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
    .map(({ document }) => document.getText())
    .join('\n');

/** Whether a document is worth reading. A notebook's cells are Python; others are sorted out by the reader. */
export function holdsModels(subject: Subject): boolean {
  if (subject.uri.scheme !== 'file') return false;
  if ('cellCount' in subject) return mayHoldModel('python', codeOf(subject));
  return sourceFamily(subject) !== null && mayHoldModel(subject.languageId, subject.getText());
}

/** The open files that a file of this family may import, with their texts, saved or not. Declarations stand alone. */
export function openSources(
  family: Family | null,
  except: vscode.TextDocument | null = null,
): { path: string; text: string }[] {
  if (family !== 'python' && family !== 'javascript') return [];
  const sources = vscode.workspace.textDocuments.filter((other) => other !== except && sourceFamily(other) === family);
  return sources.map((document) => ({ path: document.uri.fsPath, text: document.getText() }));
}

/** The notebook of this path; undefined where it is not open as one. */
export function openNotebook(path: string): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path);
}

/** Keys of an open notebook's cells, in their order; null for any other path. */
export function cellKeysOf(path: string): string[] | null {
  const cells = openNotebook(path)?.getCells();
  return cells?.map(({ document }) => keyOf(document.uri)) ?? null;
}

export function textOfNotebook(notebook: vscode.NotebookDocument): string {
  return notebookText(
    notebook.getCells().map(({ kind, document }) => ({
      markup: kind === vscode.NotebookCellKind.Markup,
      languageId: document.languageId,
      text: document.getText(),
    })),
  );
}

/** The text of an open file as it would be diagnosed now; undefined where it is not open. */
export function openText(path: string): string | undefined {
  const notebook = openNotebook(path);
  if (notebook !== undefined) return textOfNotebook(notebook);
  return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path)?.getText();
}
