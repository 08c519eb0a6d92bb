import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, LineIndex } from '../../../src/remedies/applyEdits';
import { applyToNotebook, NoSuchCellError } from '../../../src/remedies/applyToNotebook';

const at = (line: number, from: number, to = from) => ({
  start: { line, character: from },
  end: { line, character: to },
});
const edit = (cell: number | undefined, line: number, from: number, to: number, text: string) => ({
  range: at(line, from, to),
  text,
  ...(cell === undefined ? {} : { cell }),
});

const file = `{
 "cells": [
  {
   "cell_type": "markdown",
   "source": ["nn.Sigmoid() \\u00e9"]
  },
  {
   "cell_type": "code",
   "outputs": [{"data": {"image\\/png": "AAAA"}}],
   "source": [
    "import torch\\n",
    "act = nn.Sigmoid()  # caf\\u00e9\\n",
    "b = \\"a\\/b\\""
   ]
  },
  { "cell_type": "code", "source": "x = nn.Tanh()\\ny = 2", "outputs": [] }
 ],   "nbformat": 4
}
`;

describe('edits of cells in a notebook file', () => {
  test('change the line in question, and nothing else', () => {
    expect(applyToNotebook(file, [edit(1, 1, 6, 18, 'nn.ReLU()')])).toBe(
      file.replace('"act = nn.Sigmoid()', '"act = nn.ReLU()'),
    );
  });

  test('add lines in the layout of the list', () => {
    const edits = [edit(1, 0, 12, 12, '\nfrom torch import nn  # \u2713'), edit(2, 0, 4, 13, 'nn.GELU()')];
    expect(applyToNotebook(file, edits)).toBe(
      file
        .replace('"import torch\\n",\n', '"import torch\\n",\n    "from torch import nn  # \\u2713\\n",\n')
        .replace('nn.Tanh()', 'nn.GELU()'),
    );
  });

  test('an empty list gets a line, an emptied list loses all', () => {
    const empty = '{"cells": [{"cell_type": "code", "source": []}]}';
    const filled = '{"cells": [{"cell_type": "code", "source": ["x"]}]}';
    expect(applyToNotebook(empty, [edit(0, 0, 0, 0, 'x')])).toBe(filled);
    expect(applyToNotebook(filled, [edit(0, 0, 0, 1, '')])).toBe(empty);
  });

  test('cells of nbformat 3 lie in worksheets', () => {
    const old =
      '{"worksheets": [{"cells": [{"cell_type": "markdown"}]}, {"cells": [{"cell_type": "code", "input": "a"}]}]}';
    expect(applyToNotebook(old, [edit(1, 0, 0, 1, 'b')])).toBe(old.replace('"a"', '"b"'));
  });

  test.each([[0], [3], [undefined]])('cell %s has no code', (cell) => {
    expect(() => applyToNotebook(file, [edit(cell, 0, 0, 0, 'x')])).toThrow(NoSuchCellError);
  });

  test('whatever the notebook, the cell reads as the edited source and the rest is untouched', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\u00e9', '\u{1f600}', '\t', '#') });
    const source = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(source, fc.boolean()), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.nat(),
        source,
        fc.constantFrom(undefined, 1, '\t'),
        (sources, pickCell, pickPlace, inserted, indent) => {
          const cells = sources.map(([text, list]) => ({
            cell_type: 'code',
            source: list ? (text.match(/[^\n]*\n|[^\n]+$/g) ?? []) : text,
          }));
          const before = JSON.stringify({ cells, metadata: { a: 1.5 }, nbformat: 4 }, null, indent);
          const cell = pickCell % cells.length;
          const text = sources[cell]?.[0] ?? '';
          const place = new LineIndex(text).positionOf(pickPlace % (text.length + 1));
          const change = { range: { start: place, end: place }, text: inserted };
          const after = applyToNotebook(before, [{ ...change, cell }]);
          const read = JSON.parse(after) as { cells: { source: string | string[] }[] };
          const joined = read.cells.map(({ source: s }) => (Array.isArray(s) ? s.join('') : s));
          expect(joined).toEqual(sources.map(([s], i) => (i === cell ? applyEdits(s, [change]) : s)));
          read.cells.splice(cell, 1, cells[cell] as never);
          expect(JSON.stringify(read, null, indent)).toBe(before);
        },
      ),
      { numRuns: 300 },
    );
  });
});
