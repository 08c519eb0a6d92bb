import { beforeEach, describe, expect, it } from 'vitest';
import { Diagnoses } from '../../../src/editor/diagnoses';
import type { DiagnosisListener, Engine } from '../../../src/editor/engine';
import type { FileReport } from '../../../src/report/report';
import type { DiagnoseRequest } from '../../../src/workers/engineApi';
import { finding, model, remedy, report } from './reports';

interface Call {
  request: DiagnoseRequest;
  listener: DiagnosisListener;
  signal: AbortSignal;
  answer(report: FileReport): void;
  fail(error: Error): void;
}

/** An engine whose answers the test gives by hand. */
class HandEngine implements Engine {
  readonly calls: Call[] = [];

  diagnose(request: DiagnoseRequest, listener: DiagnosisListener, signal: AbortSignal): Promise<FileReport> {
    return new Promise((resolve, reject) => {
      this.calls.push({ request, listener, signal, answer: resolve, fail: reject });
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  }
}

const path = '/w/net.py';
const request = (text: string, file = path): DiagnoseRequest => ({ path: file, text, overlays: [], options: {} });
const ill = report([model({ verdict: 'vanishing', findings: [finding()] })]);
const newline = { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n' };

describe('Diagnoses', () => {
  let engine: HandEngine;
  let diagnoses: Diagnoses;
  let failures: string[];
  let redrawn: string[];
  let edited: string[];
  let disk: Map<string, string>;

  beforeEach(() => {
    engine = new HandEngine();
    failures = [];
    redrawn = [];
    edited = [];
    disk = new Map();
    diagnoses = new Diagnoses(engine, (file) => disk.get(file) ?? null, {
      marksChanged: (paths) => redrawn.push(...paths),
      diagnosisChanged: () => undefined,
      textChanged: (file) => edited.push(file),
      failed: (_, error) => failures.push(error.message),
    });
  });

  const lines = () => diagnoses.marksAt(path).map((mark) => mark.range.start.line);

  it('shows each state of the report as it comes', async () => {
    const run = diagnoses.run(request('a'));
    expect(diagnoses.get(path)?.state).toEqual({ phase: 'running', progress: null });
    const progress = { stage: 'training', model: 'Net', detail: 'step 3 of 31', fraction: 0.1 } as const;
    engine.calls[0]!.listener.progress(progress);
    expect(diagnoses.get(path)?.state).toEqual({ phase: 'running', progress });
    engine.calls[0]!.listener.update(ill);
    expect(lines()).toEqual([3]);
    engine.calls[0]!.answer(report());
    await run;
    expect(lines()).toEqual([]);
    expect(diagnoses.get(path)?.state.phase).toBe('done');
  });

  it('lets the newest request win and drops what the older one says', async () => {
    const older = diagnoses.run(request('old'));
    const newer = diagnoses.run(request('new'));
    expect(engine.calls[0]!.signal.aborted).toBe(true);
    engine.calls[0]!.listener.update(ill);
    expect(lines()).toEqual([]);
    engine.calls[1]!.answer(ill);
    await Promise.all([older, newer]);
    expect(lines()).toEqual([3]);
    expect(diagnoses.get(path)?.texts.get(path)).toBe('new');
    expect(failures).toEqual([]);
  });

  it('brings the ranges of a report through edits made while it was under way', async () => {
    const run = diagnoses.run(request('a'));
    diagnoses.edited(path, [newline]);
    engine.calls[0]!.listener.update(ill);
    expect(lines()).toEqual([4]);
    diagnoses.edited('/w/unknown.py', [newline]);
    expect(edited).toEqual([path]);
    diagnoses.edited(path, [newline]);
    expect(lines()).toEqual([5]);
    engine.calls[0]!.answer(ill);
    await run;
    expect(lines()).toEqual([5]);
  });

  it('never shows a mark whose text was edited while the diagnosis ran', async () => {
    const run = diagnoses.run(request('a'));
    const inside = { line: 3, character: 10 };
    diagnoses.edited(path, [{ range: { start: inside, end: inside }, text: 'x' }]);
    engine.calls[0]!.answer(ill);
    await run;
    expect(lines()).toEqual([]);
  });

  it('keeps old marks while the new text is read, and takes them back when that fails', async () => {
    const first = diagnoses.run(request('a'));
    engine.calls[0]!.answer(ill);
    await first;
    const second = diagnoses.run(request('b'));
    expect(lines()).toEqual([3]);
    engine.calls[1]!.fail(new Error('engine gone'));
    await second;
    expect(lines()).toEqual([]);
    expect(diagnoses.get(path)).toMatchObject({ report: null, state: { phase: 'failed', message: 'engine gone' } });
    expect(failures).toEqual(['engine gone']);
  });

  it('keeps what is known of the same text when a repetition is cancelled', async () => {
    const first = diagnoses.run(request('a'));
    engine.calls[0]!.answer(ill);
    await first;
    const second = diagnoses.run(request('a'));
    diagnoses.cancel(path);
    await second;
    expect(lines()).toEqual([3]);
    expect(diagnoses.get(path)?.state).toEqual({ phase: 'cancelled' });
    expect(failures).toEqual([]);
  });

  it('keeps findings whose fixes were being tried when it is cancelled', async () => {
    const run = diagnoses.run(request('a'));
    engine.calls[0]!.listener.update(ill);
    diagnoses.cancel();
    await run;
    expect(lines()).toEqual([3]);
  });

  it('forgets a closed file, also what is under way, and clears its marks in other files', async () => {
    const elsewhere = report([model({ findings: [finding({ path: '/w/blocks.py' })] })]);
    const first = diagnoses.run(request('a'));
    engine.calls[0]!.answer(elsewhere);
    await first;
    expect(diagnoses.marksAt('/w/blocks.py')).toHaveLength(1);
    const second = diagnoses.run(request('b'));
    redrawn = [];
    diagnoses.forget(path);
    engine.calls[1]!.listener.update(ill);
    await second;
    expect(redrawn).toEqual(['/w/blocks.py']);
    expect(diagnoses.marksAt('/w/blocks.py')).toEqual([]);
    expect(lines()).toEqual([]);
    expect(diagnoses.get(path)).toBeUndefined();
  });

  it('remembers the text of a closed file that a remedy changes, as it was when the remedy came', async () => {
    const edits = [{ path: '/w/blocks.py', range: finding().range, text: 'x' }];
    const cured = report([model({ findings: [finding({ remedies: [remedy({ edits })] })] })]);
    disk.set('/w/blocks.py', 'measured');
    const run = diagnoses.run(request('a'));
    engine.calls[0]!.listener.update(cured);
    disk.set('/w/blocks.py', 'edited since');
    engine.calls[0]!.answer(cured);
    await run;
    expect(diagnoses.get(path)?.texts.get('/w/blocks.py')).toBe('measured');
  });

  it('keeps marks that another diagnosed file made in a file, until that file itself is closed', async () => {
    const run = diagnoses.run(request('a', '/w/train.py'));
    engine.calls[0]!.answer(report([model({ findings: [finding()] })], { path: '/w/train.py' }));
    await run;
    expect(lines()).toEqual([3]);
    diagnoses.forget(path);
    expect(lines()).toEqual([]);
  });

  describe('after a save that does not parse', () => {
    const range = { start: { line: 9, character: 0 }, end: { line: 9, character: 3 } };
    const error = { code: 'syntax-error', message: 'no', span: { path, range }, related: [], path, range };
    const broken = report([], { problems: [error] });

    const twice = async (between: () => void) => {
      const first = diagnoses.run(request('a'));
      engine.calls[0]!.answer(ill);
      await first;
      between();
      const second = diagnoses.run(request('b'));
      diagnoses.edited(path, [newline]);
      engine.calls[1]!.listener.update(broken);
      diagnoses.edited(path, [newline]);
      engine.calls[1]!.answer(broken);
      await second;
      return diagnoses.marksAt(path).map(({ item, range: { start } }) => [item.code, item.outdated, start.line]);
    };

    it('the last good marks stay, outdated, where their text lies now', async () => {
      const marks = await twice(() => diagnoses.edited(path, [newline]));
      expect(marks).toEqual([
        ['syntax-error', null, 11],
        ['vanishing-gradient', 'line 10 does not parse', 6],
      ]);
      expect(diagnoses.get(path)?.outdated?.models).toEqual(new Set([0]));
      expect(diagnoses.reportNow(path)?.models[0]?.findings[0]?.range.start.line).toBe(6);
    });

    it('a mark whose own text was edited does not come back', async () => {
      const inside = { line: 3, character: 10 };
      const marks = await twice(() => diagnoses.edited(path, [{ range: { start: inside, end: inside }, text: 'x' }]));
      expect(marks.map(([code]) => code)).toEqual(['syntax-error']);
      expect(diagnoses.get(path)?.report?.models).toHaveLength(1);
    });

    it('closing the file clears them, and nothing returns with the next diagnosis', async () => {
      await twice(() => undefined);
      diagnoses.forget(path);
      expect(lines()).toEqual([]);
      expect(diagnoses.reportNow(path)).toBeNull();
      const third = diagnoses.run(request('c'));
      engine.calls[2]!.answer(broken);
      await third;
      expect(diagnoses.marksAt(path).map(({ item }) => item.code)).toEqual(['syntax-error']);
    });
  });
});
