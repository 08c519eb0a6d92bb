import type { GraphNode, ModelGraph } from '../../graph/graph';
import type { ValueTrace } from '../../trace/trace';
import type { TensorStore } from '../executor/store';
import { log2NormOf, type MeasuredGradient } from '../executor/scaled';
import { heap } from '../kernels/heap';
import { moments } from '../kernels/measure';
import { activity } from './activity';
import { isCounted, spread } from './histogram';
import { flatParts, isActivation, type FlatParts } from './slopes';
import { makersOf, unitAxis } from './units';

/** What one activation's output is measured by. */
interface Activation {
  /** The value before it. */
  input: number;
  axis: number;
  parts: FlatParts;
}

/** Collects what the values of one seed's steps look like, forward and backward. */
export class ValueRecorder {
  readonly #traces: ValueTrace[];
  readonly #activations = new Map<number, Activation>();
  /** Values worth measuring: float, and neither fixed nor the same elements as another value. */
  readonly #measured = new Set<number>();
  /** By value, the value whose elements it merely relabels. */
  readonly #same = new Map<number, number>();

  constructor(
    private readonly graph: ModelGraph,
    private readonly steps: number,
  ) {
    const blank = () => new Float64Array(steps).fill(NaN);
    this.#traces = graph.values.map(() => ({
      gradient: blank(),
      mean: blank(),
      deviation: blank(),
      saturated: blank(),
      dead: blank(),
    }));
    const known = new Map<string, FlatParts>();
    const makers = makersOf(graph);
    for (const node of graph.nodes) {
      const [input = -1] = node.inputs;
      const parts = isActivation(node) ? partsOf(node, known) : null;
      for (const value of node.outputs) {
        if (graph.values[value]?.dtype !== 'float' || node.op === 'constant') continue;
        if ((node.op === 'reshape' || node.op === 'identity') && graph.values[input]?.dtype === 'float') {
          this.#same.set(value, input);
        } else this.#measured.add(value);
        if (parts !== null) this.#activations.set(value, { input, axis: unitAxis(graph, makers, input), parts });
      }
    }
  }

  /**
   * Measures one value of the forward pass; what it was made from must still be there.
   * @returns whether all elements are finite, where that was found out
   */
  forward(value: number, store: Pick<TensorStore, 'get'>, step: number): boolean | undefined {
    const trace = this.#traces[value];
    if (trace === undefined) return undefined;
    const source = this.#same.get(value);
    const from = source === undefined ? undefined : this.#traces[source];
    if (from !== undefined) {
      trace.mean[step] = from.mean[step] ?? NaN;
      trace.deviation[step] = from.deviation[step] ?? NaN;
      if (from.histogram !== undefined) trace.histogram = from.histogram;
    }
    if (!this.#measured.has(value)) return undefined;
    const { mean, deviation } = moments(store.get(value));
    trace.mean[step] = mean;
    trace.deviation[step] = deviation;
    if (isCounted(step, this.steps)) trace.histogram = spread(heap().floats(store.get(value)), step);
    const activation = this.#activations.get(value);
    if (activation !== undefined) {
      const { input, axis, parts } = activation;
      const { saturated, dead } = activity(store.get(input), axis, parts.saturated, parts.closed);
      trace.saturated[step] = saturated;
      trace.dead[step] = dead;
    }
    return Number.isFinite(deviation);
  }

  /** Takes the gradient of one value; to be handed to the backward pass. */
  gradient(value: number, gradient: MeasuredGradient, step: number): void {
    const trace = this.#traces[value];
    if (trace === undefined) return;
    const size = this.graph.values[value]?.shape.reduce((product, n) => product * n, 1) ?? 1;
    trace.gradient[step] = log2NormOf(gradient) - Math.log2(size) / 2;
  }

  /** The traces of the first `steps` steps. */
  finish(steps: number): ValueTrace[] {
    return this.#traces.map((trace) => ({
      gradient: trace.gradient.slice(0, steps),
      mean: trace.mean.slice(0, steps),
      deviation: trace.deviation.slice(0, steps),
      saturated: trace.saturated.slice(0, steps),
      dead: trace.dead.slice(0, steps),
      ...(trace.histogram ? { histogram: trace.histogram } : {}),
    }));
  }
}

/** A net has many activations of few kinds. */
function partsOf(node: GraphNode, known: Map<string, FlatParts>): FlatParts {
  const key = JSON.stringify([node.op, node.attributes]);
  const parts = known.get(key) ?? flatParts(node) ?? { saturated: [], closed: [] };
  known.set(key, parts);
  return parts;
}
