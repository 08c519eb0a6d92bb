import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReadRequest, ReadResult } from '../../../src/graph/reading';
import { Reading } from '../../../src/pipeline/reading';
import { FileSources } from '../../../src/workers/fileSources';

const NET = 'import torch\nclass Net(torch.nn.Module):\n    pass\n';
let folder = '';
let clock = 0;
const at = (...parts: string[]) => path.join(folder, ...parts);

function write(name: string, text: string): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), text);
}

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  clock = 0;
  write('net.py', NET);
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

async function callSites(sources: FileSources, overlays: { path: string; text: string }[] = []) {
  const set = await sources.load(at('net.py'), NET, overlays);
  const found = await set.callSites?.();
  return { set, found, callers: found?.callers, files: found?.files.map((file) => file.path) };
}

const sourcesOf = () => new FileSources([folder], () => clock);

test('a script is found with what it imports', async () => {
  write('train.py', 'from net import Net\nimport helper\nhelper.run(Net())\n');
  write('helper.py', 'import more\n');
  write('more.py', '');
  write('venv/train.py', 'from net import Net\nrun(Net())\n');
  const { callers, files } = await callSites(sourcesOf());
  expect(callers).toEqual(['train.py']);
  expect(files).toEqual(['train.py', 'helper.py', 'more.py']);
});

test('unsaved buffers win, and what changes on the disk is seen', async () => {
  const sources = sourcesOf();
  write('train.py', 'print(1)\n');
  expect((await callSites(sources)).callers).toEqual([]);
  const text = 'from net import Net\nrun(Net())\n';
  const { callers, found } = await callSites(sources, [{ path: at('train.py'), text }]);
  expect(callers).toEqual(['train.py']);
  expect(found?.files[0]?.text).toBe(text);
  write('train.py', `${text}# saved\n`);
  clock += 60_000;
  expect((await callSites(sources)).callers).toEqual(['train.py']);
});

test('a notebook counts as the module of its cells, and spans find their way back', async () => {
  const cells = [
    { cell_type: 'markdown', source: ['# Net'] },
    { cell_type: 'code', source: ['%time 1\n', 'from net import Net'] },
    { cell_type: 'code', source: ['run(Net())'] },
  ];
  write('try it.ipynb', JSON.stringify({ cells, nbformat: 4, metadata: {} }));
  const { set, callers, found } = await callSites(sourcesOf());
  expect(callers).toEqual(['__notebook_try_it__.py']);
  const text = found?.files[0]?.text.split('\n') ?? [];
  const line = text.indexOf('run(Net())');
  const original = set.original('__notebook_try_it__.py');
  expect(original).toBe(at('try it.ipynb'));
  const range = { start: { line, character: 0 }, end: { line, character: 3 } };
  expect(set.places?.inCell({ path: original, range })).toMatchObject({ cell: 2, range: { start: { line: 0 } } });
});

const result = (code: string | null): ReadResult => ({
  problems: code === null ? [] : [{ code, message: '', span: null, related: [] }],
  models: [],
  files: [],
});

test('scripts that keep the file from being read are left away until they change', async () => {
  write('train.py', 'from net import Net\nrun(Net())\n');
  const sources = sourcesOf();
  const asked: (readonly string[] | undefined)[] = [];
  const reader = {
    read: (request: ReadRequest) => {
      asked.push(request.callers);
      return Promise.resolve(result(request.callers ? 'timeout' : null));
    },
  };
  const read = async () => {
    const reading = new Reading(reader, await sources.load(at('net.py'), NET, []), {});
    return reading.models();
  };
  expect((await read()).problems).toEqual([]);
  await read();
  expect(asked).toEqual([['train.py'], undefined, undefined]);
  write('train.py', 'from net import Net\nrun(Net(), 2)\n');
  clock += 60_000;
  await read();
  expect(asked).toEqual([['train.py'], undefined, undefined, ['train.py'], undefined]);
});

test('a reading that found call sites keeps them for its later questions', async () => {
  write('train.py', 'from net import Net\nrun(Net())\n');
  const asked: ReadRequest[] = [];
  const reader = {
    read: (request: ReadRequest) => {
      asked.push(request);
      return Promise.resolve(result(null));
    },
  };
  const reading = new Reading(reader, await sourcesOf().load(at('net.py'), NET, []), {});
  await reading.models();
  await reading.withBatch('Net()', 8);
  const before = asked.length;
  const edited = reading.edited([{ path: at('train.py'), text: 'changed' }], undefined);
  await edited.withBatch('Net()', 8);
  // A model that is not found by its name is looked for among all of the file, with the same call sites.
  expect(before).toBeGreaterThan(1);
  expect(asked.length).toBeGreaterThan(before);
  for (const { callers } of asked) expect(callers).toEqual(['train.py']);
  for (const { files } of asked.slice(before))
    expect(files.find((file) => file.path === 'train.py')?.text).toBe('changed');
  expect(reading.files.map((file) => file.path)).toEqual([at('net.py'), at('train.py')]);
});
