import type { DType, GraphNode, ModelGraph } from '../../../../src/graph/graph';
import type { OpAttributes, OpName } from '../../../../src/graph/ops';
import type { DrawSource } from '../../../../src/training/ops/row';

/** Builds small model graphs by hand. Every method gives the number of the value it makes. */
export class GraphBuilder {
  readonly #graph: ModelGraph = {
    schema: 1,
    framework: 'pytorch',
    inputs: [],
    values: [],
    parameters: [],
    modules: [],
    nodes: [],
    outputs: [],
    recipe: { loss: null, optimiser: null },
    guesses: [],
  };

  input(shape: number[], kind: 'float' | 'int' = 'float'): number {
    const index = this.#graph.inputs.length;
    this.#graph.inputs.push({ name: `x${index}`, shape, kind, origin: 'declared', reason: 'Test.' });
    return this.node('input', { index }, [], shape, kind);
  }

  parameter(shape: number[], trainable = true): number {
    const index = this.#graph.parameters.length;
    this.#graph.parameters.push({
      name: `p${index}`,
      shape,
      trainable,
      initialiser: { kind: 'constant', value: 0 },
      initialiserOrigin: 'default',
      initialiserSpan: null,
      module: null,
      span: null,
    });
    return this.node('parameter', { index }, [], shape);
  }

  node<O extends OpName>(
    op: O,
    attributes: OpAttributes<O>,
    inputs: number[],
    shape: number[],
    dtype: DType = 'float',
  ): number {
    const value = this.#graph.values.push({ shape, dtype }) - 1;
    this.#graph.nodes.push({
      op,
      attributes,
      inputs,
      outputs: [value],
      module: null,
      span: null,
    } as unknown as GraphNode);
    return value;
  }

  /** x @ w.T + b of `out` units with parameters of its own. */
  linear(x: number, batch: number, fanIn: number, out: number): number {
    const weight = this.parameter([out, fanIn]);
    const bias = this.parameter([out]);
    return this.node('linear', { weightLayout: 'outIn' }, [x, weight, bias], [batch, out]);
  }

  build(...outputs: number[]): ModelGraph {
    this.#graph.outputs = outputs;
    return this.#graph;
  }
}

/** Deterministic draws in [-1, 1) (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

export const filled = (size: number, next: () => number, scale = 1): Float32Array =>
  Float32Array.from({ length: size }, () => next() * scale);

export const NO_DRAWS: DrawSource = {
  draw: (_, __, size) => new Float32Array(size),
  keep: () => null,
};
