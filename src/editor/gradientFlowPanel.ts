import { createBirpc } from 'birpc';
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SourceSpan } from '../graph/source';
import type { PanelHost, PanelView } from '../report/panelProtocol';
import { isArchive } from './archives';
import { isCellKey } from './cellEngine';
import { Coalescer } from './coalescer';
import type { Diagnoses } from './diagnoses';
import { panelHtml } from './panelHtml';
import { panelState } from './panelState';
import { keyOf, openText, uriOf } from './openDocuments';
import { toRange } from './ranges';
import { revealCell } from './revealCell';
import { remedyEdit } from './remedyEdit';

/** Milliseconds from an edit to the panel's hearing where its places lie now. */
const following = 250;

const viewType = 'gradientLens.gradientFlow';

/** The gradient-flow panel of one file: opened on command, then kept up to date with that file's diagnosis. */
export class GradientFlowPanel implements vscode.Disposable, PanelHost {
  readonly #diagnoses: Diagnoses;
  readonly #dist: vscode.Uri;
  #panel: vscode.WebviewPanel | null = null;
  #view: PanelView | null = null;
  #subject: string | null = null;
  #model = 0;
  #saidEdited = false;
  /** Tells the panel where the places of its report have moved while the user types. */
  readonly #follow = new Coalescer<string>(following, (subject) => this.refresh(subject));

  /** `dist` is the folder of the bundles, the only one that the panel may load from. */
  constructor(diagnoses: Diagnoses, dist: vscode.Uri) {
    this.#diagnoses = diagnoses;
    this.#dist = dist;
  }

  /** Shows the diagnosis of the file `subject`, at its model number `model`. */
  show(subject: string, model: number): void {
    if (this.#subject !== subject) this.#leave();
    this.#subject = subject;
    this.#model = model;
    const panel = this.#panel ?? this.#open();
    panel.title = `Gradient Flow: ${path.basename(subject)}`;
    panel.reveal(undefined, true);
    this.#send();
  }

  /** The diagnosis of `subject` changed. */
  refresh(subject: string): void {
    if (subject === this.#subject) this.#send();
  }

  /** A text changed: that its figures are outdated now, or current again, the panel hears at once. */
  textChanged(subject: string): void {
    if (subject !== this.#subject) return;
    if (this.#isEdited(subject) !== this.#saidEdited) this.#send();
    else this.#follow.request(subject);
  }

  ready(): void {
    this.#send();
  }

  async reveal(span: SourceSpan): Promise<void> {
    if (isArchive(span.path)) return;
    if (isCellKey(span.path)) return revealCell(span);
    const selection = toRange(span.range);
    const beside = vscode.window.visibleTextEditors.find((editor) => keyOf(editor.document.uri) === span.path);
    const viewColumn = beside?.viewColumn ?? vscode.ViewColumn.One;
    await vscode.window.showTextDocument(uriOf(span.path), { selection, viewColumn });
  }

  async applyRemedy(finding: number, id: string): Promise<void> {
    const diagnosis = this.#subject === null ? undefined : this.#diagnoses.get(this.#subject);
    const remedies = diagnosis?.report?.models[this.#model]?.findings[finding]?.remedies;
    const remedy = remedies?.find((candidate) => candidate.id === id);
    if (diagnosis === undefined || remedy === undefined) return;
    const edit = remedyEdit(remedy, diagnosis.texts);
    if (edit === null) {
      void vscode.window.showInformationMessage(
        'The text has changed since this fix was measured. Save the file to have it measured again.',
      );
      return;
    }
    await vscode.workspace.applyEdit(edit);
  }

  selectModel(index: number): void {
    this.#model = index;
    this.#send();
  }

  /** What is known of an archive lives as long as it is shown. */
  #leave(): void {
    const subject = this.#subject;
    this.#subject = null;
    if (subject !== null && isArchive(subject)) this.#diagnoses.forget(subject);
  }

  #open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      viewType,
      'Gradient Flow',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [this.#dist], retainContextWhenHidden: true },
    );
    const { webview } = panel;
    this.#view = this.#connect(webview);
    this.#panel = panel;
    panel.onDidDispose(() => {
      this.#panel = null;
      this.#view = null;
      this.#leave();
    });
    webview.html = panelHtml({
      script: webview.asWebviewUri(vscode.Uri.joinPath(this.#dist, 'panel.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(this.#dist, 'panel.css')).toString(),
      origin: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
    });
    return panel;
  }

  #connect(webview: vscode.Webview): PanelView {
    const host: PanelHost = {
      ready: () => this.ready(),
      reveal: (span) => this.reveal(span),
      applyRemedy: (finding, id) => this.applyRemedy(finding, id),
      selectModel: (index) => this.selectModel(index),
    };
    const rpc = createBirpc<PanelView, PanelHost>(host, {
      post: (message: unknown) => void webview.postMessage(message),
      on: (receive) => void webview.onDidReceiveMessage(receive),
      eventNames: ['showReport'],
      timeout: -1,
    });
    return { showReport: (report, model, state) => void rpc.showReport(report, model, state) };
  }

  #send(): void {
    if (this.#subject === null) return;
    const subject = this.#subject;
    const diagnosis = this.#diagnoses.get(subject);
    this.#saidEdited = this.#isEdited(subject);
    const report = this.#saidEdited ? this.#diagnoses.reportNow(subject) : (diagnosis?.report ?? null);
    this.#view?.showReport(report, this.#model, panelState(diagnosis, this.#model, this.#saidEdited));
  }

  #isEdited(subject: string): boolean {
    return !isArchive(subject) && this.#diagnoses.get(subject)?.texts.get(subject) !== openText(subject);
  }

  dispose(): void {
    this.#follow.dispose();
    this.#panel?.dispose();
  }
}
