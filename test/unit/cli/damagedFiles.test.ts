// Files that an editor, a transfer or another program has damaged: each reader says what is wrong and where, or reads them all
// the same. The command line as it is shipped checks them in one run, so none of them costs another its reading.
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/report/report';

const root = path.resolve(import.meta.dirname, '..', '..', '..');
const keras = 'model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n';
const layers = [
  { class_name: 'InputLayer', config: { batch_input_shape: [null, 4], name: 'i' } },
  { class_name: 'Dense', config: { name: 'd', units: 3 } },
];
const cell = { cell_type: 'code', metadata: {}, outputs: [], source: ['import keras\n', keras] };

const WHOLE: Record<string, string> = {
  py: `import keras\n${keras}`,
  js: `import * as tf from '@tensorflow/tfjs';\nexport const model = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [4]})]});\n`,
  json: JSON.stringify({ class_name: 'Sequential', config: { name: 's', layers } }, null, 1),
  yaml: 'nc: 3\nbackbone:\n  - [-1, 1, Conv, [8, 3, 2]]\nhead:\n  - [-1, 1, Classify, [nc]]\n',
  ipynb: JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1),
};
const bytes = (text: string) => Buffer.from(text, 'utf8');
const DAMAGE: Record<string, (text: string) => Buffer> = {
  mark: (text) => bytes(`\ufeff${text}`),
  dos: (text) => bytes(text.replaceAll('\n', '\r\n')),
  nul: (text) => bytes(`${text.slice(0, -2)}\0${text.slice(-2)}`),
  utf16: (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  latin1: (text) => Buffer.concat([bytes(text), Buffer.from([0xe9, 0xff])]),
  // Inside the last bracket.
  cut: (text) => bytes(text.slice(0, text.lastIndexOf(']'))),
  empty: () => bytes(''),
};

let folder = '';
let report: Report;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'damaged-'));
  const names: string[] = [];
  for (const [kind, text] of Object.entries(WHOLE))
    for (const [damage, apply] of Object.entries(DAMAGE)) {
      names.push(`${damage}.${kind}`);
      fs.writeFileSync(path.join(folder, `${damage}.${kind}`), apply(text));
    }
  const args = [path.join(root, 'dist', 'cli.js'), 'check', '--format', 'json', '--no-fixes', ...names];
  const stdout = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_, out) => resolve(out)),
  );
  report = JSON.parse(stdout) as Report;
}, 300_000);
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What is said of a file: `read`, or code and one-based line of each problem. */
function said(name: string): string {
  const file = report.files.find((item) => item.path === name);
  const places = file?.problems.map(({ code, span }) => `${code} ${span ? span.range.start.line + 1 : '-'}`) ?? [];
  return [...(file?.models.map(() => 'read') ?? []), ...places].join(', ');
}

describe('a damaged file is read, or its fault is named at its line', () => {
  it.each([
    ['mark.py', 'read'],
    ['mark.js', 'read'],
    ['mark.json', 'read'],
    ['mark.yaml', 'read'],
    ['mark.ipynb', 'read'],
    ['dos.py', 'read'],
    ['dos.js', 'read'],
    ['dos.json', 'read'],
    ['dos.yaml', 'read'],
    ['dos.ipynb', 'read'],
    ['nul.py', 'syntax-error 2'],
    ['nul.js', 'syntax-error 2'],
    ['nul.json', 'syntax-error 24'],
    ['nul.yaml', 'syntax-error 5'],
    ['nul.ipynb', 'syntax-error 15'],
    ['utf16.py', 'not-utf8 -'],
    ['utf16.js', 'not-utf8 -'],
    ['utf16.json', 'not-utf8 -'],
    ['utf16.yaml', 'not-utf8 -'],
    ['utf16.ipynb', 'not-utf8 -'],
    ['latin1.py', 'not-utf8 -'],
    ['latin1.js', 'not-utf8 -'],
    ['latin1.json', 'not-utf8 -'],
    ['latin1.yaml', 'not-utf8 -'],
    ['latin1.ipynb', 'not-utf8 -'],
    ['cut.py', 'syntax-error 2'],
    ['cut.js', 'syntax-error 2'],
    ['cut.json', 'syntax-error 23'],
    ['cut.yaml', 'syntax-error 5'],
    ['cut.ipynb', 'syntax-error 11'],
    ['empty.py', 'no-model -'],
    ['empty.js', 'no-model -'],
    ['empty.json', 'no-model -'],
    ['empty.yaml', 'no-model -'],
    ['empty.ipynb', 'no-model -'],
  ])('%s: %s', (name, expected) => {
    expect(said(name)).toBe(expected);
  });
});
