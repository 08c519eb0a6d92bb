import type { ModelGraph } from '../../../src/graph/graph';
import type { ReadModel } from '../../../src/graph/reading';
import type { TrainingPlan } from '../../../src/trace/plan';
import type { GradientTrace, ParameterTrace, SeedTrace, ValueTrace } from '../../../src/trace/trace';

/** head(relu(body(x))) for x [batch, 8]: two linear layers without biases. */
export function twoLayers(batch = 32): ModelGraph {
  const line = (n: number) => ({
    path: 'net.py',
    range: { start: { line: n, character: 0 }, end: { line: n, character: 9 } },
  });
  const parameter = (name: string, module: number, n: number) => ({
    name,
    shape: [8, 8],
    trainable: true,
    initialiser: { kind: 'uniform' as const, low: -0.35, high: 0.35 },
    initialiserOrigin: 'default' as const,
    initialiserSpan: null,
    module,
    span: line(n),
  });
  const value = (shape: number[]) => ({ shape, dtype: 'float' as const });
  const linear = (inputs: number[], output: number, module: number) => ({
    op: 'linear' as const,
    attributes: { weightLayout: 'outIn' as const },
    inputs,
    outputs: [output],
    module,
    span: line(9),
  });
  const source = (op: 'input' | 'parameter', index: number, output: number) => ({
    op,
    attributes: { index },
    inputs: [],
    outputs: [output],
    module: null,
    span: null,
  });
  return {
    schema: 1,
    framework: 'pytorch',
    inputs: [{ name: 'x', shape: [batch, 8], kind: 'float', origin: 'solved', reason: 'the first layer takes 8' }],
    values: [value([batch, 8]), value([8, 8]), value([batch, 8]), value([batch, 8]), value([8, 8]), value([batch, 8])],
    parameters: [parameter('body.weight', 1, 3), parameter('head.weight', 2, 4)],
    modules: [
      { path: '', type: 'Net', parent: null, span: null },
      { path: 'body', type: 'Linear', parent: 0, span: line(3) },
      { path: 'head', type: 'Linear', parent: 0, span: line(4) },
    ],
    nodes: [
      source('input', 0, 0),
      source('parameter', 0, 1),
      linear([0, 1], 2, 1),
      { op: 'relu', attributes: {}, inputs: [2], outputs: [3], module: 0, span: line(9) },
      source('parameter', 1, 4),
      linear([3, 4], 5, 2),
    ],
    outputs: [5],
    recipe: { loss: null, optimiser: null },
    guesses: [],
  };
}

export function readModel(graph: ModelGraph | null, change: Partial<ReadModel> = {}): ReadModel {
  return { name: 'Net', entry: 'Net()', framework: 'pytorch', span: null, graph, unread: null, guesses: [], ...change };
}

/** A trace in which each parameter's relative gradient is 10^figure at every step. */
export function flatTrace(graph: ModelGraph, plan: TrainingPlan, figures: number[], partial = false): GradientTrace {
  const fill = (x: number) => new Float64Array(plan.steps).fill(x);
  const parameter = (figure: number): ParameterTrace => ({
    reached: true,
    gradient: fill(figure * Math.log2(10)),
    weight: fill(0),
    zeroShare: fill(0),
  });
  const value = (): ValueTrace => ({
    gradient: fill(-3),
    mean: fill(0),
    deviation: fill(1),
    saturated: fill(NaN),
    dead: fill(NaN),
  });
  const seeds = plan.seeds.map((seed): SeedTrace => ({
    seed,
    steps: plan.steps,
    loss: fill(1),
    parameters: graph.parameters.map((_, i) => parameter(figures[i] ?? 0)),
    values: graph.values.map(value),
    nonFinite: null,
  }));
  return { plan, seeds, partial };
}
