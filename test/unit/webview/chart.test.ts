import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../webview/model/columns';
import { greatestRise, overlayAt, overlayOf } from '../../../webview/model/compare';
import { decadesOf, placement, ticksOf } from '../../../webview/model/decades';
import { leavesOf } from '../../../webview/model/leaves';
import { bandPath, dotsPath, figureAt, latePath } from '../../../webview/model/plotPaths';
import { factor, ribbonOf, strength } from '../../../webview/model/ribbon';
import { rowsOf } from '../../../webview/model/rows';
import { treeOf } from '../../../webview/model/tree';
import { keyAction } from '../../../webview/model/treeKeys';
import { brushed, clamped, fitRow, showing, windowOf, zoomed } from '../../../webview/model/window';
import { evidence, model, parameter, stack } from './models';

const decades = (parameters: ReturnType<typeof parameter>[], of: typeof evidence | null = evidence) =>
  decadesOf(leavesOf(model(parameters)), of);

describe('decades', () => {
  test('reach over every figure, reference and overlay; zero has a lane', () => {
    const found = decades([parameter('a', -9.3), parameter('b', null, { verdict: 'dead' })]);
    expect(found).toMatchObject({ low: -10, high: 0, hasZero: true });
    expect(found.references).toEqual([
      { kind: 'limit', value: -3.6 },
      { kind: 'yardstick', value: -0.6 },
    ]);
    expect(decadesOf([], null, [-20.5, 3.1])).toMatchObject({ low: -21, high: 4, references: [] });
    const x = placement(found, 200);
    expect(x(null)).toBeLessThan(x(-10));
    expect(x(0)).toBeLessThanOrEqual(200);
  });

  test('ticks are whole decades, few even over 600 of them', () => {
    const far = decades([parameter('a', -602.2), parameter('b', -1)]);
    expect([far.low, far.high]).toEqual([-603, 0]);
    for (const width of [0, 150, 400, 1400]) {
      const ticks = ticksOf(far, width);
      expect(ticks.every(Number.isInteger)).toBe(true);
      expect(ticks.length).toBeGreaterThan(1);
      // d3 may give a few more than it is asked for.
      expect(ticks.length).toBeLessThan(Math.max(6, width / 30));
    }
    expect(ticksOf({ low: -2, high: 0 }, 1400)).toEqual([-2, -1, 0]);
  });

  test('equal figures, one row and none at all still have a domain', () => {
    for (const parameters of [[parameter('a', -3)], [parameter('a', null)], []]) {
      const { low, high } = decades(parameters, null);
      expect(high).toBeGreaterThan(low);
    }
  });
});

describe('the flow', () => {
  const rows = rowsOf(treeOf(leavesOf(stack(10))), new Set());
  test('narrows from the loss to the input, in the sigmoids alone, and never below what the eye sees', () => {
    const pieces = ribbonOf(rows).flatMap(({ above, below }, i) => (rows[i]?.group ? [] : [{ above, below }]));
    for (const [i, { above, below }] of pieces.entries()) {
      expect(above).toBeGreaterThan(0);
      if (i % 2 === 1) expect(above!).toBeLessThan(below!);
      else expect(above).toBeCloseTo(below!, 9);
    }
    expect(pieces.at(-1)?.below).toBe(1);
  });
  test('of a net that loses half a decade in all stays wide', () => {
    const healthy = ribbonOf(rowsOf(treeOf(leavesOf(stack(5, 0.1))), new Set()));
    expect(Math.min(...healthy.map(({ above }) => above ?? 1))).toBeGreaterThan(0.8);
  });
  test('losses are factors; a gain has no colour', () => {
    expect([factor(0.6), factor(-1), factor(5)]).toEqual(['×0.25', '×10', '×1e-5']);
    expect([strength(null), strength(-2), strength(3)]).toEqual([0, 0, 1]);
  });
});

describe('curves', () => {
  const rows = rowsOf(
    treeOf(leavesOf(model([parameter('a', -1), parameter('b', null, { verdict: 'dead' }), parameter('c', -3)]))),
    new Set(),
  );
  const placed = rows.map((row, i) => ({ row, y: i * 10 }));
  const x = (value: number | null) => (value === null ? 0 : 100 + value * 10);
  test('break where a figure is exactly zero', () => {
    expect(latePath(placed, x, figureAt(null)).match(/M/g)).toHaveLength(2);
    expect(bandPath(placed, x).match(/M/g)).toHaveLength(2);
    expect(dotsPath(placed, x, figureAt(null))).toBe('M90.0,0.0h.01M0.0,10.0h.01M70.0,20.0h.01');
  });
  test('of a step are of that step', () => {
    const flow = {
      weights: [{ parameter: 0, initialiser: '', low: -1, high: -1, steps: [-5, -4], gradients: null }],
      loss: [1, 1],
      activations: [],
      nodes: [],
      edges: [],
    };
    const [row] = rowsOf(treeOf(leavesOf(model([parameter('a', -1)], [], { flow }))), new Set());
    expect([figureAt(0)(row!), figureAt(1)(row!), figureAt(null)(row!)]).toEqual([-5, -4, -1]);
  });
  test('of another model go by name, by place where every name is new, and not at all where neither fits', () => {
    const leaves = leavesOf(stack(2));
    const points = [
      { name: 'body.1.0.weight', logRelativeGradient: -0.1 },
      { name: 'new', logRelativeGradient: -0.2 },
    ];
    expect([...overlayOf(leaves, points)]).toEqual([['body.1.0.weight', -0.1]]);
    const renamed = points.map((point, i) => ({ ...point, name: `other.${i}` }));
    expect([...overlayOf(leaves, renamed)]).toEqual([
      ['body.0.0.weight', -0.1],
      ['body.1.0.weight', -0.2],
    ]);
    expect(overlayOf(leaves, renamed.slice(1)).size).toBe(0);
    const [group] = rowsOf(treeOf(leaves), new Set(['body']));
    expect(overlayAt(overlayOf(leaves, renamed), group!)).toBe(-0.2);
  });
  test('the greatest rise names its weight', () => {
    const leaves = leavesOf(stack(10));
    const points = [
      { name: 'body.0.0.weight', logRelativeGradient: -1 },
      { name: 'body.9.0.weight', logRelativeGradient: -0.9 },
    ];
    expect(greatestRise(leaves, overlayOf(leaves, points))).toEqual({ name: 'body.0.0.weight', decades: 4.5 });
    expect(greatestRise(leaves, new Map())).toBeNull();
  });
});

describe('the window', () => {
  test('all rows fit when asked, and none grows beyond the full height', () => {
    expect(fitRow(1000, 500)).toBe(0.5);
    expect(fitRow(3, 500)).toBe(22);
    expect(brushed(1000, 500, 0.2, 0.4)).toEqual({ rowHeight: 2.5, top: 500 });
    expect(brushed(1000, 500, 0.4, 0.2)).toEqual({ rowHeight: 2.5, top: 500 });
    expect(brushed(1000, 500, 0.5, 0.5).rowHeight).toBe(22);
    expect(clamped({ rowHeight: 10, top: 1e6 }, 100, 500).top).toBe(500);
  });
  test('zooming keeps the row under the pointer', () => {
    const view = zoomed({ rowHeight: 5, top: 1000 }, 2, 100, 1000, 500);
    expect((view.top + 100) / view.rowHeight).toBeCloseTo(220, 9);
  });
  test('scrolls no further than it must', () => {
    expect(showing({ rowHeight: 20, top: 100 }, 4, 200).top).toBe(80);
    expect(showing({ rowHeight: 20, top: 100 }, 20, 200).top).toBe(220);
    expect(showing({ rowHeight: 20, top: 100 }, 8, 200).top).toBe(100);
    expect(windowOf(1000, { rowHeight: 20, top: 2000 }, 400, 0)).toEqual([100, 120]);
  });
});

describe('columns', () => {
  test('never overlap, and tracks give way where it is narrow', () => {
    for (const width of [300, 370, 700, 1370]) {
      const { names, ribbon, plot, tracks } = columnsOf(width, 40, ['gradient', 'saturated', 'dead']);
      const parts = [{ left: 0, width: names }, ribbon, plot, ...tracks];
      for (const [i, part] of parts.entries())
        expect(part.left).toBeGreaterThanOrEqual(i === 0 ? 0 : parts[i - 1]!.left + parts[i - 1]!.width);
      expect(parts.at(-1)!.left + parts.at(-1)!.width).toBeLessThanOrEqual(width);
    }
    const shown = (width: number) => columnsOf(width, 40, ['gradient', 'saturated', 'dead']).tracks.length;
    expect([shown(300), shown(1370)]).toEqual([0, 3]);
  });
});

describe('keys in the tree', () => {
  const rows = rowsOf(treeOf(leavesOf(stack(2))), new Set(['body.1']));
  test('move, fold and open', () => {
    expect(keyAction('ArrowDown', rows, -1)).toEqual({ to: 0 });
    expect(keyAction('ArrowUp', rows, 0)).toEqual({ to: 0 });
    expect(keyAction('End', rows, 0)).toEqual({ to: rows.length - 1 });
    expect(keyAction('ArrowLeft', rows, 0)).toEqual({ fold: 'body', shut: true });
    expect(keyAction('ArrowLeft', rows, 2)).toEqual({ to: 1 });
    expect(keyAction('ArrowRight', rows, rows.length - 1)).toEqual({ fold: 'body.1', shut: false });
    expect(keyAction('Enter', rows, 2)).toEqual({ open: true });
    expect(keyAction('x', rows, 2)).toBeNull();
  });
});
