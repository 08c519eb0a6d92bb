import { engine, type Tensor } from '@tensorflow/tfjs-core';
import type { ModelGraph } from '../../graph/graph';
import type { DrawSource } from '../ops/row';
import { alias, zeros } from '../ops/tensors';
import { CancelledError, ExecutionError } from './errors';
import { runBackward } from './rowBackward';
import { measured, moved, normalised, sum, type MeasuredGradient, type Scaled } from './scaled';
import type { TensorStore } from './store';
import type { Step } from './wiring';

export interface BackwardOptions {
  /** Called with the gradient of each value that has one, last value first; the tensor is lent for the call. */
  onValueGradient?: ((value: number, gradient: MeasuredGradient) => void) | undefined;
  /** Called with log2 of RMS(dL/dh_t) of a recurrent node, in the order of x; again where the node's rule is run again. */
  onStateGradients?: ((node: number, log2Rms: Float64Array) => void) | undefined;
  /** Whether the model's float inputs (and what hangs on them alone) are wanted too. */
  measureInputs?: boolean | undefined;
  /** Asked between nodes; true ends the pass with a `CancelledError`. */
  cancelled?: (() => boolean) | undefined;
}

export interface Gradients {
  /** In the order of `graph.parameters`; null where no path leads from the loss to the parameter. Owned by the caller. */
  parameters: (MeasuredGradient | null)[];
  /** Number of the node whose backward rule first made a NaN or an infinity out of finite gradients. */
  nonFinite: number | null;
  /** Most bytes that tensors took at any moment of the backward pass, whoever owned them. */
  peakBytes: number;
  dispose(): void;
}

export interface BackwardInput {
  graph: ModelGraph;
  steps: readonly Step[];
  wanted: readonly boolean[];
  store: TensorStore;
  saved: Tensor[][];
  draws: DrawSource;
}

/** Walks the nodes from last to first. Every gradient that waits for its node is normalised (see `WINDOW`). */
export function backpropagate(
  pass: BackwardInput,
  outputGradients: readonly (Scaled | null)[],
  options: BackwardOptions,
): Gradients {
  const waiting = new Map<number, MeasuredGradient>();
  const parameters: (MeasuredGradient | null)[] = pass.graph.parameters.map(() => null);
  const state = { nonFinite: null as number | null, peakBytes: 0 };
  const dispose = () => {
    for (const gradient of [...waiting.values(), ...parameters]) gradient?.tensor.dispose();
    waiting.clear();
    parameters.fill(null);
  };
  const add = (value: number, gradient: MeasuredGradient) => {
    const fresh = normalised(gradient);
    const before = waiting.get(value);
    waiting.set(value, before === undefined ? fresh : sum(before, fresh));
  };
  try {
    seed(pass, outputGradients, add);
    for (const step of pass.steps.toReversed()) {
      if (options.cancelled?.() === true) throw new CancelledError();
      const gradients = step.node.outputs.map((value) => {
        const gradient = waiting.get(value) ?? null;
        if (gradient !== null) options.onValueGradient?.(value, gradient);
        return gradient;
      });
      if (step.node.op === 'parameter') keepParameter(step.node.attributes.index, gradients[0] ?? null, parameters);
      else if (gradients.some((gradient) => gradient !== null)) {
        const made = backwardOf(step, gradients, pass, options);
        state.nonFinite ??= made.nonFinite ? step.index : null;
        made.gradients.forEach((gradient, k) => {
          const input = step.node.inputs[k];
          if (gradient !== null && input !== undefined) add(input, gradient);
        });
        for (const gradient of gradients) gradient?.tensor.dispose();
      }
      state.peakBytes = Math.max(state.peakBytes, engine().memory().numBytes);
      for (const value of step.node.outputs) {
        waiting.delete(value);
        pass.store.release(value);
      }
      for (const tensor of pass.saved[step.index]?.splice(0) ?? []) tensor.dispose();
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return { parameters, ...state, dispose };
}

function seed(
  { graph, wanted }: BackwardInput,
  outputGradients: readonly (Scaled | null)[],
  add: (value: number, gradient: MeasuredGradient) => void,
): void {
  graph.outputs.forEach((value, k) => {
    const gradient = outputGradients[k] ?? null;
    if (gradient === null || wanted[value] !== true) return;
    const shape = graph.values[value]?.shape ?? [];
    if (gradient.tensor.shape.join() !== shape.join()) {
      throw new ExecutionError(
        `Gradient [${gradient.tensor.shape.join(', ')}] for output ${k} of shape [${shape.join(', ')}].`,
        -1,
      );
    }
    add(value, measured({ ...gradient, tensor: alias(gradient.tensor) }));
  });
}

/** A parameter that several nodes name gets the sum. */
function keepParameter(
  index: number,
  gradient: MeasuredGradient | null,
  parameters: (MeasuredGradient | null)[],
): void {
  const before = parameters[index] ?? null;
  parameters[index] = before === null || gradient === null ? (before ?? gradient) : sum(before, gradient);
}

/** Gradients of a node's inputs from those of its outputs, which stay the caller's. */
function backwardOf(
  step: Step,
  gradients: (MeasuredGradient | null)[],
  { wanted, store, saved, draws }: BackwardInput,
  { onStateGradients }: BackwardOptions,
): { gradients: (MeasuredGradient | null)[]; nonFinite: boolean } {
  const { node } = step;
  const wants = node.inputs.map((value) => wanted[value] === true);
  if ((step.row?.backward ?? null) === null || !wants.includes(true)) return { gradients: [], nonFinite: false };
  if (gradients.every((gradient) => gradient === null || gradient.squaredNorm === 0)) {
    const made = step.inputValues.map(({ shape }, k) =>
      wants[k] === true ? { tensor: zeros(shape), exponent: 0, squaredNorm: 0 } : null,
    );
    return { gradients: made, nonFinite: false };
  }
  align(gradients);
  return runBackward(step, gradients, {
    inputs: node.inputs.map((value) => store.get(value)),
    outputs: node.outputs.map((value) => store.get(value)),
    saved: saved[step.index] ?? [],
    wanted: wants,
    draws,
    onStateGradients,
  });
}

/** A row sees one power of two: gradients of its outputs are brought to the largest exponent among them. */
function align(gradients: (MeasuredGradient | null)[]): void {
  const alive = gradients.filter((gradient) => gradient !== null && gradient.squaredNorm !== 0);
  const exponent = Math.max(...alive.map((gradient) => gradient?.exponent ?? -Infinity));
  gradients.forEach((gradient, k) => {
    if (gradient !== null && gradient.squaredNorm !== 0) gradients[k] = moved(gradient, gradient.exponent - exponent);
  });
}
