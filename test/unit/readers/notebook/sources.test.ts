import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReadRequest, ReadResult } from '../../../../src/graph/reading';
import type { SourceSpan } from '../../../../src/graph/source';
import { Reading } from '../../../../src/pipeline/reading';
import { FileSources } from '../../../../src/workers/fileSources';

let folder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);
const notebook = (...sources: string[]) =>
  JSON.stringify({
    cells: sources.map((source) => ({ cell_type: 'code', source })),
    metadata: {},
    nbformat: 4,
  });

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  fs.writeFileSync(at('train.py'), 'WIDTH = 3\n');
  fs.writeFileSync(at('helper.py'), 'WIDTH = 4\n');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

test('a notebook imports the modules beside it, even one of its own name, unsaved texts first', async () => {
  const text = notebook('import torch', 'from train import WIDTH', 'import helper');
  const overlays = [{ path: at('helper.py'), text: 'WIDTH = 5\n' }];
  const set = await new FileSources([folder]).load(at('train.ipynb'), text, overlays);
  const texts = new Map(set.files.map((file) => [set.original(file.path), file.text]));
  expect(texts.get(at('train.py'))).toBe('WIDTH = 3\n');
  expect(texts.get(at('helper.py'))).toBe('WIDTH = 5\n');
  expect(set.original(set.active)).toBe(at('train.ipynb'));
  expect(texts.get(at('train.ipynb'))).toContain('from train import WIDTH');
});

/** A reader that finds one problem: the place of a text in the active file. */
class Finder {
  constructor(private readonly what: string) {}

  read({ path: active, files }: ReadRequest): Promise<ReadResult> {
    const lines = files.find((file) => file.path === active)?.text.split('\n') ?? [];
    const line = lines.findIndex((candidate) => candidate.includes(this.what));
    const character = lines[line]?.indexOf(this.what) ?? -1;
    const range = { start: { line, character }, end: { line, character: character + this.what.length } };
    const span = { path: active, range };
    return Promise.resolve({
      problems: [{ code: 'found', message: '', span, related: [] }],
      models: [],
      files: [active],
    });
  }
}

test('places are told in cells, and in the text where remedies are made; an edited text has no cells', async () => {
  const file = at('n.ipynb');
  const sources = await new FileSources([folder]).load(file, notebook('%pip list\nimport torch', 'a = 1\nb = 2'), []);
  const reading = new Reading(new Finder('b = 2'), sources, {});
  const { problems } = await reading.models();
  const span: SourceSpan = {
    path: file,
    cell: 1,
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } },
  };
  expect(problems.map((problem) => problem.span)).toEqual([span]);

  const inText = reading.inText(span);
  const [active] = reading.files;
  expect(inText).not.toHaveProperty('cell');
  expect(active?.path).toBe(file);
  expect(active?.text.split('\n')[inText.range.start.line]).toBe('b = 2');
  expect(reading.inDocument([{ ...inText, text: 'c' }])).toEqual([{ ...span, text: 'c' }]);

  const edited = reading.edited([{ path: file, text: 'x\nb = 2' }], undefined);
  expect((await edited.models()).problems[0]?.span).toEqual({
    path: file,
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } },
  });
});

test('a notebook that cannot be taken apart is a located problem, not an error', async () => {
  const file = at('n.ipynb');
  const sources = await new FileSources([folder]).load(file, notebook('a = 1').slice(0, 30), []);
  const { problems } = await new Reading(new Finder('nothing'), sources, {}).models();
  expect(problems[0]).toMatchObject({ code: 'syntax-error', span: { path: file } });
});
