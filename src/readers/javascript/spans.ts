import type { SourcePosition, SourceSpan } from '../../graph/source';

/** A copy of plain data with every source span in it replaced; `map` may find that a place has no counterpart. */
export function withSpansMapped<T>(value: T, map: (span: SourceSpan) => SourceSpan | null): T {
  if (Array.isArray(value)) return value.map((item: unknown) => withSpansMapped(item, map)) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (isSpan(value)) return map(value) as T;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withSpansMapped(item, map)])) as T;
}

function isSpan(value: object): value is SourceSpan {
  return 'path' in value && typeof value.path === 'string' && 'range' in value;
}

/** Whether a span begins inside another one. */
export function isInside(inner: SourceSpan, outer: SourceSpan): boolean {
  const { start } = inner.range;
  const before = (a: SourcePosition, b: SourcePosition) =>
    a.line < b.line || (a.line === b.line && a.character <= b.character);
  return inner.path === outer.path && before(outer.range.start, start) && before(start, outer.range.end);
}
