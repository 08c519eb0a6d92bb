/** Which rows are in view: `rowHeight` pixels each, the first `top` pixels scrolled away. */
export interface View {
  rowHeight: number;
  top: number;
}

export const FULL_ROW = 22;
/** Pixels of a row below which names no longer fit. */
export const READABLE_ROW = 14;

/** Smallest useful row height: all rows at once. */
export const fitRow = (rows: number, height: number): number => Math.min(FULL_ROW, height / Math.max(1, rows));

/** First and last row (exclusive) that are drawn, with some beyond the edges so that quick scrolling shows no gap. */
export function windowOf(rows: number, { rowHeight, top }: View, height: number, beyond = 8): [number, number] {
  const from = Math.max(0, Math.floor(top / rowHeight) - beyond);
  return [from, Math.min(rows, Math.ceil((top + height) / rowHeight) + beyond)];
}

/** The view in which the rows from `a` to `b` (fractions of all rows, in either order) fill the height. */
export function brushed(rows: number, height: number, a: number, b: number): View {
  const [from, to] = [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
  const shown = Math.max(1, (to - from) * rows);
  const rowHeight = clampRow(height / shown, rows, height);
  return clamped({ rowHeight, top: from * rows * rowHeight }, rows, height);
}

/** Larger or smaller rows, the row at `anchor` pixels from the top of the view staying where it is. */
export function zoomed(view: View, factor: number, anchor: number, rows: number, height: number): View {
  const rowHeight = clampRow(view.rowHeight * factor, rows, height);
  const row = (view.top + anchor) / view.rowHeight;
  return clamped({ rowHeight, top: row * rowHeight - anchor }, rows, height);
}

/** Scrolled as little as it takes to have row number `row` in view. */
export function showing(view: View, row: number, height: number): View {
  const [from, to] = [row * view.rowHeight, (row + 1) * view.rowHeight];
  if (from < view.top) return { ...view, top: from };
  return to > view.top + height ? { ...view, top: to - height } : view;
}

export function clamped({ rowHeight, top }: View, rows: number, height: number): View {
  return { rowHeight, top: Math.max(0, Math.min(top, rows * rowHeight - height)) };
}

function clampRow(rowHeight: number, rows: number, height: number): number {
  return Math.max(fitRow(rows, height), Math.min(FULL_ROW, rowHeight));
}

/** Every how many-th row gets a name at this height. */
export const nameStride = (rowHeight: number): number => Math.max(1, Math.ceil(READABLE_ROW / rowHeight));
