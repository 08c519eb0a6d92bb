import { type ParseError, parseTree } from 'jsonc-parser';
import type { Problem } from '../../graph/reading';
import type { SourcePosition } from '../../graph/source';

/** A code cell of a notebook. */
export interface CodeCell {
  /** Zero-based place among all cells, as `SourceSpan.cell` counts. */
  cell: number;
  /** The cell's text; lines end with \n. */
  source: string;
}

/** Far above any notebook that a person works with, outputs included. */
const LARGEST_NOTEBOOK = 128 * 1024 * 1024;
const START: SourcePosition = { line: 0, character: 0 };

/**
 * The code cells of a notebook in nbformat 4 (`cells`) or 3 (`worksheets`, `input`); everything else in it, outputs above all, is passed
 * over. Gives a problem where the text is no notebook, or not one in Python.
 */
export function readNotebook(text: string, path: string): CodeCell[] | Problem {
  const refuse = (code: string, message: string, at: SourcePosition = START): Problem => ({
    code,
    message,
    span: { path, range: { start: at, end: { line: at.line, character: at.character + 1 } } },
    related: [],
  });
  if (text.length > LARGEST_NOTEBOOK)
    return refuse('too-large', 'This notebook is too large to read. Clear its outputs.');
  // An empty file is what an editor makes of a new notebook.
  if (text.trim() === '') return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const { at, atEnd } = firstError(text);
    const what = atEnd ? 'The notebook ends in the middle of its JSON' : 'The notebook is not valid JSON here';
    return refuse('syntax-error', `${what}. Save it again from the program that wrote it.`, at);
  }
  const raw = cellsOf(parsed);
  if (raw === null) return refuse('not-a-notebook', 'This is JSON, but no notebook: it has no list of cells.');
  const language = languageOf(parsed);
  if (language !== null && !/python|sage/i.test(language))
    return refuse('not-python', `This notebook is written in ${language}. Only notebooks in Python are read.`);
  return raw.flatMap((cell, number) => {
    const source = codeOf(cell);
    return source === null ? [] : [{ cell: number, source: source.replace(/\r\n?/g, '\n') }];
  });
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

function cellsOf(notebook: unknown): unknown[] | null {
  const cells = field(notebook, 'cells');
  if (Array.isArray(cells)) return cells as unknown[];
  const sheets = field(notebook, 'worksheets');
  if (!Array.isArray(sheets)) return null;
  return sheets.flatMap((sheet: unknown) => {
    const inside = field(sheet, 'cells');
    return Array.isArray(inside) ? (inside as unknown[]) : [];
  });
}

/** What the kernel runs; null where the notebook does not say. */
function languageOf(notebook: unknown): string | null {
  const metadata = field(notebook, 'metadata');
  const said = field(field(metadata, 'language_info'), 'name') ?? field(field(metadata, 'kernelspec'), 'language');
  return typeof said === 'string' ? said : null;
}

/** The text of a Python code cell; null for all other cells. */
function codeOf(cell: unknown): string | null {
  if (field(cell, 'cell_type') !== 'code') return null;
  const own = field(cell, 'language') ?? field(field(field(cell, 'metadata'), 'vscode'), 'languageId');
  if (typeof own === 'string' && own !== '' && own !== 'python') return null;
  const source = field(cell, 'source') ?? field(cell, 'input');
  if (Array.isArray(source)) return source.filter((line) => typeof line === 'string').join('');
  return typeof source === 'string' ? source : null;
}

/** Where the JSON first goes wrong. */
function firstError(text: string): { at: SourcePosition; atEnd: boolean } {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  // A string that lacks its end is taken to reach to the end of its line: in a cut-off file that is the end of the text.
  const [first] = errors;
  const offset = first?.offset ?? text.length;
  const end = text.trimEnd().length;
  const atEnd = first === undefined || offset + first.length >= end;
  const before = text.slice(0, Math.min(offset, Math.max(0, end - 1))).split(/\r\n|\n|\r/);
  return { at: { line: before.length - 1, character: before.at(-1)?.length ?? 0 }, atEnd };
}
