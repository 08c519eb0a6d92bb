/** A file and the workspace modules that it imports, as a reader is to see them. */
export interface SourceSet {
  /** The active file's path inside the set. */
  active: string;
  files: { path: string; text: string }[];
  /** The path that the user knows a file of the set by. */
  original(path: string): string;
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
  if (Array.isArray(value)) return value.map((item: unknown) => withOriginalPaths(item, original)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    copy[name] =
      name === 'path' && typeof item === 'string' && 'range' in value
        ? original(item)
        : withOriginalPaths(item, original);
  }
  return copy as T;
}
