import * as vscode from 'vscode';
import type { DiagnoseRequest } from '../workers/engineApi';
import type { FileReport } from '../report/report';
import type { DiagnosisListener, Engine } from './engine';
import type { EngineClient } from './engineClient';

/** The engine for the workspace's present folders: when they change, the next diagnosis gets a new one. */
export class WorkspaceEngine implements Engine, vscode.Disposable {
  readonly #make: (roots: string[]) => EngineClient;
  readonly #subscription: vscode.Disposable;
  #engine: EngineClient | null = null;

  constructor(make: (roots: string[]) => EngineClient) {
    this.#make = make;
    this.#subscription = vscode.workspace.onDidChangeWorkspaceFolders(() => this.#drop());
  }

  diagnose(request: DiagnoseRequest, listener: DiagnosisListener, signal: AbortSignal): Promise<FileReport> {
    this.#engine ??= this.#make((vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath));
    return this.#engine.diagnose(request, listener, signal);
  }

  #drop(): void {
    void this.#engine?.dispose();
    this.#engine = null;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#drop();
  }
}
