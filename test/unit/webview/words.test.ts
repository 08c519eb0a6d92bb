import { describe, expect, test } from 'vitest';
import { detailOf } from '../../../webview/model/detail';
import { figure, powerOfTen } from '../../../webview/model/figures';
import { leavesOf } from '../../../webview/model/leaves';
import { rowsOf } from '../../../webview/model/rows';
import { evidenceSentence, inputSentences, remedySentence, rowSentence } from '../../../webview/model/sentences';
import { csvOf, tableOf } from '../../../webview/model/table';
import { timeCurveOf } from '../../../webview/model/timeCurve';
import { treeOf } from '../../../webview/model/tree';
import { holds, rowAt } from '../../../webview/model/cursor';
import { evidence, layer, model, parameter, span, stack } from './models';

const rows = (of: ReturnType<typeof model>, folded: string[] = []) => rowsOf(treeOf(leavesOf(of)), new Set(folded));

describe('figures', () => {
  test.each([
    [null, 'exactly 0'],
    [Math.log10(2.14e-12), '2.1 × 10⁻¹²'],
    [-602.5, '3.2 × 10⁻⁶⁰³'],
    [-11.0001, '1 × 10⁻¹¹'],
    [Math.log10(0.25), '0.25'],
    [Math.log10(9.99e-7), '1 × 10⁻⁶'],
    [6, '1 × 10⁶'],
  ])('10^%s reads %s', (log10, text) => expect(figure(log10)).toBe(text));
  test('powers', () => expect([powerOfTen(-12), powerOfTen(0), powerOfTen(103)]).toEqual(['10⁻¹²', '10⁰', '10¹⁰³']));
});

describe('sentences', () => {
  test('evidence names seeds, steps, batch, optimiser, loss and data', () =>
    expect(evidenceSentence({ ...evidence, partial: true })).toBe(
      '3 seeds × 31 steps, batch 32, adam 0.001, cross-entropy, standard normal inputs, cut short by the time budget',
    ));
  test('a guessed input says so', () => {
    const input = { name: 'x', shape: [32, 3], kind: 'float' as const, origin: 'guessed' as const, reason: 'why' };
    expect(inputSentences(model([], [], { inputs: [input] }))).toEqual([
      { text: 'x [32, 3] (guessed)', reason: 'why' },
    ]);
  });
  test('a row reads as a sentence', () => {
    const [row] = rows(model([parameter('a.weight', -4, { verdict: 'vanishing', note: 'Look.' })]));
    expect(row && rowSentence(row)).toBe(
      'a.weight (4 × 4): vanishing. Relative gradient 1 × 10⁻⁴, at the start 1 × 10⁻⁴, line 3. Look.',
    );
    const [, , sigmoid] = rows(stack(1));
    expect(sigmoid && rowSentence(sigmoid)).toBe(
      'body.0.1 Sigmoid, Sigmoid, line 3. Passes ×0.32 of the gradient back. Saturated 25 %.',
    );
    const [group] = rows(stack(10), ['body']);
    expect(group && rowSentence(group)).toBe(
      'body: 10 weights, 4 flagged. Relative gradient from 3.2 × 10⁻⁶ to 0.1. Passes ×1e-5 of the gradient back. Saturated 25 %.',
    );
  });
  test('a remedy shows before and after, or why it was not measured', () => {
    const frame = { id: 'r', title: 't', edits: [], preferred: false, reason: 'Later.' };
    const before = { verdict: 'vanishing' as const, logRelativeGradient: -11, loss: 1 };
    const after = { verdict: 'healthy' as const, logRelativeGradient: -1, loss: 1 };
    expect(remedySentence({ ...frame, status: 'proved', measured: { before, after } })).toBe(
      'weakest layer 1 × 10⁻¹¹ → 0.1, then healthy',
    );
    expect(remedySentence({ ...frame, status: 'refuted', measured: { before, after: before } })).toBe(
      'weakest layer 1 × 10⁻¹¹ → 1 × 10⁻¹¹, then vanishing. Later.',
    );
    expect(remedySentence({ ...frame, status: 'untested', measured: { before: null, after: null } })).toBe('Later.');
  });
});

describe('the chosen layer', () => {
  test('has its figures, its initialiser and its histograms', () => {
    const histogram = { step: 30, first: -4, width: 0.3, counts: [1, 2], zeros: 0 };
    const flow = {
      weights: [{ parameter: 0, initialiser: 'zeros', low: -5, high: -3, steps: [-4, -4.5], gradients: histogram }],
      loss: [1, 1],
      activations: [histogram],
      nodes: [],
      edges: [],
    };
    const of = model([parameter('a.weight', -4)], [layer('a', [0])], { flow });
    const found = detailOf(of, rows(of)[0]!);
    expect(found.gradients).toBe(histogram);
    expect(found.activations).toBe(histogram);
    expect(found.steps).toEqual([-4, -4.5]);
    expect(Object.fromEntries(found.figures.map(({ name, value }) => [name, value]))).toMatchObject({
      Shape: '4 × 4',
      'Starts as': 'zeros',
      'Over seeds and steps': '1 × 10⁻⁵ to 1 × 10⁻³',
      'Passes back': '×0.32 of the gradient',
    });
  });
});

describe('the cursor', () => {
  const of = model(
    [parameter('a.weight', -1, { span: span(4) }), parameter('b.weight', -9, { span: span(4), verdict: 'vanishing' })],
    [layer('act', [], { span: span(4) }), layer('a', [0]), layer('b', [1])],
  );
  test('means the flagged layer of its line first, in its own file alone', () => {
    expect(rowAt(rows(of), span(4))?.key).toBe('b.weight');
    expect(rowAt(rows(of), span(5))).toBeNull();
    expect(rowAt(rows(of), span(4, 'other.py'))).toBeNull();
    expect(rowAt(rows(of), { ...span(4), cell: 2 })).toBeNull();
  });
  test('is in a folded group, not in the heading of an open one', () => {
    const folded = rows(stack(2), ['body']);
    expect(holds(folded[0]!, span(2))).toBe(true);
    expect(holds(rows(stack(2))[0]!, span(2))).toBe(false);
  });
});

describe('the table', () => {
  test('has a row a leaf; CSV keeps logarithms and disarms formulas', () => {
    const leaves = leavesOf(model([parameter('=HYPERLINK("x").weight', -4.25)]));
    expect(tableOf(leaves)[0]?.cells.slice(0, 6)).toEqual([
      '=HYPERLINK("x").weight',
      '',
      '4 × 4',
      '3',
      'healthy',
      '5.6 × 10⁻⁵',
    ]);
    const [header, line] = csvOf(leaves).split('\r\n');
    expect(header?.split(',').slice(0, 3)).toEqual(['layer', 'kind', 'shape']);
    expect(line?.startsWith(`"'=HYPERLINK(""x"").weight",,4 × 4,3,healthy,-4.25,-4.25`)).toBe(true);
  });
});

describe('through time', () => {
  test('the curve runs by lag, with its horizon in words', () => {
    const curve = timeCurveOf({
      layer: 'rnn',
      span: null,
      parameters: [0],
      steps: 4,
      logGradient: [null, -4, -2.5, 0],
      horizon: 1,
      halfLife: 0.61,
      vanishing: true,
      readsEveryStep: false,
    });
    expect(curve.byLag).toEqual([0, -2.5, -4, null]);
    expect(curve.low).toBe(-4);
    expect(curve.sentence).toBe(
      'The gradient of rnn is under a hundredth from 1 step back on. It halves every 0.61 steps.',
    );
  });
});
