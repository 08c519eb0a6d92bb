/** The code cells of a notebook joined into one text, and where each cell begins in it. */
export interface NotebookText {
  text: string;
  /** First line of each code cell, by its place among all cells. */
  first: Map<number, number>;
}

interface Cell {
  cell_type?: string;
  source?: string | string[];
}

/** Joins the cells of a notebook in nbformat 4; lines that are commands of IPython become blank. */
export function notebookText(json: string): NotebookText {
  const { cells = [] } = JSON.parse(json) as { cells?: Cell[] };
  const lines: string[] = [];
  const first = new Map<number, number>();
  cells.forEach(({ cell_type: type, source = '' }, at) => {
    if (type !== 'code') return;
    first.set(at, lines.length);
    const text = Array.isArray(source) ? source.join('') : source;
    const isCommand = text.trimStart().startsWith('%%');
    lines.push(...text.split('\n').map((line) => (isCommand || /^\s*[%!]/.test(line) ? '' : line)));
  });
  return { text: lines.join('\n'), first };
}
