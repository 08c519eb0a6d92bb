import { describe, expect, it } from 'vitest';
import type { OpAttributes } from '../../../src/graph/ops';
import { diagnose } from '../../../src/diagnosis/diagnose';
import { memoryOf } from '../../../src/diagnosis/memoryHorizon';
import { timeReports } from '../../../src/diagnosis/timeReports';
import type { StateTrace } from '../../../src/trace/trace';
import { GraphBuilder, spanAt, traceOf } from './builder';

/** log2 of a gradient that falls by `octaves` a step toward the first of `steps`. */
const falling = (octaves: number, steps = 20) =>
  Float64Array.from({ length: steps }, (_, t) => 3 - octaves * (steps - 1 - t));

describe('memoryOf', () => {
  it('takes the horizon, the half-life and the verdict relative to the last step', () => {
    // 0.5 ** lag is under 1e-2 from lag 7 on.
    const memory = memoryOf([falling(1)]);
    expect(memory).toMatchObject({ horizon: 7, vanishing: true });
    expect(memory!.halfLife).toBeCloseTo(1, 10);
    expect(memory!.log10.at(-1)).toBe(0);
    expect(memory!.log10[0]).toBeCloseTo(-19 * Math.log10(2), 10);
  });

  it('has no horizon where the gradient stays, and no half-life where it grows', () => {
    expect(memoryOf([falling(0.1)])).toMatchObject({ horizon: null, vanishing: false });
    expect(memoryOf([falling(-0.1)])).toMatchObject({ horizon: null, halfLife: null, vanishing: false });
  });

  it('takes the median over the seeds, counts exact zeros as gone and measures nothing against nothing', () => {
    expect(memoryOf([falling(1), falling(0.1), falling(2)])).toMatchObject({ horizon: 7 });
    expect(memoryOf([Float64Array.of(-Infinity, -Infinity, 0, 0)])).toMatchObject({ horizon: 2, vanishing: true });
    expect(memoryOf([Float64Array.of(0, -Infinity)])).toBeNull();
    expect(memoryOf([])).toBeNull();
  });
});

/** Two layers of one `nn.RNN` call, the second also backward. */
function stacked(states: (octaves: number) => Omit<StateTrace, 'node'>) {
  const builder = new GraphBuilder();
  const module = builder.module('memory', 'RNN', spanAt(4));
  let x = builder.input([2, 20, 3]);
  const nodes: number[] = [];
  for (const [name, reverse] of [
    ['l0', false],
    ['l1', false],
    ['l1_reverse', true],
  ] as const) {
    const weight = builder.parameter(
      `memory.weight_ih_${name}`,
      [4, 3],
      { kind: 'uniform', low: -1, high: 1 },
      {
        module,
        span: spanAt(4),
      },
    );
    const attributes: OpAttributes<'recurrent'> = {
      cell: 'rnn',
      framework: 'pytorch',
      hidden: 4,
      reverse,
      bias: false,
      initialState: false,
      activation: 'tanh',
      gateActivation: 'sigmoid',
      resetAfter: true,
    };
    x = builder.node('recurrent', attributes, [x, weight], [2, 20, 4], { module });
    nodes.push(builder.graph.nodes.length - 1);
  }
  builder.output(x);
  const healthy = { start: -1, late: -1 };
  const trace = traceOf(builder.graph, [healthy, healthy, healthy]);
  trace.seeds[0]!.states = nodes.map((node, k) => ({ node, ...states([1, 2, 3][k]!) }));
  return { graph: builder.graph, trace };
}

describe('vanishing in time', () => {
  it('is one piece of information per constructor call, by the layer that forgets first, and leaves the verdict alone', () => {
    const { graph, trace } = stacked((octaves) => ({ log2Rms: falling(octaves), everyStep: false }));
    const { verdict, findings } = diagnose(graph, trace);
    expect(verdict).toBe('healthy');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'vanishing-in-time', severity: 'information', span: spanAt(4) });
    expect(findings[0]!.message).toContain('`memory_l1` and 1 more layer made here');
    expect(findings[0]!.message).toContain('after 4 of 20 steps');
    expect(findings[0]!.cause).toContain('halves every 0.50 steps');
  });

  it('is reported but not found where the loss reads every step, or the gradient stays', () => {
    const tagger = stacked((octaves) => ({ log2Rms: falling(octaves), everyStep: true }));
    expect(diagnose(tagger.graph, tagger.trace).findings).toEqual([]);
    expect(timeReports(tagger.graph, tagger.trace)).toMatchObject([
      { layer: 'memory_l0', steps: 20, horizon: 7, vanishing: true, readsEveryStep: true },
      { layer: 'memory_l1', steps: 20, horizon: 4, vanishing: true, readsEveryStep: true },
    ]);
    const lasting = stacked(() => ({ log2Rms: falling(0.1), everyStep: false }));
    expect(diagnose(lasting.graph, lasting.trace).findings).toEqual([]);
  });

  it.each([
    ['reads its state at the first step', [0, -1, -2, -3], 0],
    ['reads it at the last step alone', [-Infinity, -Infinity, -Infinity, 0], 1],
  ])('of a bidirectional layer depends on whether the loss %s', (_, backward, count) => {
    const { graph, trace } = stacked((octaves) => ({ log2Rms: falling(octaves), everyStep: false }));
    const [first, second, reverse] = graph.nodes.filter(({ op }) => op === 'recurrent');
    // The second layer's directions read the first layer's sequence both; the first layer has one direction and lasts.
    reverse!.inputs[0] = second!.inputs[0]!;
    expect(first!.outputs).toContain(second!.inputs[0]);
    trace.seeds[0]!.states![0]!.log2Rms = falling(0.1);
    trace.seeds[0]!.states![2]!.log2Rms = Float64Array.from(backward);
    expect(diagnose(graph, trace).findings).toHaveLength(count);
    expect(timeReports(graph, trace)[1]).toMatchObject({ layer: 'memory_l1', vanishing: true });
  });

  it('names the one layer of a module by the module', () => {
    const { graph, trace } = stacked((octaves) => ({ log2Rms: falling(octaves), everyStep: false }));
    graph.parameters.forEach((parameter) => (parameter.name = 'memory.weight_ih_l0'));
    expect(timeReports(graph, trace)[0]).toMatchObject({ layer: 'memory', parameters: [0] });
  });
});
