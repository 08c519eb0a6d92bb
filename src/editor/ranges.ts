import * as vscode from 'vscode';
import type { SourceRange, SourceSpan } from '../graph/source';
import { uriOf } from './openDocuments';
import type { TextChange } from './trackedSpans';

export function toRange({ start, end }: SourceRange): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

export function toLocation(span: SourceSpan): vscode.Location {
  return new vscode.Location(uriOf(span.path), toRange(span.range));
}

export function fromRange({ start, end }: vscode.Range): SourceRange {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}

export function toChanges(event: vscode.TextDocumentChangeEvent): TextChange[] {
  return event.contentChanges.map(({ range, text }) => ({ range: fromRange(range), text }));
}
