import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SourceSpan } from '../graph/source';
import type { ExportKind, PanelHost, PanelPage, PanelView } from '../report/panelProtocol';
import type { FileReport, ModelReport, Remedy } from '../report/report';
import { isArchive } from './archives';
import { isCellKey } from './cellEngine';
import { Coalescer } from './coalescer';
import { CurveHistory } from './curveHistory';
import type { Diagnoses } from './diagnoses';
import { keyOf, openText, uriOf } from './openDocuments';
import { saveExport } from './panelExport';
import { panelState } from './panelState';
import { fillWebview, panelOptions, viewType } from './panelWebview';
import { fromRange, toRange } from './ranges';
import { remedyEdit } from './remedyEdit';
import { RemedyPreview } from './remedyPreview';
import { revealCell } from './revealCell';

/** Milliseconds from an edit to the panel's hearing where its places lie now. */
const following = 250;

/** The gradient-flow panel: opened on command, then kept up to date with the diagnosis of its file. */
export class GradientFlowPanel implements vscode.Disposable, PanelHost {
  readonly #diagnoses: Diagnoses;
  readonly #dist: vscode.Uri;
  readonly #history = new CurveHistory(() => Date.now());
  readonly #preview = new RemedyPreview();
  #panel: vscode.WebviewPanel | null = null;
  #view: PanelView | null = null;
  #subject: string | null = null;
  #model = 0;
  #isPinned = false;
  #saidEdited = false;
  /** What the panel was last sent, so that a mere step of progress does not send the whole report again. */
  #sent: { subject: string; report: FileReport | null; model: number } | null = null;
  /** Tells the panel where the places of its report have moved while the user types. */
  readonly #follow = new Coalescer<string>(following, (subject) => this.refresh(subject));

  /** `dist` is the folder of the bundles, the only one that the panel may load from. */
  constructor(diagnoses: Diagnoses, dist: vscode.Uri) {
    this.#diagnoses = diagnoses;
    this.#dist = dist;
  }

  /** Shows the diagnosis of the file `subject`, at its model number `model`. */
  show(subject: string, model: number): void {
    const panel = this.#panel ?? this.#open();
    this.#turnTo(subject, model);
    panel.reveal(undefined, true);
  }

  /** Takes over a panel that the window has kept over a reload. */
  restore(panel: vscode.WebviewPanel, kept: { subject: string; model: number; isPinned: boolean }): void {
    this.#panel?.dispose();
    this.#adopt(panel);
    this.#isPinned = kept.isPinned;
    this.#turnTo(kept.subject, kept.model);
  }

  /** A model file became active: the panel goes with it unless it is pinned or hidden. */
  follow(subject: string): void {
    if (this.#panel?.visible !== true || this.#isPinned || subject === this.#subject) return;
    if (this.#diagnoses.get(subject)?.report?.models.length) this.#turnTo(subject, 0);
  }

  /** The diagnosis of `subject` changed. */
  refresh(subject: string): void {
    const diagnosis = this.#diagnoses.get(subject);
    const text = diagnosis?.texts.get(subject);
    // A fix may be applied while others are still tried: what was found before it counts.
    if (diagnosis?.isCurrent === true && diagnosis.report && diagnosis.outdated === null && text !== undefined)
      this.#history.record(subject, text, diagnosis.report);
    if (subject === this.#subject) this.#send();
  }

  /** A text changed: that its figures are outdated now, or current again, the panel hears at once. */
  textChanged(subject: string): void {
    if (subject !== this.#subject) return;
    if (this.#isEdited(subject) !== this.#saidEdited) this.#send();
    else this.#follow.request(subject);
  }

  /** The cursor of `editor` moved. */
  cursorMoved(editor: vscode.TextEditor): void {
    if (this.#view === null || this.#panel?.visible !== true) return;
    this.#view.showCursor({ path: keyOf(editor.document.uri), range: fromRange(editor.selection) });
  }

  ready(): void {
    this.#sent = null;
    this.#send();
    if (vscode.window.activeTextEditor) this.cursorMoved(vscode.window.activeTextEditor);
  }

  async reveal(span: SourceSpan, take: boolean): Promise<void> {
    if (isArchive(span.path)) return;
    if (isCellKey(span.path)) return revealCell(span);
    const selection = toRange(span.range);
    const beside = vscode.window.visibleTextEditors.find((editor) => keyOf(editor.document.uri) === span.path);
    const viewColumn = beside?.viewColumn ?? vscode.ViewColumn.One;
    await vscode.window.showTextDocument(uriOf(span.path), { selection, viewColumn, preserveFocus: !take });
  }

  async applyRemedy(finding: number, id: string): Promise<void> {
    const found = this.#remedy(finding, id);
    if (found === null) return;
    const edit = remedyEdit(found.remedy, found.texts);
    if (edit === null) {
      void vscode.window.showInformationMessage(
        'The text has changed since this fix was measured. Save the file to have it measured again.',
      );
      return;
    }
    await vscode.workspace.applyEdit(edit);
  }

  async previewRemedy(finding: number, id: string): Promise<void> {
    const found = this.#remedy(finding, id);
    if (found !== null) await this.#preview.show(found.remedy, found.texts);
  }

  selectModel(index: number): void {
    this.#model = index;
    this.#send();
  }

  pinCurve(pin: boolean): void {
    const model = this.#modelReport();
    if (this.#subject === null || model === undefined) return;
    if (pin) this.#history.pin(this.#subject, model);
    else this.#history.unpin(this.#subject, model.name);
    this.#sent = null;
    this.#send();
  }

  pinPanel(pin: boolean): void {
    this.#isPinned = pin;
    this.#sent = null;
    this.#send();
  }

  async save(kind: ExportKind, content: string): Promise<void> {
    if (this.#subject !== null) await saveExport(this.#subject, kind, content);
  }

  async copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
  }

  #turnTo(subject: string, model: number): void {
    if (this.#subject !== subject) this.#leave();
    this.#subject = subject;
    this.#model = model;
    if (this.#panel) this.#panel.title = `Gradient Flow: ${path.basename(subject)}`;
    this.#send();
  }

  /** What is known of an archive lives as long as it is shown. */
  #leave(): void {
    const subject = this.#subject;
    this.#subject = null;
    if (subject !== null && isArchive(subject)) this.#diagnoses.forget(subject);
  }

  #open(): vscode.WebviewPanel {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return this.#adopt(vscode.window.createWebviewPanel(viewType, 'Gradient Flow', place, panelOptions(this.#dist)));
  }

  #adopt(panel: vscode.WebviewPanel): vscode.WebviewPanel {
    this.#panel = panel;
    this.#sent = null;
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#view = null;
      this.#leave();
    });
    this.#view = fillWebview(panel.webview, this.#dist, {
      ready: () => this.ready(),
      reveal: (span, take) => this.reveal(span, take),
      applyRemedy: (finding, id) => this.applyRemedy(finding, id),
      previewRemedy: (finding, id) => this.previewRemedy(finding, id),
      selectModel: (index) => this.selectModel(index),
      pinCurve: (pin) => this.pinCurve(pin),
      pinPanel: (pin) => this.pinPanel(pin),
      save: (kind, content) => this.save(kind, content),
      copy: (text) => this.copy(text),
    });
    return panel;
  }

  #send(): void {
    if (this.#subject === null || this.#view === null) return;
    const subject = this.#subject;
    const diagnosis = this.#diagnoses.get(subject);
    this.#saidEdited = this.#isEdited(subject);
    const report = this.#saidEdited ? this.#diagnoses.reportNow(subject) : (diagnosis?.report ?? null);
    const state = panelState(diagnosis, this.#model, this.#saidEdited);
    const sent = this.#sent;
    const isKnown = sent?.subject === subject && sent.report === report && sent.model === this.#model;
    // Only the end of a diagnosis makes another one the previous.
    if (isKnown && state.phase === 'running') {
      this.#view.showState(state);
      return;
    }
    this.#sent = { subject, report, model: this.#model };
    this.#view.showPage(this.#page(subject, report), state);
  }

  #page(subject: string, report: FileReport | null): PanelPage {
    const text = this.#diagnoses.get(subject)?.texts.get(subject);
    const model = report?.models[this.#model];
    const comparisons =
      model === undefined || text === undefined ? [] : this.#history.comparisons(subject, text, model.name);
    return { subject, report, modelIndex: this.#model, comparisons, isPinned: this.#isPinned };
  }

  #modelReport(): ModelReport | undefined {
    return this.#subject === null ? undefined : this.#diagnoses.get(this.#subject)?.report?.models[this.#model];
  }

  #remedy(finding: number, id: string): { remedy: Remedy; texts: ReadonlyMap<string, string> } | null {
    const texts = this.#subject === null ? undefined : this.#diagnoses.get(this.#subject)?.texts;
    const remedies = this.#modelReport()?.findings[finding]?.remedies;
    const remedy = remedies?.find((candidate) => candidate.id === id);
    return texts === undefined || remedy === undefined ? null : { remedy, texts };
  }

  #isEdited(subject: string): boolean {
    return !isArchive(subject) && this.#diagnoses.get(subject)?.texts.get(subject) !== openText(subject);
  }

  dispose(): void {
    this.#follow.dispose();
    this.#preview.dispose();
    this.#panel?.dispose();
  }
}
