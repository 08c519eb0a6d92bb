import * as vscode from 'vscode';
import { COMMANDS } from './commandNames';
import type { Diagnoses } from './diagnoses';
import { SOURCE } from './diagnosticsView';
import { fixTitle } from './fixTitle';
import { commentPlace, questionOf } from './inputQuestion';
import type { Mark } from './marks';
import { keyOf } from './openDocuments';
import { toRange, toUnderlined } from './ranges';
import { remedyEdit } from './remedyEdit';
import { silencingInsertions } from './silencingInsertions';
import type { TrackedSpan } from './trackedSpans';

/** Ctrl+. on a squiggle: the remedies that were measured, the comment that answers a question, and the panel. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];
  readonly #diagnoses: Diagnoses;

  constructor(diagnoses: Diagnoses) {
    this.#diagnoses = diagnoses;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const marks = this.#diagnoses
      .marksAt(keyOf(document.uri))
      .filter((mark) => toRange(mark.range).intersection(range) !== undefined);
    const offered = new Set<string>();
    const actions = marks.flatMap((mark) => {
      const diagnostics = context.diagnostics.filter(
        (diagnostic) => diagnostic.source === SOURCE && diagnostic.range.isEqual(toUnderlined(mark.range)),
      );
      const fixes = this.#remedies(mark, offered);
      const answer = this.#answer(document, mark);
      if (answer !== null) fixes.push(answer);
      for (const fix of fixes) fix.diagnostics = diagnostics;
      return fixes;
    });
    const flow = marks.find((mark) => mark.item.model !== null);
    const silencing = marks.flatMap((mark) => this.#silencing(document, mark, offered, context));
    return [...actions, ...(flow === undefined ? [] : [showFlow(flow.item)]), ...silencing];
  }

  /** The comments that silence a finding; the file is diagnosed again, so that its squiggle goes at once. */
  #silencing(
    document: vscode.TextDocument,
    { range, item }: TrackedSpan<Mark>,
    offered: Set<string>,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (item.kind !== 'finding') return [];
    const insertions = silencingInsertions(document.uri.fsPath, document.getText(), range, item.code);
    return insertions.flatMap(({ title, line, character, text }) => {
      if (offered.has(title)) return [];
      offered.add(title);
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.insert(document.uri, new vscode.Position(line, character), text);
      action.diagnostics = context.diagnostics.filter(
        (diagnostic) => diagnostic.source === SOURCE && diagnostic.range.isEqual(toUnderlined(range)),
      );
      action.command = { command: COMMANDS.diagnoseFile, title, arguments: [item.subject] };
      return [action];
    });
  }

  /** One remedy may cure several findings of a line: it is offered once. */
  #remedies({ item }: TrackedSpan<Mark>, offered: Set<string>): vscode.CodeAction[] {
    const texts = this.#diagnoses.get(item.subject)?.texts;
    if (texts === undefined) return [];
    return item.remedies.flatMap((remedy) => {
      const edit = remedyEdit(remedy, texts);
      const identity = JSON.stringify(remedy.edits);
      if (edit === null || offered.has(identity)) return [];
      offered.add(identity);
      const action = new vscode.CodeAction(fixTitle(remedy, item.seeds), vscode.CodeActionKind.QuickFix);
      action.edit = edit;
      action.isPreferred = remedy.preferred && remedy.status === 'proved';
      return [action];
    });
  }

  #answer(document: vscode.TextDocument, mark: TrackedSpan<Mark>): vscode.CodeAction | null {
    const question = questionOf(mark.item.code, mark.item.message);
    if (question === null || mark.range.start.line >= document.lineCount) return null;
    const { line, indent } = commentPlace(mark.range, document.lineAt(mark.range.start.line).text);
    const action = new vscode.CodeAction(question.title, vscode.CodeActionKind.QuickFix);
    const insertion = vscode.SnippetTextEdit.insert(
      new vscode.Position(line, 0),
      new vscode.SnippetString(indent + question.snippet),
    );
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(document.uri, [insertion]);
    return action;
  }
}

function showFlow({ subject, model }: Mark): vscode.CodeAction {
  const action = new vscode.CodeAction('Show gradient flow', vscode.CodeActionKind.QuickFix);
  action.command = { command: COMMANDS.showGradientFlow, title: action.title, arguments: [subject, model] };
  return action;
}
