/** What the notebook's file says of a cell, as far as reading it needs. */
export interface OpenCell {
  /** Markup cells hold no code. */
  markup: boolean;
  languageId: string;
  text: string;
}

/**
 * The notebook that is open, saved or not, in the form of its file (nbformat 4): every cell is at its place, outputs are left out. Equal
 * notebooks give equal texts.
 */
export function notebookText(cells: readonly OpenCell[]): string {
  return JSON.stringify({
    cells: cells.map(({ markup, languageId, text }) => ({
      cell_type: markup ? 'markdown' : 'code',
      metadata: { vscode: { languageId } },
      source: text,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}
