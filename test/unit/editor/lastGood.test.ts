import { describe, expect, it } from 'vitest';
import { outdatedMarks, withLastGood } from '../../../src/editor/lastGood';
import { marksOf } from '../../../src/editor/marks';
import type { ProblemReport } from '../../../src/report/report';
import { finding, model, remedy, report } from './reports';

const path = '/w/net.py';
const at = (line: number, length = 9) => ({ start: { line, character: 0 }, end: { line, character: length } });
const problem = (code: string, line: number, file = path): ProblemReport => ({
  code,
  message: `about ${code}`,
  span: { path: file, range: at(line) },
  related: [],
  path: file,
  range: at(line),
});
const unread = (name: string, code: string) =>
  model({ name, verdict: 'unread', unread: { code, message: code, span: null, related: [] } });

const ill = (name: string) =>
  model({ name, verdict: 'vanishing', span: { path, range: at(2) }, findings: [finding({ remedies: [remedy()] })] });
const broken = { problems: [problem('syntax-error', 11)] };
const names = (good: ReturnType<typeof withLastGood>) => good.report.models.map(({ name }) => name);

describe('a text that does not parse', () => {
  it('keeps the models that it leaves out, in their order, and says why they are outdated', () => {
    const before = report([model({ name: 'First' }), ill('Second'), model({ name: 'Third' })]);
    const good = withLastGood(
      report([model({ name: 'Third', verdict: 'dead' }), model({ name: 'New' })], broken),
      before,
    );
    expect(names(good)).toEqual(['First', 'Second', 'Third', 'New']);
    expect(good.outdated).toEqual({ reason: 'line 12 does not parse', models: new Set([0, 1]) });
    expect(good.report.models[2]?.verdict).toBe('dead');
    expect(good.report.problems).toHaveLength(1);
  });

  it('keeps no fix: it would be made in another text', () => {
    const good = withLastGood(report([], broken), report([ill('Net')]));
    expect(good.report.models[0]?.findings[0]?.remedies).toEqual([]);
    const [mark] = outdatedMarks(marksOf(report([ill('Net')])), good);
    expect(mark?.item).toMatchObject({ severity: 'information', remedies: [], outdated: 'line 12 does not parse' });
  });

  it('takes a model that cannot be read for a consequence, but not one whose shapes do not fit', () => {
    const before = report([ill('Lost'), ill('Wrong')]);
    const good = withLastGood(
      report([unread('Lost', 'runtime-error'), unread('Wrong', 'shape-mismatch')], broken),
      before,
    );
    expect(good.report.models.map(({ verdict }) => verdict)).toEqual(['vanishing', 'unread']);
    expect(good.outdated?.models).toEqual(new Set([0]));
  });

  it('lets a model go whose text was removed, and one that was never read', () => {
    const gone = model({ name: 'Gone', span: { path, range: at(3, 0) } });
    const good = withLastGood(report([], broken), report([gone, unread('Never', 'unknown-layer')]));
    expect(good).toMatchObject({ outdated: null, report: { models: [] } });
  });

  it.each([
    ['/w/blocks.py', 'line 12 of blocks.py does not parse'],
    ['vscode-notebook-cell:/w/net.ipynb#W0', 'line 12 of a cell does not parse'],
  ])('in %s is named', (file, reason) => {
    const good = withLastGood(report([], { problems: [problem('syntax-error', 11, file)] }), report([ill('Net')]));
    expect(good.outdated?.reason).toBe(reason);
  });

  it('numbers the kept marks as the models of the new report, and leaves those of other models to it', () => {
    const before = report([unread('Never', 'unknown-layer'), ill('Kept'), ill('Read')]);
    const marks = marksOf(before);
    expect(marks.map(({ item }) => item.model)).toEqual([0, 1]);
    const good = withLastGood(report([model({ name: 'Read' })], broken), before);
    expect(names(good)).toEqual(['Kept', 'Read']);
    expect(outdatedMarks(marks, good).map(({ item }) => item.model)).toEqual([0]);
  });
});

describe('a text that parses', () => {
  it('keeps nothing, whatever else is wrong with it', () => {
    const now = report([unread('Net', 'runtime-error')], { problems: [problem('import-error', 1)] });
    const good = withLastGood(now, report([ill('Net')]));
    expect(good).toEqual({ report: now, outdated: null, numbers: new Map() });
    expect(outdatedMarks(marksOf(report([ill('Net')])), good)).toEqual([]);
  });
});
