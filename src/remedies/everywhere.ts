import type { SourceSpan } from '../graph/source';

/**
 * The results of writing at all places; null where one place gives none or there is no place, since a half-changed stack proves nothing.
 * `draftOf` gives the draft of a file, null where it was not read.
 */
export function everywhere<P extends { span: SourceSpan }, D, R>(
  places: readonly P[],
  draftOf: (path: string) => D | null,
  write: (place: P, draft: D) => readonly R[],
): R[] | null {
  const results: R[] = [];
  for (const place of places) {
    const draft = draftOf(place.span.path);
    const made = draft === null ? [] : write(place, draft);
    if (made.length === 0) return null;
    results.push(...made);
  }
  return results.length === 0 ? null : results;
}
