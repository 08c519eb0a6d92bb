import { findNodeAtLocation, getNodeValue, type Node, parseTree } from 'jsonc-parser';
import type { TextEdit } from '../report/report';
import { applyEdits } from './applyEdits';

/** An edit of a notebook's file that names no cell of it. */
export class NoSuchCellError extends Error {
  constructor(cell: number | undefined) {
    super(`The notebook has no code cell ${cell === undefined ? 'that the edit names' : cell + 1}.`);
    this.name = 'NoSuchCellError';
  }
}

/**
 * The text of an .ipynb file after edits of its cells. Only the source strings of the edited cells are written anew, and of a source given
 * line by line only the lines that differ; all else stays byte for byte. Throws `NoSuchCellError`, and as `applyEdits` does.
 */
export function applyToNotebook(text: string, edits: readonly Omit<TextEdit, 'path'>[]): string {
  const cells = cellNodes(parseTree(text));
  const ascii = !/[^\0-\x7f]/.test(text);
  const written = [...new Set(edits.map(({ cell }) => cell))].map((cell) => {
    const source = cell === undefined ? undefined : sourceNode(cells[cell]);
    if (source === undefined) throw new NoSuchCellError(cell);
    const edited = applyEdits(
      sourceOf(source),
      edits.filter((edit) => edit.cell === cell),
    );
    return { source, json: source.type === 'array' ? lineList(source, edited, text, ascii) : literal(edited, ascii) };
  });
  return written
    .sort((a, b) => b.source.offset - a.source.offset)
    .reduce(
      (all, { source: { offset, length }, json }) => all.slice(0, offset) + json + all.slice(offset + length),
      text,
    );
}

/** The cells in the order of `SourceSpan.cell`: those of nbformat 4, or those of all worksheets of nbformat 3. */
function cellNodes(root: Node | undefined): readonly Node[] {
  if (root === undefined) return [];
  const cells = findNodeAtLocation(root, ['cells']);
  if (cells) return cells.children ?? [];
  const sheets = findNodeAtLocation(root, ['worksheets'])?.children ?? [];
  return sheets.flatMap((sheet) => findNodeAtLocation(sheet, ['cells'])?.children ?? []);
}

function sourceNode(cell: Node | undefined): Node | undefined {
  if (cell === undefined || findNodeAtLocation(cell, ['cell_type'])?.value !== 'code') return undefined;
  return findNodeAtLocation(cell, ['source']) ?? findNodeAtLocation(cell, ['input']);
}

function sourceOf(source: Node): string {
  const value: unknown = getNodeValue(source);
  return Array.isArray(value) ? value.join('') : String(value);
}

/** The lines as a JSON list in the layout of the list that was there. */
function lineList(list: Node, source: string, text: string, ascii: boolean): string {
  const old = list.children ?? [];
  const [first, second] = old;
  const last = old.at(-1);
  const lines = source.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (!first || !last) return `[${lines.map((line) => literal(line, ascii)).join(', ')}]`;
  const raw = new Map(old.map((line) => [line.value as unknown, text.slice(line.offset, line.offset + line.length)]));
  const head = text.slice(list.offset, first.offset);
  const between = second ? text.slice(first.offset + first.length, second.offset) : `,${head.slice(1)}`;
  const tail = text.slice(last.offset + last.length, list.offset + list.length);
  return head + lines.map((line) => raw.get(line) ?? literal(line, ascii)).join(between) + tail;
}

/** A JSON string; in a file that holds nothing but ASCII it stays so, as Python's `json.dump` writes by default. */
function literal(value: string, ascii: boolean): string {
  const json = JSON.stringify(value);
  if (!ascii) return json;
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
