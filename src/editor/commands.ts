import * as vscode from 'vscode';
import { COMMANDS } from './commandNames';
import type { Diagnoses } from './diagnoses';
import type { DocumentWatch } from './documentWatch';
import type { GradientFlowPanel } from './gradientFlowPanel';

interface Parts {
  diagnoses: Diagnoses;
  watch: DocumentWatch;
  panel: GradientFlowPanel;
  log: vscode.LogOutputChannel;
}

/** The document that a command is about: the one whose path it was given, else the one in the active editor. */
async function subject(path: unknown): Promise<vscode.TextDocument | null> {
  if (typeof path === 'string') return vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === 'file') return document;
  const text = document === undefined ? 'Open the file that defines the model first.' : 'Save the file to disk first.';
  void vscode.window.showInformationMessage(`Gradient Lens: ${text}`);
  return null;
}

/** What each command does. Arguments come from our own code actions and status item; from a key they are missing. */
export function registerCommands({ diagnoses, watch, panel, log }: Parts): vscode.Disposable {
  const table: Record<(typeof COMMANDS)[keyof typeof COMMANDS], (...args: unknown[]) => unknown> = {
    [COMMANDS.diagnoseFile]: async (path) => {
      const document = await subject(path);
      if (document !== null) await watch.diagnose(document);
    },
    [COMMANDS.showGradientFlow]: async (path, model) => {
      const document = await subject(path);
      if (document === null) return;
      panel.show(document.uri.fsPath, typeof model === 'number' ? model : 0);
      if (diagnoses.get(document.uri.fsPath) === undefined) await watch.diagnose(document);
    },
    [COMMANDS.cancel]: (path) => diagnoses.cancel(typeof path === 'string' ? path : undefined),
    [COMMANDS.showLog]: () => log.show(true),
  };
  return vscode.Disposable.from(
    ...Object.entries(table).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
}
