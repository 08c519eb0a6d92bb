import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose';
import { evidenceOf } from '../../../src/diagnosis/evidence';
import { layerReports } from '../../../src/diagnosis/layerReports';
import { parameterReports } from '../../../src/diagnosis/parameterReports';
import { GraphBuilder, spanAt, traceOf } from './builder';

const LINEAR = { weightLayout: 'outIn' } as const;

function twoLayers() {
  const builder = new GraphBuilder();
  const x = builder.input([4, 8]);
  const first = builder.module('body.0', 'Linear', spanAt(1));
  const act = builder.module('body.1', 'ReLU', spanAt(2));
  const weight = builder.parameter(
    'body.0.weight',
    [8, 8],
    { kind: 'normal', mean: 0, std: 0.35 },
    { module: first, span: spanAt(1) },
  );
  const bias = builder.parameter(
    'body.0.bias',
    [8],
    { kind: 'constant', value: 0 },
    { module: first, span: spanAt(1) },
  );
  const product = builder.node('linear', LINEAR, [x, weight], [4, 8], { module: first, span: spanAt(9) });
  const shifted = builder.node('add', {}, [product, bias], [4, 8], { module: first, span: spanAt(9) });
  const open = builder.node('relu', {}, [shifted], [4, 8], { module: act, span: spanAt(9) });
  const shaped = builder.node('reshape', {}, [open], [32], { span: spanAt(10) });
  const sum = builder.node('sigmoid', {}, [shaped], [32], { module: 0, span: spanAt(11) });
  builder.output(sum);
  const values = builder.graph.values.map(() => ({ gradient: 0 }));
  values[x] = { gradient: -3 };
  values[shifted] = { gradient: -2.5 };
  values[open] = { gradient: -2 };
  values[shaped] = { gradient: -2 };
  values[sum] = { gradient: -1 };
  const trace = traceOf(
    builder.graph,
    [
      { start: -2, late: -1 },
      { start: NaN, late: -Infinity },
    ],
    values,
  );
  return { graph: builder.graph, trace };
}

describe('the rows of the gradient-flow chart', () => {
  it('are layers by class and constructor, calls by operation; moves of data are left out', () => {
    const { graph, trace } = twoLayers();
    const rows = layerReports(graph, trace);
    expect(rows.map(({ path, type, parameters, span }) => [path, type, parameters, span?.range.start.line])).toEqual([
      ['body.0', 'Linear', [0, 1], 1],
      ['body.1', 'ReLU', [], 2],
      ['', 'Sigmoid', [], 11],
    ]);
    expect(rows[0]?.logGradient).toBeCloseTo(-2.5, 9);
    expect(rows[0]?.logBackwardGain).toBeCloseTo(-0.5, 9);
    expect(rows[1]?.logBackwardGain).toBeCloseTo(-0.5, 9);
    expect(rows[2]?.outputShape).toEqual([32]);
  });

  it('claim no gain where others read the input too', () => {
    const { graph, trace } = twoLayers();
    const extra = graph.nodes.find(({ op }) => op === 'relu');
    graph.nodes.push({
      op: 'neg',
      attributes: {},
      inputs: [...(extra?.inputs ?? [])],
      outputs: [],
      module: null,
      span: null,
    });
    expect(layerReports(graph, trace)[1]?.logBackwardGain).toBeNull();
  });
});

describe('the rows of parameters and the evidence', () => {
  it('turn what JSON cannot hold into null and say why', () => {
    const { graph, trace } = twoLayers();
    const diagnosis = diagnose(graph, trace);
    const [weight, bias] = parameterReports(graph, trace, diagnosis);
    expect(weight).toMatchObject({ line: 2, verdict: 'healthy', note: null });
    expect(weight?.logRelativeGradient.start).toBeCloseTo(-2, 9);
    expect(weight?.logRelativeGradient.late).toBeCloseTo(-1, 9);
    expect(bias).toMatchObject({ verdict: 'unjudged', logRelativeGradient: { start: null, late: null } });
    expect(bias?.note).toContain('Biases');
    const evidence = evidenceOf(graph, trace, diagnosis, { reading: 1, training: 2, proving: 3 });
    expect(evidence).toMatchObject({ seeds: [1], steps: 31, optimiser: 'adam', loss: 'cross-entropy', partial: false });
    expect(evidence.yardstick).toBeCloseTo(-1, 9);
    expect(evidence.limit).toBeCloseTo(-4, 9);
  });
});
