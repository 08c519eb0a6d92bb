import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ReaderClient } from '../../../../src/workers/readerClient';

// The reader as it ships, with shorter limits.
vi.setConfig({ testTimeout: 60_000 });
let client: ReaderClient;

beforeAll(async () => {
  const dist = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'dist');
  client = new ReaderClient(dist, () => undefined, { timeout: 4_000, interrupt: 3_000, stall: 1_500, heap: 2 ** 27 });
  await client.start();
}, 60_000);

afterAll(async () => {
  await client.dispose();
});

const net = (name: string) => `
class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)

    def forward(self, x):
        return self.a(x)
`;
/** The statement begins in line 11. */
const around = (statement: string) => `import torch.nn as nn\n${net('Before')}\n${statement}\n${net('After')}`;

/** Names of the models that were read, and code and one-based line of each problem. */
async function read(text: string): Promise<{ models: string[]; problems: string[] }> {
  const { models, problems } = await client.read({ path: 'net.py', files: [{ path: 'net.py', text }], batch: 2 });
  return {
    models: models.filter(({ graph }) => graph !== null).map(({ name }) => name),
    problems: problems.map(({ code, span }) => `${code} ${String(span && span.range.start.line + 1)}`),
  };
}

const both = ['Before', 'After'];

describe('a statement that brings the interpreter down hides no model', () => {
  it.each([
    ['a loop in C without end', 'x = sum(range(10**13))', 'timeout 11'],
    ['two of them', 'x = sum(range(10**13))\ny = sum(range(10**13))', 'timeout 11'],
    ['a power of a thousand million digits', 'x = 3 ** (10**9)', 'timeout 11'],
    ['an expression that tries every way', "import re\nre.match('(a+)+b', 'a' * 60)", 'timeout 12'],
    ['builtins taken away', 'import builtins\nbuiltins.isinstance = None', 'crashed 12'],
    ['a tracer that raises', 'import sys\nsys.settrace(lambda *a: 1 / 0)', 'crashed 12'],
    [
      'a class that raises at every look',
      'class Meta(type):\n    def __getattribute__(cls, name):\n        raise RuntimeError\nclass Odd(metaclass=Meta):\n    pass',
      'crashed 14',
    ],
  ])('%s', async (_, statement, problem) => {
    const found = await read(around(statement));
    expect(found.models).toEqual(both);
    expect(found.problems).toHaveLength(1);
    // The line that was told last; a crash may come to light a line later.
    expect(found.problems[0]?.split(' ')[0]).toBe(problem.split(' ')[0]);
  });

  it('leaves no layer out in silence: what the statement builds is unread', async () => {
    const text = `import torch.nn as nn
layers = [nn.Linear(4, 4)]
for n in (1, 2, 3):
    layers.append(nn.Linear(4, 4 if n < 3 else sum(range(10**13))))
model = nn.Sequential(*layers)
${net('After')}`;
    const found = await read(text);
    expect(found.models).toEqual(['After']);
    expect(found.problems[0]).toMatch(/^timeout [34]$/);
  });

  it('reads imports, classes and functions alone where one statement is not enough', async () => {
    const found = await read(around('import builtins\ndef f():\n    builtins.isinstance = None\nf()\nf()'));
    expect(found.models).toEqual(both);
    expect(found.problems[0]).toMatch(/^crashed/);
  });
});

describe('files that are no proper Python text', () => {
  it.each<[string, string, string[]]>([
    ['a byte order mark', `\ufeff${around('')}`, []],
    ['old line ends', around('').replaceAll('\n', '\r'), []],
    ['DOS line ends', around('').replaceAll('\n', '\r\n'), []],
    ['a form feed', around('\f'), []],
    ['a coding that is not the one it has', `# -*- coding: koi8-r -*-\n${around("x = 'é'")}`, []],
    ['a coding that does not exist', `# coding: nonsense\n${around('')}`, []],
    ['half a surrogate pair', around("x = '\ud800'"), []],
    ['a null byte', around('x = "\0"'), ['syntax-error 11']],
    ['a number of too many digits', around(`x = ${'9'.repeat(5000)}`), ['syntax-error 11']],
    ['brackets too deep', around(`x = ${'('.repeat(500)}${')'.repeat(500)}`), ['syntax-error 11']],
    ['signs too deep', around(`x = ${'-'.repeat(100_000)}1`), ['syntax-error 11']],
    ['a sum of too many terms', around(`x = 1${' + 1'.repeat(50_000)}`), ['recursion 11']],
    ['a hundred thousand empty lines', around('\n'.repeat(100_000)), []],
  ])('%s', async (_, text, problems) => {
    expect(await read(text)).toEqual({ models: both, problems });
  });

  it('refuses a file that is far too long', async () => {
    expect(await read(around(`# ${'a'.repeat(6_000_000)}`))).toEqual({ models: [], problems: ['too-large 1'] });
  });

  it('reads the first of very many models, and says so', async () => {
    const found = await read(
      `import torch.nn as nn\n${Array.from({ length: 300 }, (_, n) => net(`Net${n}`)).join('')}`,
    );
    expect(found.models).toHaveLength(40);
    expect(found.problems).toEqual(['too-many-models 323']);
  });
});

describe('statements that ask for what a sealed reader has not', () => {
  it.each<[string, string, string[]]>([
    ['more text than there is memory', "x = 'a' * 10**10", []],
    ['a number that is not in a range', 'x = 0.5 in range(10**6)', []],
    ['a file that imports itself', 'import net\nfrom net import Before as Own', []],
    ['the end of the script', 'import sys\nsys.exit(1)', []],
    ['the end of the process', 'import os\nos._exit(1)', ['denied 12']],
    ['an answer', "x = input('? ')", []],
    ['a thread', 'import threading\nthreading.Thread(target=print).start()', ['denied 12']],
    ['processes', 'import multiprocessing\nmultiprocessing.Pool(4).map(abs, [1])', []],
    ['no more modules', 'import sys\nfor name in list(sys.modules):\n    del sys.modules[name]', []],
    ['the watch switched off', 'import sys\nsys.monitoring.free_tool_id(4)', []],
    ['signals', 'import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)', []],
    ['a last word', 'import atexit\natexit.register(lambda: 1 / 0)', []],
    ['an interrupt', 'raise KeyboardInterrupt', []],
    ['the end of a generator', 'raise GeneratorExit', []],
    ['recursion without end', 'def f(n):\n    return f(n + 1)\nf(0)', ['recursion 12']],
    ['a finaliser that raises', 'class D:\n    def __del__(self):\n        raise ValueError\nD()', []],
  ])('%s', async (_, statement, problems) => {
    expect(await read(around(statement))).toEqual({ models: both, problems });
  });

  it('memory without end', async () => {
    const found = await read(around('import itertools\nx = list(itertools.count())'));
    expect(found.models).toEqual(both);
    // Whichever limit comes first.
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]).toMatch(/^(out-of-memory|timeout) 12$/);
  });
});
