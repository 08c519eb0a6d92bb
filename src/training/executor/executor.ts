import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { ModelGraph } from '../../graph/graph';
import { lastUses } from '../../trace/retention';
import type { DrawSource, Forward, OpRows } from '../ops/row';
import { storageOf } from '../ops/tensors';
import { CancelledError, ExecutionError } from './errors';
import { Pass } from './pass';
import { TensorStore } from './store';
import { wantedValues, wire, type Step } from './wiring';

export interface Feeds {
  /** One tensor each, in the order of `graph.inputs` and of the graph's shape. They stay the caller's. */
  inputs: readonly Tensor[];
  /** In the order of `graph.parameters`. */
  parameters: readonly Tensor[];
}

export interface ForwardOptions {
  /** Asked between nodes; true ends the pass with a `CancelledError`. */
  cancelled?: (() => boolean) | undefined;
  /** Called with each value as soon as it is there, while what it was made from is still there too; lent for the call. */
  onValue?: ((value: number, store: Pick<TensorStore, 'get'>) => void) | undefined;
  /** Whether to give back, as soon as nothing takes them any more, the values that no backward rule reads. */
  retire?: boolean | undefined;
}

/** Runs a model graph forward, one row a node. Holds the graph's constants until `dispose`. */
export class Executor {
  readonly #steps: readonly Step[];
  /** For each node the values that may go once it has run. */
  readonly #lastUses: readonly (readonly number[])[];
  readonly #constants = new Map<number, Tensor>();
  /** By value number: wants a gradient when inputs are not measured, and when they are. */
  readonly #wanted: { plain: readonly boolean[]; withInputs: readonly boolean[] };

  /** Throws an `ExecutionError` if an op of the graph has no row. */
  constructor(
    readonly graph: ModelGraph,
    rows: OpRows,
  ) {
    this.#steps = wire(graph, rows);
    this.#lastUses = lastUses(graph);
    this.#wanted = {
      plain: wantedValues(graph, this.#steps, false),
      withInputs: wantedValues(graph, this.#steps, true),
    };
  }

  /** One forward pass. The pass holds its activations until its `backward` or `dispose`. */
  forward(feeds: Feeds, draws: DrawSource, options: ForwardOptions = {}): Pass {
    const store = new TensorStore(this.graph.values.length);
    const saved: Tensor[][] = [];
    try {
      for (const step of this.#steps) {
        if (options.cancelled?.() === true) throw new CancelledError();
        saved.push(this.#run(step, feeds, draws, store));
        for (const value of step.node.outputs) options.onValue?.(value, store);
        if (options.retire === true) for (const value of this.#lastUses[step.index] ?? []) store.retire(value);
      }
    } catch (error) {
      for (const tensor of saved.flat()) tensor.dispose();
      store.dispose();
      throw error;
    }
    return new Pass(this.graph, this.#steps, this.#wanted, store, saved, draws);
  }

  dispose(): void {
    for (const tensor of this.#constants.values()) tensor.dispose();
    this.#constants.clear();
  }

  /** Runs one node, puts its outputs into the store and gives what the row saved for backward. */
  #run(step: Step, feeds: Feeds, draws: DrawSource, store: TensorStore): Tensor[] {
    const { node } = step;
    if (node.op === 'input' || node.op === 'parameter') {
      const tensor = (node.op === 'input' ? feeds.inputs : feeds.parameters)[node.attributes.index];
      if (tensor === undefined)
        throw new ExecutionError(`No tensor was fed for ${node.op} ${node.attributes.index}.`, step.index);
      checkOutputs(step, [tensor]);
      for (const value of node.outputs) store.lend(value, tensor);
      return [];
    }
    if (node.op === 'constant') {
      const tensor = this.#constants.get(step.index) ?? runRow(step, [], draws).outputs[0];
      if (tensor === undefined) throw new ExecutionError('A constant has no value.', step.index);
      this.#constants.set(step.index, tensor);
      for (const value of node.outputs) store.lend(value, tensor);
      return [];
    }
    const inputs = node.inputs.map((value) => store.get(value));
    const { outputs, saved = [] } = runRow(step, inputs, draws);
    node.outputs.forEach((value, k) => {
      const tensor = outputs[k];
      if (tensor !== undefined) store.own(value, tensor);
    });
    store.noteUnderflow(step);
    return saved;
  }
}

/** Calls the row in a scope of its own, so that what it forgets does not leak, and checks what it gives. */
function runRow(step: Step, inputs: readonly Tensor[], draws: DrawSource): Forward {
  const { node, row, inputValues, outputValues } = step;
  if (row === null) throw new ExecutionError(`The trainer has no rule for "${node.op}".`, step.index);
  const tf = engine();
  let result: Forward | undefined;
  tf.startScope();
  try {
    result = row.forward(inputs, { node, inputValues, outputValues, draws });
    checkOutputs(step, result.outputs);
  } catch (error) {
    result = undefined;
    throw error;
  } finally {
    tf.endScope(result === undefined ? [] : [...result.outputs, ...(result.saved ?? [])]);
  }
  return result;
}

function checkOutputs({ node, index, outputValues }: Step, tensors: readonly Tensor[]): void {
  if (tensors.length !== outputValues.length) {
    throw new ExecutionError(
      `"${node.op}" (node ${index}) gave ${tensors.length} values, not ${outputValues.length}.`,
      index,
    );
  }
  outputValues.forEach(({ shape, dtype }, k) => {
    const tensor = tensors[k];
    if (tensor?.shape.join() !== shape.join() || tensor.dtype !== storageOf(dtype)) {
      throw new ExecutionError(
        `"${node.op}" (node ${index}) gave ${tensor?.dtype ?? 'nothing'} [${tensor?.shape.join(', ') ?? ''}] ` +
          `where the graph has ${dtype} [${shape.join(', ')}].`,
        index,
      );
    }
  });
}
