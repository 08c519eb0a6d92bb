import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose';
import { flowReport } from '../../../src/diagnosis/flowReport';
import { initialiserText } from '../../../src/diagnosis/initialiserText';
import { GraphBuilder, spanAt, traceOf } from './builder';

const LINEAR = { weightLayout: 'outIn' } as const;

/** y = f(x) + x, where f is a linear layer and a sigmoid. */
function residual() {
  const builder = new GraphBuilder();
  const x = builder.input([4, 8]);
  const first = builder.module('block.fc', 'Linear', spanAt(1));
  const act = builder.module('block.act', 'Sigmoid', spanAt(2));
  const weight = builder.parameter(
    'block.fc.weight',
    [8, 8],
    { kind: 'normal', mean: 0, std: 0.35 },
    { module: first, span: spanAt(1) },
  );
  const product = builder.node('linear', LINEAR, [x, weight], [4, 8], { module: first, span: spanAt(9) });
  const shaped = builder.node('reshape', {}, [product], [32], { span: spanAt(10) });
  const squashed = builder.node('sigmoid', {}, [shaped], [32], { module: act, span: spanAt(9) });
  const sum = builder.node('add', {}, [squashed, x], [32], { module: 0, span: spanAt(11) });
  builder.output(sum);
  const trace = traceOf(
    builder.graph,
    [{ start: -2, late: -1 }],
    builder.graph.values.map(() => ({ gradient: 0 })),
  );
  return { graph: builder.graph, trace };
}

describe('what the panel draws', () => {
  it('shows a residual block as a branch and a place where it meets the skip; moves of data are part of the edges', () => {
    const { graph, trace } = residual();
    const { nodes, edges } = flowReport(graph, trace, diagnose(graph, trace));
    expect(nodes.map(({ kind, label, path }) => [kind, label, path])).toEqual([
      ['input', 'x', ''],
      ['layer', 'Linear', 'block.fc'],
      ['layer', 'Sigmoid', 'block.act'],
      ['merge', 'addition', ''],
      ['loss', 'loss', ''],
    ]);
    expect(edges).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
      [3, 4],
    ]);
  });

  it('has one figure a step, and the range over seeds and late steps', () => {
    const { graph, trace } = residual();
    const { weights, loss } = flowReport(graph, trace, diagnose(graph, trace));
    const [weight] = weights;
    const steps = Math.max(...trace.seeds.map((seed) => seed.steps));
    expect([weight?.steps.length, loss.length]).toEqual([steps, steps]);
    expect([weight?.steps[0], weight?.steps.at(-1)]).toEqual([-2, -1]);
    expect([weight?.low, weight?.high]).toEqual([-1, -1]);
  });

  it('sums the histograms of the seeds in decades; the counts stay', () => {
    const { graph, trace } = residual();
    const [seed] = trace.seeds;
    const counted = (first: number) => ({ step: 3, first, width: 1, counts: [1, 2], zeros: 1 });
    const seeds = [-4, -5].map((first) => ({
      ...seed!,
      parameters: seed!.parameters.map((each) => ({ ...each, histogram: counted(first) })),
    }));
    const both = { ...trace, seeds };
    const [weight] = flowReport(graph, both, diagnose(graph, both)).weights;
    expect(weight?.gradients).toMatchObject({ step: 3, counts: [1, 3, 2], zeros: 2 });
    expect(weight?.gradients?.first).toBeCloseTo(-5 * Math.log10(2), 9);
    expect(weight?.gradients?.width).toBeCloseTo(Math.log10(2), 9);
  });
});

describe('initialisers in words', () => {
  it('say how elements are drawn, and who says so', () => {
    const [parameter] = residual().graph.parameters;
    expect(initialiserText({ ...parameter!, initialiserOrigin: 'file' })).toBe(
      'normal, mean 0, deviation 0.35, set in the file',
    );
    const assumed = { kind: 'constant', value: 0 } as const;
    expect(initialiserText({ ...parameter!, initialiser: { kind: 'unknown', reason: 'a loop', assumed } })).toMatch(
      /^not known \(a loop\), /,
    );
  });
});
