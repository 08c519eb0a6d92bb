import * as vscode from 'vscode';
import { COMMANDS } from './commandNames';
import type { Diagnoses } from './diagnoses';
import type { DocumentWatch } from './documentWatch';
import type { GradientFlowPanel } from './gradientFlowPanel';
import type { NotebookWatch } from './notebookWatch';
import { openNotebook, type Subject } from './openDocuments';
import type { Settings } from './settings';
import { isArchive } from './archives';

interface Parts {
  diagnoses: Diagnoses;
  watch: DocumentWatch;
  notebooks: NotebookWatch;
  panel: GradientFlowPanel;
  settings: Settings;
  log: vscode.LogOutputChannel;
}

/** What a command is about: the file or notebook whose path it was given, else the one in the active editor. */
async function subject(given: unknown): Promise<Subject | null> {
  // The editor's title gives the address of its file.
  const path = given instanceof vscode.Uri && given.scheme === 'file' ? given.fsPath : given;
  if (typeof path === 'string')
    return openNotebook(path) ?? (await vscode.workspace.openTextDocument(vscode.Uri.file(path)));
  const document = vscode.window.activeNotebookEditor?.notebook ?? vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === 'file') return document;
  const text = document === undefined ? 'Open the file that defines the model first.' : 'Save the file to disk first.';
  void vscode.window.showInformationMessage(`Gradient Lens: ${text}`);
  return null;
}

/** What each command does. Arguments come from our own code actions and status item; from a key they are missing. */
export function registerCommands({ diagnoses, watch, notebooks, panel, settings, log }: Parts): vscode.Disposable {
  const diagnose = (document: Subject) =>
    'cellCount' in document ? notebooks.diagnose(document) : watch.diagnose(document);
  const table: Record<(typeof COMMANDS)[keyof typeof COMMANDS], (...args: unknown[]) => unknown> = {
    [COMMANDS.diagnoseFile]: async (path) => {
      const document = await subject(path);
      if (document !== null) await diagnose(document);
    },
    [COMMANDS.diagnoseArchive]: async (uri) => {
      if (!(uri instanceof vscode.Uri) || !isArchive(uri.fsPath)) return;
      panel.show(uri.fsPath, 0);
      // The engine takes the text out of the archive.
      const options = settings.options(uri);
      await diagnoses.run({ path: uri.fsPath, text: '', overlays: [], options });
    },
    [COMMANDS.showGradientFlow]: async (path, model) => {
      const document = await subject(path);
      if (document === null) return;
      panel.show(document.uri.fsPath, typeof model === 'number' ? model : 0);
      if (diagnoses.get(document.uri.fsPath) === undefined) await diagnose(document);
    },
    [COMMANDS.cancel]: (path) => diagnoses.cancel(typeof path === 'string' ? path : undefined),
    [COMMANDS.showLog]: () => log.show(true),
  };
  return vscode.Disposable.from(
    ...Object.entries(table).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}
