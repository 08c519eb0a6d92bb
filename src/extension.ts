import * as vscode from 'vscode';
import { CellEngine } from './editor/cellEngine';
import { registerCommands } from './editor/commands';
import { Diagnoses, type DiagnosisState } from './editor/diagnoses';
import { DiagnosticsView } from './editor/diagnosticsView';
import { diskText } from './editor/diskText';
import { DocumentWatch } from './editor/documentWatch';
import { EngineClient } from './editor/engineClient';
import { FlowHover } from './editor/flowHover';
import { GradientFlowPanel } from './editor/gradientFlowPanel';
import { NotebookWatch } from './editor/notebookWatch';
import { cellKeysOf, selector } from './editor/openDocuments';
import { COMMANDS } from './editor/commandNames';
import { PanelEvents } from './editor/panelEvents';
import { QuickFixes } from './editor/quickFixes';
import { Settings } from './editor/settings';
import { StatusItem } from './editor/statusItem';
import { WorkspaceEngine } from './editor/workspaceEngine';
import type { FileReport } from './report/report';

/** What the extension gives to others (our own tests are among them). */
export interface GradientLensApi {
  /** The newest report on a file, as far as it is known. */
  report(path: string): FileReport | null;
  /** Where the newest diagnosis of a file stands; `done` is complete, fixes and all. Null where there is none. */
  phase(path: string): DiagnosisState['phase'] | null;
}

/** Builds the parts and connects them. Nothing is started here: the engine's thread comes with the first diagnosis. */
export function activate(context: vscode.ExtensionContext): GradientLensApi {
  const log = vscode.window.createOutputChannel('Gradient Lens', { log: true });
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const engine = new WorkspaceEngine((roots) => new EngineClient(dist.fsPath, roots, log));
  const marks = new DiagnosticsView(vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules'));
  const diagnoses: Diagnoses = new Diagnoses(new CellEngine(engine, cellKeysOf), diskText, {
    marksChanged: (paths) => {
      for (const path of paths) marks.show(path, diagnoses.marksAt(path));
    },
    diagnosisChanged: (path) => {
      status.refresh();
      panel.refresh(path);
      panelEvents.diagnosisChanged(path);
    },
    textChanged: (path) => panel.textChanged(path),
    failed: (path, error) => log.error(`${path}: ${error.stack ?? error.message}`),
  });
  const status = new StatusItem(diagnoses);
  const panel = new GradientFlowPanel(diagnoses, dist);
  const panelEvents = new PanelEvents(
    diagnoses,
    panel,
    (path) => void vscode.commands.executeCommand(COMMANDS.diagnoseFile, path),
  );
  const settings = new Settings();
  const watch = new DocumentWatch(diagnoses, settings);
  const notebooks = new NotebookWatch(diagnoses, settings);
  context.subscriptions.push(
    log,
    marks,
    status,
    panel,
    panelEvents,
    watch,
    notebooks,
    registerCommands({ diagnoses, watch, notebooks, panel, settings, log }),
    vscode.languages.registerCodeActionsProvider(selector, new QuickFixes(diagnoses), {
      providedCodeActionKinds: QuickFixes.kinds,
    }),
    vscode.languages.registerHoverProvider(selector, new FlowHover(diagnoses)),
    engine,
  );
  return {
    report: (path) => diagnoses.get(path)?.report ?? null,
    phase: (path) => diagnoses.get(path)?.state.phase ?? null,
  };
}
