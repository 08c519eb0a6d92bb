import * as vscode from 'vscode';
import type { SourceRange, SourceSpan } from '../graph/source';
import { uriOf } from './openDocuments';
import type { TextChange } from './movedRanges';

/** Beyond the end of any line that is written by hand. */
const endOfLine = 10_000;

export function toRange({ start, end }: SourceRange): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/**
 * The part of a place that is underlined: its first line. A call with many arguments spans a screenful, and its name and place say enough.
 * The end may lie beyond the line; the editor draws to the line's end.
 */
export function toUnderlined(range: SourceRange): vscode.Range {
  const { start, end } = toRange(range);
  return start.line === end.line
    ? new vscode.Range(start, end)
    : new vscode.Range(start, start.with({ character: endOfLine }));
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
