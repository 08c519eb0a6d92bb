// A notebook through the command line as it is shipped: what is said of it, and that a fix holds once it is in the file.
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyToNotebook } from '../../../src/remedies/applyToNotebook';
import type { Report } from '../../../src/report/report';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
let folder = '';

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  const stack = path.join(root, 'test', 'host', 'workspace', 'deep_stack.ipynb');
  const notebook = JSON.parse(fs.readFileSync(stack, 'utf8')) as { cells: object[] };
  const broken = {
    cell_type: 'code',
    metadata: {},
    outputs: [],
    source: ['class Unfinished(nn.Module:\n', '    pass'],
  };
  notebook.cells.splice(2, 0, broken);
  fs.writeFileSync(path.join(folder, 'stack.ipynb'), JSON.stringify(notebook, null, 1));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function check(name: string): Promise<Report> {
  const args = [path.join(root, 'dist', 'cli.js'), 'check', '--format', 'json', name];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, timeout: 120_000 }, (_, stdout) =>
      resolve(JSON.parse(stdout) as Report),
    );
  });
}

test(
  'a broken cell hides no other, and a proved fix written into the file cures the model',
  { timeout: 150_000 },
  async () => {
    const [before] = (await check('stack.ipynb')).files;
    expect(before?.problems.map(({ code, path: file, cell, range }) => [code, file, cell, range.start.line])).toEqual([
      ['syntax-error', 'stack.ipynb', 2, 0],
    ]);
    expect(before?.models.map(({ name, verdict }) => [name, verdict])).toEqual([['Deep', 'vanishing']]);
    const [finding] = before?.models[0]?.findings ?? [];
    expect(finding).toMatchObject({ path: 'stack.ipynb', cell: 3, range: { start: { line: 4 } } });
    const first = before?.models[0]?.parameters[0];
    expect([first?.line, first?.span?.cell]).toEqual([5, 3]);

    const fix = finding?.remedies.find(({ preferred }) => preferred);
    const file = path.join(folder, 'stack.ipynb');
    const text = fs.readFileSync(file, 'utf8');
    const edited = applyToNotebook(text, fix?.edits ?? []);
    expect(edited).not.toBe(text);
    fs.writeFileSync(file, edited);
    const [after] = (await check('stack.ipynb')).files;
    expect(after?.models.map(({ verdict }) => verdict)).toEqual(['healthy']);
  },
);
