import * as vscode from 'vscode';
import { COMMANDS } from './commandNames';
import type { Diagnoses } from './diagnoses';
import { keyOf } from './openDocuments';
import { toRange } from './ranges';

/** Under what is underlined, a link to the panel. */
export class FlowHover implements vscode.HoverProvider {
  readonly #diagnoses: Diagnoses;

  constructor(diagnoses: Diagnoses) {
    this.#diagnoses = diagnoses;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | null {
    const mark = this.#diagnoses
      .marksAt(keyOf(document.uri))
      .find(({ item, range }) => item.model !== null && toRange(range).contains(position));
    if (mark === undefined) return null;
    const { subject, model } = mark.item;
    const given = encodeURIComponent(JSON.stringify([subject, model]));
    const text = new vscode.MarkdownString(`[Show gradient flow](command:${COMMANDS.showGradientFlow}?${given})`);
    text.isTrusted = { enabledCommands: [COMMANDS.showGradientFlow] };
    return new vscode.Hover(text, toRange(mark.range));
  }
}
