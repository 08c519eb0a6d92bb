import { describe, expect, test } from 'vitest';
import { CurveHistory } from '../../../src/editor/curveHistory';
import type { ModelReport } from '../../../src/report/report';
import { model, report } from './reports';

const path = '/w/net.py';
const at = (late: number, parts: Partial<ModelReport> = {}) =>
  model({
    parameters: [
      {
        name: 'a.weight',
        shape: [4, 4],
        line: 1,
        span: null,
        verdict: 'healthy',
        logRelativeGradient: { start: late, late },
        note: null,
      },
    ],
    ...parts,
  });

describe('the history of curves', () => {
  test('the one before is that of the text before, also while the new one is under way', () => {
    const history = new CurveHistory(() => 5);
    history.record(path, 'one', report([at(-9)]));
    expect(history.comparisons(path, 'one', 'Net')).toEqual([]);
    expect(history.comparisons(path, 'two', 'Net')[0]?.points).toEqual([{ name: 'a.weight', logRelativeGradient: -9 }]);
    history.record(path, 'two', report([at(-1)]));
    history.record(path, 'two', report([at(-1)]));
    expect(history.comparisons(path, 'two', 'Net').map(({ kind, points, made }) => [kind, points, made])).toEqual([
      ['previous', [{ name: 'a.weight', logRelativeGradient: -9 }], 5],
    ]);
  });

  test('a text that cannot be read does not become the one before', () => {
    const history = new CurveHistory(() => 0);
    history.record(path, 'one', report([at(-9)]));
    history.record(path, 'broken', report([]));
    history.record(path, 'two', report([at(-1)]));
    expect(history.comparisons(path, 'two', 'Net')[0]?.points[0]?.logRelativeGradient).toBe(-9);
  });

  test('a pinned one stays through edits until it is let go; other models and files do not see it', () => {
    const history = new CurveHistory(() => 0);
    history.pin(path, at(-7));
    history.record(path, 'one', report([at(-9)]));
    history.record(path, 'two', report([at(-1)]));
    expect(history.comparisons(path, 'two', 'Net').map(({ kind }) => kind)).toEqual(['previous', 'pinned']);
    expect(history.comparisons(path, 'two', 'Other')).toEqual([]);
    expect(history.comparisons('/w/other.py', 'two', 'Net')).toEqual([]);
    history.unpin(path, 'Net');
    expect(history.comparisons(path, 'two', 'Net').map(({ kind }) => kind)).toEqual(['previous']);
  });
});
