import type { Framework, GraphNode, GraphParameter, ModelGraph } from '../../../src/graph/graph';
import type { Initialiser } from '../../../src/graph/initialiser';
import type { OpAttributes, OpName } from '../../../src/graph/ops';
import type { SourceSpan } from '../../../src/graph/source';
import type { TrainingPlan } from '../../../src/trace/plan';
import type { GradientTrace, ParameterTrace, SeedTrace, ValueTrace } from '../../../src/trace/trace';

/** A place in a made-up file. */
export function spanAt(line: number, start = 8, end = 20, path = 'net.py'): SourceSpan {
  return { path, range: { start: { line, character: start }, end: { line, character: end } } };
}

/** Writes small model graphs by hand. */
export class GraphBuilder {
  readonly graph: ModelGraph;

  constructor(framework: Framework = 'pytorch') {
    this.graph = {
      schema: 1,
      framework,
      inputs: [],
      values: [],
      parameters: [],
      modules: [],
      nodes: [],
      outputs: [],
      recipe: { loss: null, optimiser: null },
      guesses: [],
    };
    this.module('', 'Net', null, null);
  }

  module(path: string, type: string, span: SourceSpan | null, parent: number | null = 0): number {
    return this.graph.modules.push({ path, type, parent, span }) - 1;
  }

  input(shape: number[]): number {
    const index = this.graph.inputs.push({ name: 'x', shape, kind: 'float', origin: 'declared', reason: '' }) - 1;
    return this.node('input', { index }, [], shape);
  }

  parameter(name: string, shape: number[], initialiser: Initialiser, more: Partial<GraphParameter> = {}): number {
    const index =
      this.graph.parameters.push({
        name,
        shape,
        trainable: true,
        initialiser,
        initialiserOrigin: 'default',
        initialiserSpan: null,
        module: null,
        span: null,
        ...more,
      }) - 1;
    return this.node('parameter', { index }, [], shape);
  }

  node<O extends OpName>(
    op: O,
    attributes: OpAttributes<O>,
    inputs: number[],
    shape: number[],
    place: { module?: number | null; span?: SourceSpan | null } = {},
  ): number {
    const value = this.graph.values.push({ shape, dtype: 'float' }) - 1;
    const frame = { op, attributes, inputs, outputs: [value], module: place.module ?? null, span: place.span ?? null };
    this.graph.nodes.push(frame as unknown as GraphNode);
    return value;
  }

  output(value: number): void {
    this.graph.outputs.push(value);
  }
}

export const PLAN: TrainingPlan = {
  seeds: [1],
  steps: 31,
  batch: 4,
  loss: { kind: 'cross-entropy', outputs: [0], origin: 'asked' },
  optimiser: {
    kind: 'adam',
    learningRate: 1e-3,
    momentum: 0,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    origin: 'default',
  },
  reductions: [],
};

export interface ParameterFigures {
  reached?: boolean;
  /** log10 of |g| / |w| at step 0 and later. */
  start: number;
  late: number;
  /** log10 |w|, default 0; given as [start, late] where it changes. */
  weight?: number | [number, number];
}

export interface ValueFigures {
  gradient: number;
  mean?: number;
  deviation?: number;
}

const LOG2_10 = Math.log2(10);

/** A trace of one seed whose figures are those given at step 0 and the same from step 1 on. */
export function traceOf(
  graph: ModelGraph,
  parameters: ParameterFigures[],
  values: (ValueFigures | undefined)[] = [],
  steps = 31,
): GradientTrace {
  const fill = (start: number, late = start) =>
    Float64Array.from({ length: steps }, (_, step) => (step === 0 ? start : late));
  const seed: SeedTrace = {
    seed: 1,
    steps,
    loss: fill(1),
    parameters: parameters.map((figures): ParameterTrace => {
      const [first, later] = Array.isArray(figures.weight)
        ? figures.weight
        : [figures.weight ?? 0, figures.weight ?? 0];
      return {
        reached: figures.reached ?? true,
        weight: fill(first * LOG2_10, later * LOG2_10),
        gradient: fill((figures.start + first) * LOG2_10, (figures.late + later) * LOG2_10),
        zeroShare: fill(0),
      };
    }),
    values: graph.values.map((_, value): ValueTrace => {
      const figures = values[value] ?? { gradient: NaN };
      return {
        gradient: fill(figures.gradient * LOG2_10),
        mean: fill(figures.mean ?? 0.1),
        deviation: fill(figures.deviation ?? 1),
        saturated: fill(NaN),
        dead: fill(NaN),
      };
    }),
    nonFinite: null,
  };
  return { plan: { ...PLAN, steps }, seeds: [seed], partial: false };
}
