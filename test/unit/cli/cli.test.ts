import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { check, type Diagnoser } from '../../../src/cli/check';
import { exitCode } from '../../../src/cli/exitCode';
import { parseInput, seconds, wholeNumber } from '../../../src/cli/inputs';
import { findFiles } from '../../../src/cli/paths';
import { TextReport } from '../../../src/cli/text';
import type { FileReport, Finding, ModelReport, Report } from '../../../src/report/report';

const range = { start: { line: 1, character: 4 }, end: { line: 1, character: 14 } };

function model(change: Partial<ModelReport> = {}): ModelReport {
  return {
    name: 'Net',
    entry: 'Net()',
    framework: 'pytorch',
    span: { path: 'net.py', range },
    verdict: 'healthy',
    unread: null,
    inputs: [{ name: 'x', shape: [32, 3], kind: 'float', origin: 'solved', reason: 'test' }],
    guesses: [],
    parameterCount: 1200,
    parameters: [],
    layers: [],
    findings: [],
    evidence: null,
    ...change,
  };
}

const finding: Finding = {
  code: 'vanishing-gradient',
  severity: 'warning',
  message: '`fc` hardly learns.',
  path: 'net.py',
  range,
  parameters: ['fc.weight'],
  cause: '20 x sigmoid took 11 decades.',
  causeKind: 'saturating-activation',
  attribution: [],
  related: [
    {
      message: 'This `sigmoid`.',
      span: { path: 'net.py', range: { start: { line: 2, character: 0 }, end: { line: 2, character: 3 } } },
    },
  ],
  remedies: [
    {
      id: 'a',
      title: 'Use ReLU',
      edits: [],
      status: 'proved',
      preferred: true,
      measured: {
        before: { verdict: 'vanishing', logRelativeGradient: -11.7, loss: 1 },
        after: { verdict: 'healthy', logRelativeGradient: -1.2, loss: 1 },
      },
      reason: null,
    },
    {
      id: 'b',
      title: 'Use nothing',
      edits: [],
      status: 'refuted',
      preferred: false,
      measured: { before: null, after: null },
      reason: 'no',
    },
  ],
};

const report = (...files: FileReport[]): Report => ({ schema: 1, files });
const file = (...models: ModelReport[]): FileReport => ({ path: 'net.py', problems: [], models });
const problem = { code: 'syntax-error', message: 'bad', span: null, related: [], path: 'net.py', range };

describe('exit code', () => {
  test.each<[string, Report, number]>([
    ['healthy', report(file(model())), 0],
    ['a warning', report(file(model({ verdict: 'vanishing', findings: [finding] }))), 1],
    ['information alone', report(file(model({ findings: [{ ...finding, severity: 'information' }] }))), 0],
    ['a silenced warning', report(file(model({ findings: [{ ...finding, silenced: 'A comment silences it.' }] }))), 0],
    ['an unread model', report(file(model({ verdict: 'unread', findings: [finding] }))), 2],
    ['a problem beside a warning', report({ ...file(model({ findings: [finding] })), problems: [problem] }), 2],
    ['nothing at all', report(), 0],
  ])('%s', (_, given, code) => expect(exitCode(given)).toBe(code));
});

describe('arguments', () => {
  test('shapes', () => {
    expect(parseInput('2,3,32,32')).toEqual([{ shape: [2, 3, 32, 32], kind: 'float' }]);
    expect(parseInput('2, 24:int<60', [{ shape: [1], kind: 'float' }])).toEqual([
      { shape: [1], kind: 'float' },
      { shape: [2, 24], kind: 'int', high: 60 },
    ]);
  });
  test.each(['', '2,,3', '2x3', '2,24:int', '0,3', '2:int<0', '-1,2', '2.5'])('%j is no shape', (text) =>
    expect(() => parseInput(text)).toThrow(),
  );
  test('numbers', () => {
    expect(wholeNumber(1)('31')).toBe(31);
    expect(() => wholeNumber(1)('0')).toThrow(/from 1/);
    expect(() => wholeNumber(0)('1.5')).toThrow();
    expect(seconds('0.5')).toBe(0.5);
    expect(() => seconds('0')).toThrow();
    expect(() => seconds('soon')).toThrow();
  });
});

describe('text report', () => {
  test('says why nothing was judged', () => {
    const note = 'Its values come from a checkpoint.';
    const of = { line: null, span: null, verdict: 'unjudged', note } as const;
    const parameters = ['a', 'b'].map((name) => ({
      ...of,
      name,
      shape: [2, 2],
      logRelativeGradient: { start: null, late: null },
    }));
    const text = new TextReport(false, () => '').report(report(file(model({ verdict: 'unjudged', parameters }))));
    expect(text).toContain(`not judged No weight of it could be judged. 2 × ${note}`);
    expect(text).toContain('1 unjudged');
    expect(text).not.toContain('healthy');
  });

  const text = 'class Net:\n    nn.Linear(3, 4)\nx\n';
  const printed = new TextReport(false, () => text).report(
    report(file(model({ verdict: 'vanishing', findings: [finding] }))),
  );

  test('place, frame, cause, proved fix and summary are there', () => {
    expect(printed).toContain('net.py:2:5 warning `fc` hardly learns. vanishing-gradient');
    expect(printed).toContain('> 2 |     nn.Linear(3, 4)');
    expect(printed).toContain('cause  20 x sigmoid took 11 decades.');
    expect(printed).toContain('net.py:3:1 This `sigmoid`.');
    expect(printed).toContain('Use ReLU: relative gradient 1e-11.7 -> 1e-1.2, healthy');
    expect(printed).toContain('1 model in 1 file: 1 vanishing');
  });
  test('a line too long for a screen is named, not shown', () => {
    const long = new TextReport(false, () => `x\n    ${'y'.repeat(500)}\n`).report(
      report(file(model({ verdict: 'vanishing', findings: [finding] }))),
    );
    expect(long).toContain('net.py:2:5');
    expect(long).not.toContain('yyy');
  });
  test('a refuted remedy is not offered', () => expect(printed).not.toContain('Use nothing'));
  test('no colour codes unless asked', () => {
    expect(printed).not.toContain(String.fromCharCode(27));
  });
});

describe('files', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gl-'));
    const write = (name: string, bytes: string | Buffer) => {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), bytes);
    };
    write('b.py', 'model');
    write('a/net.py', 'model');
    write('a/notes.txt', 'model');
    write('a/empty.py', '');
    write('.venv/lib/x.py', 'model');
    write('node_modules/y.py', 'model');
    write('latin.py', Buffer.from([0xe9, 0x20, 0xff]));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const asked: string[] = [];
  const diagnoser: Diagnoser = {
    diagnose: ({ path: at, text }) => {
      asked.push(text);
      return Promise.resolve({ path: at, problems: [], models: text === '' ? [] : [model()] });
    },
  };

  test('folders are walked in order, past installed packages', async () => {
    const found = await findFiles([folder, path.join(folder, 'gone')]);
    expect(found.files.map((f) => path.relative(folder, f.path))).toEqual(
      ['a/empty.py', 'a/net.py', 'b.py', 'latin.py'].map((name) => path.normalize(name)),
    );
    expect(found.missing).toEqual([path.join(folder, 'gone')]);
  });

  test('a missing path, a named file without a model and one that is not UTF-8 are problems; found ones are passed over', async () => {
    const walked = await check(diagnoser, [folder], {});
    expect(walked.report.files.map((f) => path.basename(f.path))).toEqual(['net.py', 'b.py']);
    const named = await check(
      diagnoser,
      [path.join(folder, 'a/empty.py'), path.join(folder, 'latin.py'), path.join(folder, 'gone.py')],
      {},
    );
    expect(named.report.files.flatMap((f) => f.problems.map((p) => p.code)).sort()).toEqual([
      'no-model',
      'not-found',
      'not-utf8',
    ]);
    expect(exitCode(named.report)).toBe(2);
  });
});
