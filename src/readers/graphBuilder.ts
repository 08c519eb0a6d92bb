import type {
  DType,
  Framework,
  GraphInput,
  GraphModule,
  GraphNode,
  GraphParameter,
  GraphValue,
  Guess,
  ModelGraph,
  NodeOf,
} from '../graph/graph';
import type { OpAttributes, OpName } from '../graph/ops';
import type { Scalar } from '../graph/scalar';
import type { SourceSpan } from '../graph/source';

/** A value of the graph under construction. */
export interface Tensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A parameter to be, without what the builder adds itself. */
export type NewParameter = Pick<GraphParameter, 'name' | 'initialiser' | 'initialiserOrigin'> & {
  shape: readonly number[];
  trainable?: boolean;
  initialiserSpan?: SourceSpan | null;
  /** Parameters are listed by rising rank, within a rank in the order in which they were made. */
  rank?: number;
};

const NO_ATTRIBUTES = {};

/** Collects nodes, values, parameters and modules of one model graph; nodes belong to the module that was entered last. */
export class GraphBuilder {
  readonly #values: GraphValue[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #modules: GraphModule[] = [];
  readonly #inputs: GraphInput[] = [];
  readonly #inputOf = new Map<number, GraphInput>();
  readonly #parameters: { parameter: GraphParameter; rank: number }[] = [];
  readonly #guesses: Guess[] = [];
  readonly #entered: number[] = [];
  readonly #places: SourceSpan[] = [];
  #draws = 0;

  constructor(private readonly framework: Framework) {}

  /** Runs `body` inside a new module; nested ones get this one as their parent. */
  module<T>(path: string, type: string, span: SourceSpan | null, body: () => T): T {
    const number = this.declare(path, type, span);
    return this.within(number, body);
  }

  /** Lists a module ahead of its first use; `within` enters it. */
  declare(path: string, type: string, span: SourceSpan | null, entry?: string): number {
    const place = entry === undefined ? {} : { entry };
    this.#modules.push({ path, type, parent: this.#entered.at(-1) ?? null, span, ...place });
    return this.#modules.length - 1;
  }

  within<T>(module: number, body: () => T): T {
    this.#entered.push(module);
    try {
      return body();
    } finally {
      this.#entered.pop();
    }
  }

  /** Nodes that `body` makes stand at `span`; null leaves them at their module. */
  at<T>(span: SourceSpan | null, body: () => T): T {
    if (span === null) return body();
    this.#places.push(span);
    try {
      return body();
    } finally {
      this.#places.pop();
    }
  }

  input(input: GraphInput): Tensor {
    this.#inputs.push(input);
    const index = this.#inputs.length - 1;
    const tensor = this.emit('input', { index }, [], input.shape, input.kind);
    this.#inputOf.set(tensor.id, input);
    return tensor;
  }

  /** The model's input that a tensor is; null where it was computed. */
  inputAt({ id }: Tensor): GraphInput | null {
    return this.#inputOf.get(id) ?? null;
  }

  parameter({ rank = 0, ...wanted }: NewParameter): Tensor {
    const module = this.#entered.at(-1) ?? null;
    const index = this.#parameters.length;
    this.#parameters.push({
      rank,
      parameter: {
        name: wanted.name,
        shape: [...wanted.shape],
        trainable: wanted.trainable ?? true,
        initialiser: wanted.initialiser,
        initialiserOrigin: wanted.initialiserOrigin,
        initialiserSpan: wanted.initialiserSpan ?? null,
        module,
        span: this.#span(),
      },
    });
    return this.emit('parameter', { index }, [], wanted.shape);
  }

  /**
   * Parameters that `body` makes start as copies of earlier ones, in their order: the one numbered n of that of n - `distance`, as
   * long as `count` lasts. Only where all ranks are equal.
   */
  copying<T>(distance: number, count: number, body: () => T): T {
    const first = this.#parameters.length;
    const made = body();
    for (let i = first; i < first + count; i++) {
      const copy = this.#parameters[i];
      if (copy) copy.parameter.copyOf = i - distance;
    }
    return made;
  }

  /** Number of the next parameter. */
  get parameterCount(): number {
    return this.#parameters.length;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  constant(values: Scalar[], shape: readonly number[], dtype: DType = 'float'): Tensor {
    return this.emit('constant', { values }, [], shape, dtype);
  }

  /** One node with one output of the shape given. */
  emit<O extends OpName>(
    op: O,
    attributes: OpAttributes<O>,
    inputs: readonly Tensor[],
    shape: readonly number[],
    dtype: DType = 'float',
  ): Tensor {
    const [output] = this.emitAll(op, attributes, inputs, [shape], dtype);
    if (output === undefined) throw new Error('a node without output');
    return output;
  }

  emitAll<O extends OpName>(
    op: O,
    attributes: OpAttributes<O>,
    inputs: readonly Tensor[],
    shapes: readonly (readonly number[])[],
    dtype: DType = 'float',
  ): Tensor[] {
    const outputs = shapes.map((shape): Tensor => {
      this.#values.push({ shape: [...shape], dtype });
      return { id: this.#values.length - 1, shape, dtype };
    });
    const node: NodeOf<O> = {
      op,
      attributes,
      inputs: inputs.map(({ id }) => id),
      outputs: outputs.map(({ id }) => id),
      module: this.#entered.at(-1) ?? null,
      span: this.#span(),
    };
    // `NodeOf<O>` of one op is a member of the union over all ops, which the compiler cannot see of a type variable.
    this.#nodes.push(node as GraphNode);
    return outputs;
  }

  /** An op that keeps its input's shape and has no attributes. */
  same(op: 'relu' | 'sigmoid' | 'tanh' | 'silu' | 'selu' | 'exp' | 'square' | 'identity', x: Tensor): Tensor {
    return this.emit(op, NO_ATTRIBUTES, [x], x.shape, x.dtype);
  }

  reshape(x: Tensor, shape: readonly number[]): Tensor {
    return this.emit('reshape', {}, [x], shape, x.dtype);
  }

  permute(x: Tensor, order: readonly number[]): Tensor {
    const shape = order.map((axis) => x.shape[axis] ?? 1);
    return this.emit('permute', { order: [...order] }, [x], shape, x.dtype);
  }

  /** The part [start, stop) of one axis. */
  slice(x: Tensor, axis: number, start: number, stop: number, step = 1): Tensor {
    const at = (own: number, other: readonly number[]) => other.map((n, i) => (i === axis ? own : n));
    const starts = at(
      start,
      x.shape.map(() => 0),
    );
    const shape = at(Math.ceil((stop - start) / step), x.shape);
    const steps = at(
      step,
      x.shape.map(() => 1),
    );
    return this.emit('slice', { start: starts, stop: at(stop, x.shape), step: steps }, [x], shape, x.dtype);
  }

  /** Number of the next random draw, in order of execution. */
  nextDraw(): number {
    return this.#draws++;
  }

  guess(message: string, span: SourceSpan | null): void {
    if (!this.#guesses.some((known) => known.message === message)) this.#guesses.push({ message, span });
  }

  finish(outputs: readonly Tensor[]): ModelGraph {
    const order = this.#parameters.map((_, i) => i).sort((a, b) => this.#rank(a) - this.#rank(b) || a - b);
    const placeOf = new Map(order.map((old, place) => [old, place]));
    return {
      schema: 1,
      framework: this.framework,
      inputs: this.#inputs,
      values: this.#values,
      parameters: order.flatMap((old) => this.#parameters[old]?.parameter ?? []),
      modules: this.#modules,
      nodes: this.#nodes.map((node) =>
        node.op === 'parameter'
          ? { ...node, attributes: { index: placeOf.get(node.attributes.index) ?? node.attributes.index } }
          : node,
      ),
      outputs: outputs.filter(({ dtype }) => dtype === 'float').map(({ id }) => id),
      recipe: { loss: null, optimiser: null },
      guesses: this.#guesses,
    };
  }

  #rank(index: number): number {
    return this.#parameters[index]?.rank ?? 0;
  }

  #span(): SourceSpan | null {
    const place = this.#places.at(-1);
    if (place) return place;
    for (const number of this.#entered.toReversed()) {
      const span = this.#modules[number]?.span ?? null;
      if (span) return span;
    }
    return null;
  }
}
