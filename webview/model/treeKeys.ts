import type { Row } from './rows';

export type KeyAction = { to: number } | { fold: string; shut: boolean } | { open: true } | { zoom: number } | null;

/** What a key does in the tree of rows (the ARIA practice for trees), and `+`, `-`, `0` for the size of the rows. */
export function keyAction(key: string, rows: readonly Row[], chosen: number): KeyAction {
  const row = rows[chosen];
  switch (key) {
    case 'ArrowDown':
      return { to: Math.min(rows.length - 1, chosen + 1) };
    case 'ArrowUp':
      return { to: Math.max(0, chosen - 1) };
    case 'Home':
      return { to: 0 };
    case 'End':
      return { to: rows.length - 1 };
    case 'PageDown':
      return { to: Math.min(rows.length - 1, chosen + 10) };
    case 'PageUp':
      return { to: Math.max(0, chosen - 10) };
    case 'ArrowRight':
      if (!row?.group) return null;
      return row.folded ? { fold: row.group.id, shut: false } : { to: Math.min(rows.length - 1, chosen + 1) };
    case 'ArrowLeft': {
      if (!row) return null;
      if (row.group && !row.folded) return { fold: row.group.id, shut: true };
      const parent = rows.findLastIndex((other, i) => i < chosen && other.depth < row.depth);
      return parent < 0 ? null : { to: parent };
    }
    case ' ':
      return row?.group ? { fold: row.group.id, shut: !row.folded } : null;
    case 'Enter':
      return row?.group ? { fold: row.group.id, shut: !row.folded } : { open: true };
    case '+':
      return { zoom: 1.25 };
    case '-':
      return { zoom: 0.8 };
    case '0':
      return { zoom: 0 };
    default:
      return null;
  }
}
