import type { SourcePosition, SourceRange } from '../graph/source';

/** One replacement of an edit, as the editor reports it: `range` in the text before, `text` what it became. */
export interface TextChange {
  range: SourceRange;
  text: string;
}

export interface FileChange {
  path: string;
  change: TextChange;
}

/** A range in a file with what is known about it. */
export interface TrackedSpan<T> {
  path: string;
  range: SourceRange;
  item: T;
}

function compare(a: SourcePosition, b: SourcePosition): number {
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

/**
 * The one place where ranges of a report follow the user's edits: they move with the text around them and are dropped
 * when the text itself is touched. Each owner (the diagnosed file) may hold spans in several files.
 */
export class TrackedSpans<T> {
  readonly #owners = new Map<string, TrackedSpan<T>[]>();

  /** Puts `spans` in place of all that `owner` held. Returns the files whose spans may differ now. */
  replace(owner: string, spans: readonly TrackedSpan<T>[]): Set<string> {
    const touched = this.drop(owner);
    for (const span of spans) touched.add(span.path);
    if (spans.length > 0) this.#owners.set(owner, [...spans]);
    return touched;
  }

  /** Forgets what `owner` held. Returns the files in which that was. */
  drop(owner: string): Set<string> {
    const touched = new Set((this.#owners.get(owner) ?? []).map((span) => span.path));
    this.#owners.delete(owner);
    return touched;
  }

  /** Follows an edit of the file `path`; true where any span moved or went. */
  edit(path: string, changes: readonly TextChange[]): boolean {
    let changed = false;
    for (const [owner, spans] of this.#owners) {
      if (!spans.some((span) => span.path === path)) continue;
      const kept = followEdit(spans, path, changes);
      changed ||= kept.length !== spans.length || kept.some((span, i) => span !== spans[i]);
      this.#owners.set(owner, kept);
    }
    return changed;
  }

  /** Forgets all spans in the file `path`, of whatever owner; true where there were any. */
  erase(path: string): boolean {
    const had = this.at(path).length > 0;
    for (const [owner, spans] of this.#owners) {
      this.#owners.set(
        owner,
        spans.filter((span) => span.path !== path),
      );
    }
    return had;
  }

  /** All spans in the file `path`, of whatever owner. */
  at(path: string): TrackedSpan<T>[] {
    return [...this.#owners.values()].flatMap((spans) => spans.filter((span) => span.path === path));
  }
}

/** The spans that outlive an edit of `path`, each where it lies now; an unmoved one stays the same object. */
export function followEdit<T>(
  spans: readonly TrackedSpan<T>[],
  path: string,
  changes: readonly TextChange[],
): TrackedSpan<T>[] {
  return spans.flatMap((span) => {
    if (span.path !== path) return [span];
    const range = moveThrough(span.range, changes);
    if (range === null) return [];
    const same = compare(range.start, span.range.start) === 0 && compare(range.end, span.range.end) === 0;
    return [same ? span : { ...span, range }];
  });
}
