import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check, type Diagnoser } from '../../../src/cli/check';
import { TextReport } from '../../../src/cli/text';
import type { FileReport } from '../../../src/report/report';

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  fs.writeFileSync(path.join(folder, 'r.ipynb'), '{}');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } };
const problem = (code: string, cell?: number) => ({
  code,
  message: 'It does not parse.',
  span: null,
  related: [],
  path: 'n.ipynb',
  range,
  ...(cell === undefined ? {} : { cell }),
});
const answering = (code: string): Diagnoser => ({
  diagnose: ({ path: file }) => Promise.resolve({ path: file, problems: [problem(code)], models: [] }),
});

test('a place in a notebook names the cell, and shows its text', () => {
  const asked: unknown[] = [];
  const textOf = (file: string, cell: number | undefined) => {
    asked.push([file, cell]);
    return 'first\n  abc\nlast';
  };
  const file: FileReport = { path: 'n.ipynb', problems: [problem('syntax-error', 4)], models: [] };
  const lines = new TextReport(false, textOf).file(file).split('\n');
  expect(lines[0]).toBe('n.ipynb[cell 5]:2:3 not read It does not parse. syntax-error');
  expect(lines).toContain('> 2 |   abc');
  expect(asked).toEqual([['n.ipynb', 4]]);
});

test('a notebook in another language is spoken of where it was named, not where a folder was', async () => {
  const named = await check(answering('not-python'), [path.join(folder, 'r.ipynb')], {});
  expect(named.report.files).toHaveLength(1);
  const found = await check(answering('not-python'), [folder], {});
  expect(found.report.files).toEqual([]);
  const broken = await check(answering('syntax-error'), [folder], {});
  expect(broken.report.files).toHaveLength(1);
});
