import type { SourceSpan } from './source';

/**
 * A copy of plain data with `map` applied to every source span in it. Text edits and findings, which are spans with more to
 * them, keep the rest.
 */
export function withSpans<T>(value: T, map: (span: SourceSpan) => SourceSpan): T {
  if (Array.isArray(value)) return value.map((item: unknown) => withSpans(item, map)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) copy[name] = name === 'range' ? item : withSpans(item, map);
  if (!('range' in value && 'path' in value && typeof value.path === 'string')) return copy as T;
  // A span in another cell, or in none, must not keep the cell that it had.
  delete copy['cell'];
  return { ...copy, ...map(spanOf(value as SourceSpan)) } as T;
}

const spanOf = ({ path, range, cell }: SourceSpan): SourceSpan => ({
  path,
  range,
  ...(cell === undefined ? {} : { cell }),
});
