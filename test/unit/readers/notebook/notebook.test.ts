import { describe, expect, test } from 'vitest';
import { readNotebook } from '../../../../src/readers/notebook/notebook';

const code = (source: string | string[], more: object = {}) => ({ cell_type: 'code', metadata: {}, source, ...more });
const text = { cell_type: 'markdown', metadata: {}, source: '# Title' };
const notebook = (cells: object[], metadata: object = {}) =>
  JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1);
const read = (json: string) => readNotebook(json, 'a.ipynb');

describe('reading a notebook', () => {
  test('gives the code cells with their places among all cells', () => {
    const found = read(notebook([text, code(['a = 1\n', 'b = 2']), text, code('c = 3\r\nd = 4')]));
    expect(found).toEqual([
      { cell: 1, source: 'a = 1\nb = 2' },
      { cell: 3, source: 'c = 3\nd = 4' },
    ]);
  });

  test('reads nbformat 3, whose cells lie in worksheets', () => {
    const old = { cell_type: 'code', language: 'python', input: ['a = 1\n', 'b = 2'], outputs: [] };
    const json = JSON.stringify({ nbformat: 3, worksheets: [{ cells: [text, old] }, { cells: [old] }] });
    expect(read(json)).toEqual([
      { cell: 1, source: 'a = 1\nb = 2' },
      { cell: 2, source: 'a = 1\nb = 2' },
    ]);
  });

  test('passes over raw cells, cells in other languages and cells that are damaged', () => {
    const odd = [
      { cell_type: 'raw', source: 'x' },
      code('let a', { metadata: { vscode: { languageId: 'javascript' } } }),
      { cell_type: 'code' },
      7,
      code('a = 1'),
    ] as object[];
    expect(read(notebook(odd))).toEqual([{ cell: 4, source: 'a = 1' }]);
  });

  test('an empty file is a new notebook', () => {
    expect(read('')).toEqual([]);
  });

  test('outputs, however large, are passed over', () => {
    const outputs = [{ output_type: 'display_data', data: { 'image/png': 'A'.repeat(20 * 2 ** 20) } }];
    expect(read(notebook([code('a = 1', { outputs })]))).toEqual([{ cell: 0, source: 'a = 1' }]);
  });

  test('says where a file was cut off', () => {
    const whole = notebook([code(['first = 1\n', 'second = 2\n'])]);
    const cut = whole.slice(0, whole.indexOf('cond'));
    const line = cut.split('\n').length - 1;
    expect(read(cut)).toMatchObject({
      code: 'syntax-error',
      message: expect.stringContaining('ends in the middle') as string,
      span: { path: 'a.ipynb', range: { start: { line } } },
    });
    for (let end = 1; end < whole.length - 1; end++)
      expect(read(whole.slice(0, end)), `cut after ${end}`).toHaveProperty('code', 'syntax-error');
  });

  test('says where the JSON is wrong', () => {
    const conflict = notebook([code('a = 1')]).replace(' "cells"', '<<<<<<< HEAD\n "cells"');
    expect(read(conflict)).toMatchObject({
      code: 'syntax-error',
      message: expect.stringContaining('not valid JSON here') as string,
      span: { range: { start: { line: 1, character: 0 } } },
    });
  });

  test('names what is no notebook, and notebooks in other languages', () => {
    expect(read('{"a": 1}')).toMatchObject({ code: 'not-a-notebook' });
    expect(read('[1, 2]')).toMatchObject({ code: 'not-a-notebook' });
    expect(read(notebook([code('x <- 1')], { kernelspec: { language: 'R' } }))).toMatchObject({
      code: 'not-python',
      message: expect.stringContaining('written in R') as string,
    });
    expect(read(notebook([], { language_info: { name: 'python' }, kernelspec: { language: 'R' } }))).toEqual([]);
  });
});
