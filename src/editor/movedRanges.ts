import type { SourcePosition, SourceRange } from '../graph/source';

/** One replacement of an edit, as the editor reports it: `range` in the text before, `text` what it became. */
export interface TextChange {
  range: SourceRange;
  text: string;
}

export function compare(a: SourcePosition, b: SourcePosition): number {
  return a.line - b.line || a.character - b.character;
}

/** Where a position at or after the change's end lies once the change is made. */
function shift(position: SourcePosition, { range, text }: TextChange): SourcePosition {
  const added = text.split('\n');
  const lastLength = (added.at(-1) ?? '').replace(/\r$/, '').length;
  const line = position.line - range.end.line + range.start.line + added.length - 1;
  if (position.line !== range.end.line) return { line, character: position.character };
  const begin = added.length === 1 ? range.start.character + lastLength : lastLength;
  return { line, character: begin + position.character - range.end.character };
}

/**
 * The range after one change; null where the change touches it. Text typed right at an edge touches when it would
 * become part of the name or call there: `nn.Sigmoid()` is no longer itself in `xnn.Sigmoid()`.
 */
export function moveRange(range: SourceRange, change: TextChange): SourceRange | null {
  const { start, end } = change.range;
  if (compare(end, range.start) <= 0) {
    const joins = compare(end, range.start) === 0 && /[\w.]$/u.test(change.text);
    return joins ? null : { start: shift(range.start, change), end: shift(range.end, change) };
  }
  if (compare(start, range.end) >= 0) {
    const joins = compare(start, range.end) === 0 && /^[\w.([]/u.test(change.text);
    return joins ? null : range;
  }
  return null;
}

/**
 * The range after an edit of several changes, all given in the text before the edit (as the editor gives them).
 * Later places first, so that no change moves another.
 */
export function moveThrough(range: SourceRange, changes: readonly TextChange[]): SourceRange | null {
  const ordered = [...changes].sort((a, b) => compare(b.range.start, a.range.start));
  let moved: SourceRange | null = range;
  for (const change of ordered) moved = moved && moveRange(moved, change);
  return moved;
}

/** Where a range lies after one change, whatever the change did to it: what was inside it stays inside, a removed end goes to the edge. */
function slideRange(range: SourceRange, change: TextChange): SourceRange {
  const { start, end } = change.range;
  const after = shift(end, change);
  const isInsertionAt = (position: SourcePosition) => compare(start, end) === 0 && compare(start, position) === 0;
  const slide = (position: SourcePosition, edge: SourcePosition) =>
    compare(position, start) <= 0 ? position : compare(position, end) >= 0 ? shift(position, change) : edge;
  return {
    // Text typed right before a range is not part of it.
    start: isInsertionAt(range.start) ? after : slide(range.start, after),
    end: compare(range.start, range.end) === 0 && isInsertionAt(range.end) ? after : slide(range.end, start),
  };
}

/** As `moveThrough`, but never lost: for places that are only gone to. A range whose text was removed comes out empty. */
export function slideThrough(range: SourceRange, changes: readonly TextChange[]): SourceRange {
  const ordered = [...changes].sort((a, b) => compare(b.range.start, a.range.start));
  const slid = ordered.reduce(slideRange, range);
  return compare(slid.start, slid.end) <= 0 ? slid : { start: slid.end, end: slid.end };
}
