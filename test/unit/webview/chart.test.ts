import { describe, expect, test } from 'vitest';
import type { ModelReport, ParameterReport } from '../../../src/report/report';
import { chartOf, figure, powerOfTen, ticksOf } from '../../../webview/model/chart';
import { evidenceSentence, inputSentences, remedySentence, rowSentence } from '../../../webview/model/sentences';

const parameter = (name: string, late: number | null, change: Partial<ParameterReport> = {}): ParameterReport => ({
  name,
  shape: [4, 4],
  line: 3,
  span: { path: 'net.py', range: { start: { line: 2, character: 0 }, end: { line: 2, character: 9 } } },
  verdict: 'healthy',
  logRelativeGradient: { start: late, late },
  note: null,
  ...change,
});

const evidence = {
  seeds: [0, 1, 2],
  steps: 31,
  batch: 32,
  optimiser: 'adam',
  learningRate: 0.001,
  loss: 'cross-entropy',
  data: 'standard normal inputs',
  reductions: [],
  partial: false,
  yardstick: -0.6,
  limit: -3.6,
  undecided: null,
  milliseconds: { reading: 1, training: 1, proving: 1 },
};

const model = (parameters: ParameterReport[], change: Partial<ModelReport> = {}): ModelReport => ({
  name: 'Net',
  entry: 'Net()',
  framework: 'pytorch',
  span: null,
  verdict: 'vanishing',
  unread: null,
  inputs: [],
  guesses: [],
  parameterCount: 1,
  parameters,
  layers: [],
  findings: [],
  evidence,
  ...change,
});

describe('chart', () => {
  test('weights keep the order of the graph; biases are left out unless they are flagged', () => {
    const chart = chartOf(
      model([
        parameter('b.weight', -9.3, { verdict: 'vanishing' }),
        parameter('b.bias', -12, { shape: [4], verdict: 'unjudged' }),
        parameter('a.weight', -0.6),
        parameter('c.bias', null, { shape: [4], verdict: 'dead' }),
      ]),
    );
    expect(chart.rows.map(({ name, flagged }) => [name, flagged])).toEqual([
      ['b.weight', true],
      ['a.weight', false],
      ['c.bias', true],
    ]);
    expect(chart.domain).toEqual([-10, 0]);
    expect(chart.hasZero).toBe(true);
  });

  test('ticks are whole decades, few even over 600 of them', () => {
    const { domain } = chartOf(model([parameter('a', -602.2), parameter('b', -1)]));
    expect(domain).toEqual([-603, 0]);
    for (const width of [0, 150, 400, 1400]) {
      const ticks = ticksOf({ domain }, width);
      expect(ticks.every(Number.isInteger)).toBe(true);
      expect(ticks.length).toBeGreaterThan(1);
      // d3 may give a few more than it is asked for.
      expect(ticks.length).toBeLessThan(Math.max(6, width / 30));
    }
    expect(ticksOf({ domain: [-2, 0] }, 1400)).toEqual([-2, -1, 0]);
  });

  test('equal figures, one row and none at all still have a domain', () => {
    for (const parameters of [[parameter('a', -3)], [parameter('a', null)], []]) {
      const { domain } = chartOf(model(parameters, { evidence: null }));
      expect(domain[1]).toBeGreaterThan(domain[0]);
    }
  });

  test('yardstick and limit are drawn where they are known', () => {
    expect(chartOf(model([])).references).toEqual([
      { kind: 'limit', value: -3.6 },
      { kind: 'yardstick', value: -0.6 },
    ]);
    expect(chartOf(model([], { evidence: null })).references).toEqual([]);
  });
});

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
    expect(inputSentences(model([], { inputs: [input] }))).toEqual([{ text: 'x [32, 3] (guessed)', reason: 'why' }]);
  });
  test('a row reads as a sentence', () => {
    const [row] = chartOf(model([parameter('a.weight', -4, { verdict: 'vanishing', note: 'Look.' })])).rows;
    expect(row && rowSentence(row)).toBe(
      'a.weight (4 × 4): vanishing. Relative gradient 1 × 10⁻⁴, at the start 1 × 10⁻⁴, line 3. Look.',
    );
  });
  test('a remedy shows before and after, or why it was not measured', () => {
    const frame = { id: 'r', title: 't', edits: [], preferred: false, reason: 'later' };
    const before = { verdict: 'vanishing' as const, logRelativeGradient: -11, loss: 1 };
    const after = { verdict: 'healthy' as const, logRelativeGradient: -1, loss: 1 };
    expect(remedySentence({ ...frame, status: 'proved', measured: { before, after } })).toBe(
      'weakest layer 1 × 10⁻¹¹ → 0.1, then healthy',
    );
    expect(remedySentence({ ...frame, status: 'untested', measured: { before: null, after: null } })).toBe('later');
  });
});
