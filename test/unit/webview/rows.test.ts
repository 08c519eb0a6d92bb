import { describe, expect, test } from 'vitest';
import { leavesOf } from '../../../webview/model/leaves';
import { type Row, rowsOf } from '../../../webview/model/rows';
import { foldedAtFirst, groupsOf, isGroup, treeOf } from '../../../webview/model/tree';
import { layer, model, parameter, stack } from './models';

const rows = (of: ReturnType<typeof model>, folded: string[] = []): Row[] =>
  rowsOf(treeOf(leavesOf(of)), new Set(folded));

describe('leaves', () => {
  test('keep the order of the graph; layers without weights have rows, biases have none unless they are flagged', () => {
    const leaves = leavesOf(
      model(
        [
          parameter('b.weight', -9.3, { verdict: 'vanishing' }),
          parameter('b.bias', -12, { shape: [4], verdict: 'unjudged' }),
          parameter('a.weight', -0.6),
          parameter('c.bias', null, { shape: [4], verdict: 'dead' }),
        ],
        [layer('a', [2]), layer('act', []), layer('b', [0, 1])],
      ),
    );
    expect(leaves.map(({ key, label, weight }) => [key, label, weight?.flagged])).toEqual([
      ['a.weight', 'weight', false],
      ['layer 1', 'act Sigmoid', undefined],
      ['b.weight', 'weight', true],
      ['c.bias', 'bias', true],
    ]);
  });

  test("a call inside the user's own module lies in its group, a module of its own goes by its name", () => {
    const block = model([parameter('0.a.weight', -1)], [layer('0.a', [0]), layer('0', []), layer('1', [])]);
    expect(leavesOf(block).map(({ path, label }) => [path.join('.'), label])).toEqual([
      ['0.a', 'weight'],
      ['0', 'Sigmoid'],
      ['', '1 Sigmoid'],
    ]);
  });

  test('a weight that two layers share is charted once', () => {
    const shared = model([parameter('e.weight', -1)], [layer('e', [0]), layer('head', [0])]);
    expect(leavesOf(shared).filter(({ weight }) => weight)).toHaveLength(1);
  });

  test('names cannot break the line, whatever they hold', () => {
    const hostile = '<img src=x onerror=alert(1)>\u0000\u202e"\n' + 'x'.repeat(10_000);
    const [leaf] = leavesOf(model([parameter(hostile, -1)]));
    expect(leaf?.label).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(leaf?.weight?.name).toBe(hostile);
  });
});

describe('groups', () => {
  test('follow module paths; a module with one row is that row, a chain of modules one group', () => {
    const tree = treeOf(leavesOf(stack(2, 0.5, 'net.body')));
    expect(tree.map((node) => node.label)).toEqual(['net.body']);
    const [group] = groupsOf(tree);
    expect(group?.children.map(({ label }) => label)).toEqual(['0', '1']);
    expect(rows(model([parameter('fc.weight', -1)], [layer('fc', [0])])).map(({ label }) => label)).toEqual([
      'fc.weight',
    ]);
  });

  test('a module that is called twice makes two groups, so that the order stays', () => {
    const tree = treeOf(
      leavesOf(
        model(
          [parameter('a.x.weight', -1), parameter('a.y.weight', -1)],
          [layer('a.x', [0]), layer('a.p', []), layer('b', []), layer('a.y', [1]), layer('a.q', [])],
        ),
      ),
    );
    expect(groupsOf(tree).map(({ id }) => id)).toEqual(['a', 'a (2)']);
    expect(tree.map(isGroup)).toEqual([true, false, true]);
  });

  test('a list of a thousand is gathered in stretches, and few rows are seen at first', () => {
    const tree = treeOf(leavesOf(stack(1000, 0.01)));
    const seen = rowsOf(tree, foldedAtFirst(tree, 60));
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.length).toBeLessThanOrEqual(60);
    expect(seen.filter(({ folded, leaf }) => folded || leaf).reduce((sum, { weights }) => sum + weights, 0)).toBe(1000);
    expect(rowsOf(tree, new Set()).filter(({ leaf }) => leaf)).toHaveLength(2000);
  });

  test('ids are unique', () => {
    const ids = groupsOf(treeOf(leavesOf(stack(500, 0.01)))).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('rows', () => {
  test('a folded group has the figures of its members: the weakest, the range, the flagged, what is lost through it', () => {
    const [row] = rows(stack(10), ['body']);
    expect(row).toMatchObject({ folded: true, weights: 10, flagged: true, verdict: 'vanishing', saturated: 0.25 });
    expect(row?.flaggedWeights).toBe(4);
    expect([row?.late, row?.low, row?.high]).toEqual([-5.5, -5.5, -1]);
    // Ten sigmoids of half a decade; the gradient at the input is known through the first layer's gain.
    expect(row?.lost).toBeCloseTo(5, 9);
    expect(row?.gradientIn).toBeCloseTo(-6, 9);
  });

  test("a row's input is the output of the row before, through the heading of a group", () => {
    const [heading, first, second, third] = rows(stack(1));
    expect([heading?.group !== null, heading?.late]).toEqual([true, undefined]);
    expect([first?.gradientIn, first?.gradientOut]).toEqual([-1.5, -1.5]);
    expect([second?.gradientIn, second?.gradientOut, second?.lost]).toEqual([-1.5, -1, 0.5]);
    expect(third).toBeUndefined();
  });

  test('two weights of one layer take its loss once', () => {
    const twice = model(
      [parameter('r.weight_ih', -1), parameter('r.weight_hh', -2)],
      [layer('r', [0, 1], { logBackwardGain: -2 })],
    );
    expect(rows(twice).flatMap(({ group, lost }) => (group ? [] : [lost]))).toEqual([2, null]);
  });

  test('exactly zero is the weakest', () => {
    const zero = model(
      [parameter('g.a.weight', null, { verdict: 'dead' }), parameter('g.b.weight', -9, { verdict: 'vanishing' })],
      [layer('g.a', [0]), layer('g.b', [1])],
    );
    expect(rows(zero, ['g'])[0]).toMatchObject({ late: null, verdict: 'dead' });
  });
});
