import { describe, expect, test } from 'vitest';
import type { SourceSpan } from '../../../../src/graph/source';
import { CellModule } from '../../../../src/readers/notebook/cellModule';

const cells = [
  { cell: 1, source: 'import torch\n' },
  { cell: 4, source: '%time x = 1\nnet = Net(\n  3)' },
  { cell: 5, source: '' },
  { cell: 6, source: '    y = 2' },
];
const module = new CellModule(cells, 'n.ipynb');
const lines = module.text.split('\n');

function spanOf(text: string): SourceSpan {
  const line = lines.findIndex((candidate) => candidate.includes(text));
  expect(line).toBeGreaterThanOrEqual(0);
  const character = (lines[line] ?? '').indexOf(text);
  return { path: 'n.ipynb', range: { start: { line, character }, end: { line, character: character + text.length } } };
}

describe('the cells as one module', () => {
  test.each([
    ['torch', 1, 0, 7],
    ['x = 1', 4, 0, 6],
    ['3)', 4, 2, 2],
    ['y = 2', 6, 0, 4],
  ])('finds %s in its cell', (text, cell, line, character) => {
    const span = spanOf(text);
    const placed = module.inCell(span);
    expect(placed).toEqual({
      path: 'n.ipynb',
      cell,
      range: { start: { line, character }, end: { line, character: character + text.length } },
    });
    expect(module.inModule(placed)).toEqual(span);
  });

  test('gives an indented cell a block to stand in', () => {
    expect(lines[spanOf('y = 2').range.start.line - 1]).toBe('if True:');
    expect(lines[spanOf('x = 1').range.start.line - 1]).toBe('');
  });

  test('draws an end in a later cell in', () => {
    const { path, range } = spanOf('net');
    const placed = module.inCell({
      path,
      range: { start: range.start, end: { line: lines.length - 2, character: 3 } },
    });
    expect(placed.range.end).toEqual({ line: 2, character: 4 });
  });

  test('every place of the module lies in some cell', () => {
    for (const line of lines.keys()) {
      const at = { line, character: 0 };
      const placed = module.inCell({ path: 'n.ipynb', range: { start: at, end: at } });
      const source = cells.find(({ cell }) => cell === placed.cell)?.source.split('\n') ?? [];
      expect(placed.range.start.line).toBeLessThan(source.length);
    }
  });

  test('leaves places in other files alone', () => {
    const other = { ...spanOf('net'), path: 'helper.py' };
    expect(module.inCell(other)).toBe(other);
    expect(module.inModule({ ...other, cell: 4 })).toEqual({ ...other, cell: 4 });
  });

  test('a notebook without code is an empty module', () => {
    const empty = new CellModule([], 'n.ipynb');
    expect(empty.text.trim()).toBe('');
    const span = { path: 'n.ipynb', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
    expect(empty.inCell(span)).toEqual(span);
  });

  test('knows the names that IPython gives', () => {
    expect(new CellModule([{ cell: 0, source: 'x = !ls' }], 'n.ipynb').text).toMatch(
      /^from IPython import .*get_ipython/,
    );
    expect(new CellModule([{ cell: 0, source: 'x = 1' }], 'n.ipynb').text).not.toContain('IPython');
  });
});
