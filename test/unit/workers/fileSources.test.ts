import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileSources } from '../../../src/workers/fileSources';

let folder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.writeFileSync(at(name), text);
  };
  write('work/pkg/__init__.py', '');
  write('work/pkg/net.py', 'from .blocks import Block\nimport helper\nimport torch\n');
  write('work/pkg/blocks.py', 'from pkg import sizes\n');
  write('work/pkg/sizes.py', 'WIDTH = 1\n');
  write('work/helper.py', '');
  write('secret.py', 'password = 1\n');
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const net = 'from .blocks import Block\nimport helper\nimport torch\n';

test.each([
  ['the workspace folder', () => [at('work')]],
  ['no workspace at all: the folder around the package', () => []],
])('imports are followed inside %s', async (_, roots) => {
  const set = await new FileSources(roots()).load(at('work/pkg/net.py'), net, []);
  expect(set.active).toBe('pkg/net.py');
  expect(set.files.map((file) => file.path).sort()).toEqual([
    'helper.py',
    'pkg/__init__.py',
    'pkg/blocks.py',
    'pkg/net.py',
    'pkg/sizes.py',
  ]);
  expect(set.original('pkg/blocks.py')).toBe(at('work/pkg/blocks.py'));
});

test('unsaved buffers win over the disk, also where the disk has no such file', async () => {
  const overlays = [
    { path: at('work/pkg/blocks.py'), text: 'import fresh\n' },
    { path: at('work/fresh.py'), text: 'x = 2\n' },
  ];
  const set = await new FileSources([at('work')]).load(at('work/pkg/net.py'), net, overlays);
  const texts = Object.fromEntries(set.files.map((file) => [file.path, file.text]));
  expect(texts['pkg/blocks.py']).toBe('import fresh\n');
  expect(texts['fresh.py']).toBe('x = 2\n');
  expect(texts['pkg/sizes.py']).toBeUndefined();
});

test('nothing outside the workspace is read', async () => {
  const set = await new FileSources([at('work')]).load(
    at('work/pkg/net.py'),
    'from ... import secret\nimport sys\nsys.path.append("..")\nimport secret\n',
    [],
  );
  expect(set.files.map((file) => file.path)).not.toContain('../secret.py');
  expect(JSON.stringify(set.files)).not.toContain('password');
});

test('the active file keeps the name it was given', async () => {
  const given = path.relative(process.cwd(), at('work/helper.py'));
  const set = await new FileSources([at('work')]).load(given, '', []);
  expect(set.original(set.active)).toBe(given);
});
