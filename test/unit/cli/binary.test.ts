// The command line as it is shipped: dist/cli.js in a process of its own, with its real workers.
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../../src/report/report';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const stack = path.join(root, 'examples', 'sigmoid_stack.py');
let folder = '';

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
  const net = (width: string) =>
    `import torch.nn as nn\n\n\nclass Net(nn.Module):\n    def __init__(self, width=8):\n        super().__init__()\n        self.fc = nn.Linear(width, ${width})\n\n    def forward(self, x):\n        return self.fc(x)\n`;
  fs.writeFileSync(path.join(folder, 'healthy.py'), net('4'));
  fs.writeFileSync(path.join(folder, 'broken.py'), 'class Net(:\n');
  fs.writeFileSync(
    path.join(folder, 'words.py'),
    'import torch.nn as nn\n\n\nclass Words(nn.Module):\n    def __init__(self, n=60):\n        super().__init__()\n        self.table = nn.Embedding(n, 8)\n        self.out = nn.Linear(8, 5)\n\n    def forward(self, x):\n        return self.out(self.table(x).mean(dim=1))\n',
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

const cli = (...args: string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(root, 'dist', 'cli.js'), ...args],
      // Under CI colour libraries like to decide for themselves.
      { cwd: folder, timeout: 120_000, env: { ...process.env, CI: 'true' } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
const json = async (...args: string[]) => {
  const run = await cli('check', '--format', 'json', ...args);
  return { ...run, report: JSON.parse(run.stdout) as Report };
};

describe('gradient-lens check', { timeout: 150_000 }, () => {
  test('the JSON form keeps to the schema, with findings and proved remedies in it; a warning exits with 1', async () => {
    const { code, report } = await json(stack);
    const validate = new Ajv({ strict: true, strictTypes: false, allErrors: true }).compile(
      JSON.parse(fs.readFileSync(path.join(root, 'docs', 'report.schema.json'), 'utf8')) as object,
    );
    expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    const [model] = report.files[0]?.models ?? [];
    expect(model?.verdict).toBe('vanishing');
    expect(model?.findings[0]?.remedies.some(({ status, edits }) => status === 'proved' && edits.length > 0)).toBe(
      true,
    );
    // The first layer is told from zero: its figure is a number far below what the last one has.
    const late = model?.parameters.find(({ name }) => name === 'body.0.weight')?.logRelativeGradient.late ?? 0;
    expect(late).toBeLessThan(-12);
    expect(code).toBe(1);
  });

  test('the same seed gives the same figures', async () => {
    const figures = async () => (await json('--no-fixes', stack)).report.files[0]?.models[0]?.parameters;
    expect(await figures()).toEqual(await figures());
  });

  test('healthy exits with 0, unreadable with 2, and one does not hide the other', async () => {
    const healthy = await cli('check', 'healthy.py');
    expect(healthy.code).toBe(0);
    expect(healthy.stdout).toMatch(/Net\(\) healthy/);
    const both = await json('broken.py', 'healthy.py');
    expect(both.code).toBe(2);
    expect(
      both.report.files.map(({ problems, models }) => [problems.map((p) => p.code), models.map((m) => m.verdict)]),
    ).toEqual([
      [['syntax-error'], []],
      [[], ['healthy']],
    ]);
  });

  test('--entry, --input, --steps and --seed decide what is trained', async () => {
    const { report } = await json(
      'healthy.py',
      '--entry',
      'Net(width=16)',
      '--input',
      '2,16',
      '--steps',
      '7',
      '--seed',
      '5',
    );
    const [model] = report.files[0]?.models ?? [];
    expect(model?.entry).toBe('Net(width=16)');
    expect(model?.inputs[0]).toMatchObject({ shape: [32, 16], origin: 'declared' });
    expect(model?.evidence).toMatchObject({ seeds: [5], steps: 7 });
    const words = await json('words.py', '--input', '2,12:int<60');
    expect(words.report.files[0]?.models[0]?.inputs[0]).toMatchObject({ shape: [32, 12], kind: 'int', high: 60 });
  });

  test.each([
    [['check'], /missing required argument/],
    [['check', 'healthy.py', '--steps', 'many'], /whole number/],
    [['check', 'healthy.py', '--input', '2x3'], /2,3,32,32/],
    [['check', 'healthy.py', 'broken.py', '--entry', 'Net()'], /go with one file/],
    [['check', 'gone.py'], /no such file/i],
  ])('%j is refused with 2 and says why', async (args, message) => {
    const { code, stdout, stderr } = await cli(...args);
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(message);
  });

  test('a piped run prints neither a progress bar nor colours', async () => {
    const { stdout, stderr } = await cli('check', 'healthy.py');
    expect(stdout).not.toContain(String.fromCharCode(27));
    expect(stderr).toBe('');
  });
});
