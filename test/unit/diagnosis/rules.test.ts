import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnosis/diagnose';
import { MARGIN_AT_INITIALISATION } from '../../../src/diagnosis/yardstick';
import { isPlain } from '../../../src/pipeline/analyse';
import type { Initialiser } from '../../../src/graph/initialiser';
import type { GradientTrace } from '../../../src/trace/trace';
import { GraphBuilder, spanAt, traceOf, type ParameterFigures, type ValueFigures } from './builder';

const GLOROT: Initialiser = { kind: 'normal', mean: 0, std: 0.35 };
const ZERO: Initialiser = { kind: 'constant', value: 0 };
const LINEAR = { weightLayout: 'outIn' } as const;

/** A chain of linear layers `fc0`, `fc1`, ... with something in front of each but the first. */
function chain(count: number, between?: (builder: GraphBuilder, x: number, layer: number) => number) {
  const builder = new GraphBuilder();
  let x = builder.input([4, 8]);
  for (let i = 0; i < count; i++) {
    if (i > 0 && between) x = between(builder, x, i);
    const module = builder.module(`fc${i}`, 'Linear', spanAt(i));
    const weight = builder.parameter(`fc${i}.weight`, [8, 8], GLOROT, { module, span: spanAt(i) });
    x = builder.node('linear', LINEAR, [x, weight], [4, 8], { module, span: spanAt(40) });
  }
  builder.output(x);
  return builder;
}

const even = (late: number): ParameterFigures => ({ start: late, late });

describe('vanishing', () => {
  it('starts three decades under the yardstick, not at them', () => {
    const { graph } = chain(3);
    const verdicts = (low: number) => diagnose(graph, traceOf(graph, [even(low), even(-1), even(-0.5)])).verdict;
    expect(verdicts(-3.49)).toBe('healthy');
    expect(verdicts(-3.51)).toBe('vanishing');
  });

  it('has a floor for nets that collapse everywhere at once', () => {
    const { graph } = chain(2);
    const { verdict, limit } = diagnose(graph, traceOf(graph, [even(-7.5), even(-6.5)]));
    expect({ verdict, limit }).toEqual({ verdict: 'vanishing', limit: -7 });
  });

  it('does not let a weight that starts small set the yardstick', () => {
    const { graph } = chain(2);
    graph.parameters[1]!.initialiser = { kind: 'normal', mean: 0, std: 0.01 };
    const { verdict, yardstick } = diagnose(graph, traceOf(graph, [even(-2), even(1.5)]));
    expect({ verdict, yardstick }).toEqual({ verdict: 'healthy', yardstick: -2 });
  });

  it('takes the median of the late steps, not the start', () => {
    const { graph } = chain(2);
    const { parameters, verdict } = diagnose(graph, traceOf(graph, [{ start: -9, late: -2 }, even(-1)]));
    expect(verdict).toBe('healthy');
    expect(parameters[0]?.start).toBeCloseTo(-9, 10);
    expect(parameters[0]?.late).toBeCloseTo(-2, 10);
  });

  it('judges at the start where fewer than six steps were run, and says so', () => {
    const { graph } = chain(2);
    const { verdict, findings } = diagnose(graph, traceOf(graph, [{ start: -9, late: -2 }, even(-1)], [], 5));
    expect(verdict).toBe('vanishing');
    expect(findings[0]?.message).toContain('at initialisation');
  });

  it('takes a zero gradient of a weight that is fed an underflow for a vanished one, not for a degenerate one', () => {
    const { graph } = chain(3);
    const figures = traceOf(
      graph,
      [even(-1), even(-0.5), even(-Infinity)],
      [
        { gradient: -1 },
        { gradient: -1 },
        { gradient: -1 },
        { gradient: -1 },
        { gradient: -1 },
        { gradient: -1 },
        { gradient: -1 },
      ],
    );
    expect(diagnose(graph, figures).verdict).toBe('degenerate');
    const fed = graph.nodes.at(-1)!.inputs[0]!;
    const lost = { ...figures, seeds: figures.seeds.map((seed) => ({ ...seed, underflow: [fed] })) };
    const { verdict, findings, parameters } = diagnose(graph, lost);
    expect({ verdict, third: parameters[2]?.verdict }).toEqual({ verdict: 'vanishing', third: 'vanishing' });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain('less gradient than float32 can hold');
    expect(findings[0]?.cause).toContain('falls under what float32 can hold');
    // Lost elsewhere, the zero has another reason.
    const elsewhere = { ...figures, seeds: figures.seeds.map((seed) => ({ ...seed, underflow: [0] })) };
    expect(diagnose(graph, elsewhere).verdict).toBe('degenerate');
  });

  it('calls no model healthy of which no weight was judged', () => {
    const { graph } = chain(2);
    const figures = traceOf(graph, [even(-1), even(-1)]);
    graph.parameters[0]!.initialiserOrigin = 'checkpoint';
    expect(diagnose(graph, figures).verdict).toBe('healthy');
    graph.parameters[1]!.trainable = false;
    expect(diagnose(graph, figures).verdict).toBe('unjudged');
  });

  describe('judged at initialisation', () => {
    const { graph } = chain(3);
    const at = (low: number, steps: number) =>
      diagnose(graph, traceOf(graph, [even(low), even(-1), even(-0.5)], [], steps));
    const under = (decades: number) => -0.5 - 3 - decades;

    it('alarms only further under the limit than a healthy model was measured to start', () => {
      expect(at(under(MARGIN_AT_INITIALISATION + 0.01), 1)).toMatchObject({ verdict: 'vanishing', undecided: null });
      expect(at(under(MARGIN_AT_INITIALISATION - 0.01), 1)).toMatchObject({ verdict: 'healthy', findings: [] });
      expect(at(under(MARGIN_AT_INITIALISATION - 0.01), 6).verdict).toBe('vanishing');
    });

    it('takes no weight for small because others start with a large gradient', () => {
      const beside = (low: number, high: number, steps: number) =>
        diagnose(graph, traceOf(graph, [even(0), even(low), even(high)], [], steps));
      expect(beside(-2.6, 1.6, 1)).toMatchObject({ verdict: 'healthy', findings: [] });
      expect(beside(-2.6, 1.6, 1).undecided).toContain('Too few steps');
      expect(beside(-3.9, 1.6, 1).verdict).toBe('vanishing');
      expect(beside(-2.6, 1.6, 6).verdict).toBe('vanishing');
    });

    it('calls gradients exploding only further above the limits', () => {
      const largest = (high: number, steps: number) =>
        diagnose(graph, traceOf(graph, [even(2), even(high), even(0.5)], [], steps)).verdict;
      expect(largest(3.1, 1)).toBe('healthy');
      expect(largest(3.1, 6)).toBe('exploding');
      expect(largest(3.9, 1)).toBe('exploding');
      const growing = (first: number, steps: number) =>
        diagnose(graph, traceOf(graph, [even(first), even(1), even(-1)], [], steps)).verdict;
      expect(growing(2.2, 1)).toBe('healthy');
      expect(growing(2.2, 6)).toBe('exploding');
      expect(growing(2.9, 1)).toBe('exploding');
    });

    it('says between the two limits that too few steps were run to tell', () => {
      const { undecided, parameters } = at(under(0.3), 2);
      expect(undecided).toContain('Too few steps to tell whether the gradient of `fc0.weight` vanishes: 2 steps of');
      expect(parameters[0]).toMatchObject({ verdict: 'healthy' });
      expect(parameters[0]?.note).toContain('Too few steps');
      expect(parameters[1]?.note).toBeNull();
      expect(at(under(-0.01), 2)).toMatchObject({ verdict: 'healthy', undecided: null });
      expect(at(under(-0.01), 6)).toMatchObject({ verdict: 'healthy', undecided: null });
    });

    it('does not take an undecided model for plainly healthy', () => {
      expect(isPlain(at(under(0.4), 1))).toBe(false);
      expect(isPlain(at(-1, 1))).toBe(true);
    });
  });

  it('leaves biases, frozen weights and checkpoints alone', () => {
    const { graph } = chain(4);
    graph.parameters[0]!.name = 'fc0.bias';
    graph.parameters[1]!.trainable = false;
    graph.parameters[2]!.initialiserOrigin = 'checkpoint';
    const { verdict, parameters } = diagnose(graph, traceOf(graph, [even(-12), even(-12), even(-12), even(-1)]));
    expect(verdict).toBe('healthy');
    expect(parameters.map((p) => p.verdict)).toEqual(['unjudged', 'unjudged', 'unjudged', 'healthy']);
    expect(parameters[2]?.note).toContain('checkpoint');
  });
});

describe('waking', () => {
  /** A residual branch whose last norm has gamma 0. */
  function gated(): GraphBuilder {
    const builder = new GraphBuilder();
    const x = builder.input([4, 8]);
    const weight = builder.parameter('branch.weight', [8, 8], GLOROT, { span: spanAt(1) });
    const gamma = builder.parameter('norm.weight', [8], ZERO, { span: spanAt(2) });
    const head = builder.parameter('head.weight', [8, 8], GLOROT, { span: spanAt(3) });
    const branch = builder.node('linear', LINEAR, [x, weight], [4, 8]);
    const norm = builder.node(
      'batchNorm',
      { axis: 1, epsilon: 1e-5, scale: true, offset: false },
      [branch, gamma],
      [4, 8],
    );
    const sum = builder.node('add', {}, [x, norm], [4, 8]);
    builder.output(builder.node('linear', LINEAR, [sum, head], [4, 8]));
    return builder;
  }
  /** No gradient comes back through the norm. */
  const shutBranch = (graph: GraphBuilder['graph']): ValueFigures[] => {
    const branch = graph.nodes.find((node) => node.op === 'batchNorm')?.inputs[0];
    return graph.values.map((_, value) => ({ gradient: value === branch ? -Infinity : -1 }));
  };
  const gammaAt = (late: number): ParameterFigures => ({
    start: 0,
    late: 0,
    weight: [-Infinity, late + Math.log10(Math.sqrt(8))],
  });

  it('lets a weight off as far as the opening gate explains what is missing', () => {
    const { graph } = gated();
    const figures = (late: number) => [{ start: -Infinity, late }, gammaAt(-1.8), even(-0.5)];
    expect(diagnose(graph, traceOf(graph, figures(-4.5))).parameters[0]).toMatchObject({ verdict: 'waking' });
    expect(diagnose(graph, traceOf(graph, figures(-4.5))).verdict).toBe('healthy');
    // Two decades by the gate do not excuse five.
    expect(diagnose(graph, traceOf(graph, figures(-6.5))).parameters[0]).toMatchObject({ verdict: 'vanishing' });
  });

  it('waits for a gate that step 0 alone cannot show to open', () => {
    const { graph } = gated();
    const start = (gateGradient: number) => {
      const trace = traceOf(graph, [even(-Infinity), gammaAt(-1.8), even(-0.5)], shutBranch(graph), 1);
      trace.seeds[0]?.parameters[1]?.gradient.fill(gateGradient);
      return diagnose(graph, trace);
    };
    const opening = start(-4);
    expect(opening).toMatchObject({ verdict: 'healthy', findings: [] });
    expect(opening.parameters[0]).toMatchObject({ verdict: 'waking' });
    expect(opening.parameters[0]?.note).toContain('too few steps ran');
    // A gate that gets no gradient itself cannot open.
    expect(start(-Infinity).parameters[0]?.verdict).toBe('degenerate');
  });

  it('lets a small gate at step 0 off as far as its size explains what is missing', () => {
    const { graph } = gated();
    graph.parameters[1]!.initialiser = { kind: 'constant', value: 1e-3 };
    const gamma: ParameterFigures = { start: 0, late: 0, weight: -3 + Math.log10(Math.sqrt(8)) };
    const verdict = (low: number) =>
      diagnose(graph, traceOf(graph, [even(low), gamma, even(-0.5)], [], 1)).parameters[0]?.verdict;
    expect(verdict(-6)).toBe('waking');
    expect(verdict(-8)).toBe('vanishing');
  });

  it('does not excuse a gradient that does not grow', () => {
    const { graph } = gated();
    const trace = traceOf(graph, [{ start: -4, late: -4.5 }, gammaAt(-1.8), even(-0.5)]);
    expect(diagnose(graph, trace).parameters[0]?.verdict).toBe('vanishing');
  });

  it('calls a gate that never opens by its name', () => {
    const { graph } = gated();
    const shut = { start: 0, late: 0, weight: -Infinity };
    const figures = [even(-Infinity), shut, even(-0.5)];
    const { parameters, findings } = diagnose(graph, traceOf(graph, figures, shutBranch(graph)));
    expect(parameters[0]?.verdict).toBe('degenerate');
    expect(findings[0]?.cause).toContain('`norm.weight`');
  });
});

describe('no gradient at all', () => {
  it('finds the units that never open, on either side of a weight', () => {
    const builder = chain(4, (b, x) => b.node('relu', {}, [x], [4, 8], { span: spanAt(20) }));
    const { graph } = builder;
    const relus = graph.nodes.flatMap((node) => (node.op === 'relu' ? node.outputs : []));
    const closed = relus[1] ?? -1;
    const values = graph.values.map((_, value): ValueFigures =>
      value === closed ? { gradient: -1, mean: 0, deviation: 0 } : { gradient: value < closed ? -Infinity : -1 },
    );
    const trace = traceOf(graph, [even(-Infinity), even(-Infinity), even(-Infinity), even(-1)], values);
    const { verdict, findings, parameters } = diagnose(graph, trace);
    expect(verdict).toBe('dead');
    expect(parameters.map((p) => p.verdict)).toEqual(['dead', 'dead', 'dead', 'healthy']);
    expect(findings.map((f) => [f.code, f.causeKind])).toEqual(Array(3).fill(['dead-units', 'dead-units']));
    expect(findings[2]?.cause).toContain('input is exactly zero');
    expect(findings[0]?.related[0]?.span).toEqual(spanAt(20));
    expect(findings[0]?.causeNodes.map((node) => graph.nodes[node]?.outputs[0])).toEqual([closed]);
  });

  it('tells a cut from a layer that is never used and from an output that is not read', () => {
    const cut = chain(2, (b, x) => b.node('detach', {}, [x], [4, 8], { span: spanAt(21) }));
    const gone = { start: NaN, late: NaN, reached: false };
    expect(diagnose(cut.graph, traceOf(cut.graph, [gone, even(-1)])).findings[0]).toMatchObject({
      code: 'degenerate-gradient',
      causeKind: 'cut-graph',
      severity: 'warning',
    });

    const spare = chain(1);
    const extra = spare.parameter('spare.weight', [8, 8], GLOROT, { span: spanAt(5) });
    spare.node('linear', LINEAR, [0, extra], [4, 8], { span: spanAt(30) });
    expect(diagnose(spare.graph, traceOf(spare.graph, [even(-1), gone])).findings).toMatchObject([
      { causeKind: 'unused-branch', severity: 'information', parameters: [1] },
    ]);

    spare.output(spare.graph.values.length - 1);
    const { verdict, parameters } = diagnose(spare.graph, traceOf(spare.graph, [even(-1), gone]));
    expect(verdict).toBe('healthy');
    expect(parameters[1]).toMatchObject({ verdict: 'unjudged' });
    expect(parameters[1]?.note).toContain('output 2');
  });

  it('knows softmax over one unit and the norm of one element', () => {
    const soft = new GraphBuilder();
    const weight = soft.parameter('fc.weight', [1, 8], GLOROT, { span: spanAt(1) });
    const logits = soft.node('linear', LINEAR, [soft.input([4, 8]), weight], [4, 1]);
    soft.output(soft.node('softmax', { axis: 1 }, [logits], [4, 1]));
    const dead = (builder: GraphBuilder) =>
      traceOf(
        builder.graph,
        [even(-Infinity)],
        builder.graph.values.map(() => ({ gradient: -Infinity })),
      );
    expect(diagnose(soft.graph, dead(soft)).findings[0]?.causeKind).toBe('one-unit-softmax');

    const norm = new GraphBuilder();
    const first = norm.parameter('fc.weight', [1, 8], GLOROT, { span: spanAt(1) });
    const unit = norm.node('linear', LINEAR, [norm.input([4, 8]), first], [4, 1]);
    norm.output(norm.node('layerNorm', { axes: [1], epsilon: 1e-5, scale: false, offset: false }, [unit], [4, 1]));
    const values = norm.graph.values.map((_, value) => ({ gradient: value === unit ? -Infinity : -1 }));
    expect(diagnose(norm.graph, traceOf(norm.graph, [even(-Infinity)], values)).findings[0]?.causeKind).toBe(
      'one-element-norm',
    );
  });

  it('sees layers whose units can never differ, but not a constant head', () => {
    const alike = chain(3, (b, x) => b.node('tanh', {}, [x], [4, 8]));
    for (const parameter of alike.graph.parameters) parameter.initialiser = { kind: 'constant', value: 0.1 };
    const verdicts = () =>
      diagnose(alike.graph, traceOf(alike.graph, [even(-1), even(-1), even(-1)])).parameters.map((p) => p.verdict);
    expect(verdicts()).toEqual(['degenerate', 'degenerate', 'healthy']);
    for (const parameter of alike.graph.parameters.slice(0, 2)) parameter.initialiser = GLOROT;
    expect(verdicts()).toEqual(['healthy', 'healthy', 'healthy']);
  });
});

describe('exploding', () => {
  it('outweighs what it makes look vanished', () => {
    const { graph } = chain(8);
    const figures = Array.from({ length: 8 }, (_, k) => even(2.5 - 0.6 * k));
    const { verdict, findings, parameters } = diagnose(graph, traceOf(graph, figures));
    expect(verdict).toBe('exploding');
    expect(findings).toMatchObject([{ code: 'exploding-gradient', parameters: [] }]);
    expect(parameters.every((p) => p.verdict === 'unjudged')).toBe(true);
  });

  it('starts at a thousand times the weights', () => {
    const { graph } = chain(2);
    expect(diagnose(graph, traceOf(graph, [even(2.9), even(2.9)])).verdict).toBe('healthy');
    expect(diagnose(graph, traceOf(graph, [even(3.1), even(2.9)])).verdict).toBe('exploding');
  });

  it('says where values first stop being finite, and does not blame the weights for made-up input', () => {
    const builder = chain(2, (b, x) => b.node('log', {}, [x], [4, 8], { span: spanAt(22) }));
    const { graph } = builder;
    const node = graph.nodes.findIndex(({ op }) => op === 'log');
    const broken = (step: number): GradientTrace => {
      const trace = traceOf(graph, [even(-1), even(-1)]);
      return {
        ...trace,
        seeds: trace.seeds.map((seed) => ({ ...seed, nonFinite: { step, node, direction: 'forward' } })),
      };
    };
    expect(diagnose(graph, broken(7)).findings).toMatchObject([
      { code: 'non-finite', severity: 'warning', span: spanAt(22), causeNodes: [node] },
    ]);
    expect(diagnose(graph, broken(0)).findings[0]).toMatchObject({ severity: 'information' });
    expect(diagnose(graph, broken(7)).verdict).toBe('exploding');
  });
});
