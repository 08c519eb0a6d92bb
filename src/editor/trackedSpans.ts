import type { SourceRange } from '../graph/source';
import { compare, moveThrough, type TextChange } from './movedRanges';

/** A range in a file with what is known about it. */
export interface TrackedSpan<T> {
  path: string;
  range: SourceRange;
  item: T;
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

  /** What `owner` holds, in whatever file. */
  of(owner: string): readonly TrackedSpan<T>[] {
    return this.#owners.get(owner) ?? [];
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
