import type { Problem } from '../graph/reading';
import type { SourceSpan } from '../graph/source';
import { withSpans } from '../graph/spans';

/** The way between places in the text that is read and in the document that it was made of (the cells of a notebook). */
export interface DocumentPlaces {
  inCell(span: SourceSpan): SourceSpan;
  /** The reverse of `inCell`; a span without a cell stays as it is. */
  inModule(span: SourceSpan): SourceSpan;
}

/** Scripts that use a file, the most telling first, and all files beyond the set that they need. */
export interface CallSites {
  callers: string[];
  files: { path: string; text: string }[];
  /** Says that the file cannot be read along with them, so that they are not found again before one of them changes. */
  refuse: () => void;
}

/** A file and the workspace modules that it imports, as a reader is to see them. */
export interface SourceSet {
  /** The active file's path inside the set. */
  active: string;
  files: { path: string; text: string }[];
  /** The path that the user knows a file of the set by. */
  original(path: string): string;
  /** Set where the active text was made of a document in another form. Its spans carry the path that the user knows. */
  places?: DocumentPlaces | undefined;
  /** Finds the scripts of the workspace that use the file. */
  callSites?: (() => Promise<CallSites>) | undefined;
  /** What kept parts of the file, or all of it, from being made into a text; the paths are those that the user knows. */
  problems?: readonly Problem[] | undefined;
}

/** Finds what a file imports. Texts in `overlays` (unsaved buffers) win over those on disk. */
export interface SourceLoader {
  load(path: string, text: string, overlays: readonly { path: string; text: string }[]): Promise<SourceSet>;
}

/**
 * Gives every source span below `value` the path that the user knows: spans are the only objects of a reading that have
 * both a path and a range.
 */
export function withOriginalPaths<T>(value: T, original: (path: string) => string): T {
  return withSpans(value, (span) => ({ ...span, path: original(span.path) }));
}
