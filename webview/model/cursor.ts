import type { SourceSpan } from '../../src/graph/source';
import type { Row } from './rows';

/** Whether the cursor's line is one of the row's place. */
export function holds({ span, group, folded, ...row }: Row, cursor: SourceSpan): boolean {
  if (group) return folded && group.leaves.some((leaf) => covers(leaf.span, cursor));
  return covers(row.leaf?.span ?? span, cursor);
}

function covers(span: SourceSpan | null, cursor: SourceSpan): boolean {
  if (span?.path !== cursor.path || span.cell !== cursor.cell) return false;
  const { line } = cursor.range.start;
  return line >= span.range.start.line && line <= span.range.end.line;
}

/** The row that the cursor means: of those in its line a flagged one first, and a weight before an activation. */
export function rowAt(rows: readonly Row[], cursor: SourceSpan): Row | null {
  const here = rows.filter((row) => holds(row, cursor));
  return here.find(({ flagged }) => flagged) ?? here.find(({ weights }) => weights > 0) ?? here[0] ?? null;
}
