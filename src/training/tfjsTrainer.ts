import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelGraph } from '../graph/graph';
import { refusal } from '../trace/estimate';
import { lossGraph } from '../trace/fusedLoss';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace } from '../trace/trace';
import { bootBackend, heap } from './backend';
import { Executor } from './executor/executor';
import { log2NormOf } from './executor/scaled';
import { toScaled, toTensor } from './feeds';
import { drawParameter } from './initialise/initialise';
import { log2Norm } from './kernels/measure';
import { LATTICE_DRAWS, latticeInput, latticeLossWeights, latticeParameter } from './lattice';
import { OP_TABLE } from './ops/table';
import { train } from './train';
import type { LatticeResult, Trainer, TrainHooks } from './trainer';

/** The trainer on tfjs' WASM backend. */
export class TfjsTrainer implements Trainer {
  /** @param directory the folder with tfjs' and our kernels (`dist/wasm`) */
  static async create(directory: string): Promise<TfjsTrainer> {
    await bootBackend({ directory });
    return new TfjsTrainer();
  }

  private constructor() {
    // Made by `create`, once the backend stands.
  }

  /** Bytes of the heap, which never shrinks. */
  get heapBytes(): number {
    return heap().heapMemory.buffer.byteLength;
  }

  train(graph: ModelGraph, plan: TrainingPlan, hooks: TrainHooks = {}): Promise<GradientTrace> {
    return this.#with(lossGraph(graph, plan.loss), plan.steps, (executor) => train(executor, plan, hooks));
  }

  lattice(graph: ModelGraph): Promise<LatticeResult> {
    return this.#with(graph, 1, (executor) => Promise.resolve(lattice(executor)));
  }

  initialDeviations(graph: ModelGraph, seeds: number[]): Promise<number[]> {
    const deviations = graph.parameters.map((_, number) => {
      const parts = seeds.map((seed) => deviation(drawParameter(graph.parameters, number, seed)));
      return parts.reduce((sum, part) => sum + part, 0) / parts.length;
    });
    return Promise.resolve(deviations);
  }

  dispose(): void {
    heap().dispose();
  }

  async #with<T>(graph: ModelGraph, steps: number, run: (executor: Executor) => Promise<T>): Promise<T> {
    const reason = refusal(graph, steps);
    if (reason !== null) throw new RangeError(reason);
    const executor = new Executor(graph, OP_TABLE);
    try {
      return await run(executor);
    } finally {
      executor.dispose();
    }
  }
}

function lattice(executor: Executor): LatticeResult {
  const { graph } = executor;
  const inputs = graph.inputs.map((input, j) => toTensor(latticeInput(input, j), input.shape));
  const parameters = graph.parameters.map((parameter, k) =>
    toTensor(latticeParameter(parameter, k, graph.framework), parameter.shape),
  );
  const dispose = (tensors: readonly Tensor[]) => tensors.forEach((tensor) => tensor.dispose());
  const pass = executor.forward({ inputs, parameters }, LATTICE_DRAWS, { retire: true });
  const weights = pass.outputs.map((output, j) => latticeLossWeights(output.size, j));
  let loss = 0;
  pass.outputs.forEach((output, j) => {
    let sum = 0;
    heap()
      .floats(output)
      .forEach((x, i) => (sum += x * (weights[j]?.[i] ?? 0)));
    loss += sum / output.size;
  });
  const outputNorms = pass.outputs.map((output) => 2 ** log2Norm(output));
  const outputShapes = pass.outputs.map((output) => [...output.shape]);
  const seeds = outputShapes.map((shape, j) =>
    toScaled(
      Float64Array.from(weights[j] ?? [], (r) => r / (weights[j]?.length ?? 1)),
      shape,
    ),
  );
  const gradients = pass.backward(seeds);
  const result: LatticeResult = {
    loss,
    outputNorms,
    outputShapes,
    parameters: gradients.parameters.map((gradient) => ({
      reached: gradient !== null,
      log2GradientNorm: gradient === null ? -Infinity : log2NormOf(gradient),
    })),
  };
  gradients.dispose();
  dispose([...inputs, ...parameters, ...seeds.map(({ tensor }) => tensor)]);
  return result;
}

/** Standard deviation divided by n, in float64. */
function deviation(elements: Float32Array): number {
  const n = elements.length;
  let sum = 0;
  for (const x of elements) sum += x;
  const mean = sum / n;
  let squares = 0;
  for (const x of elements) squares += (x - mean) ** 2;
  return Math.sqrt(squares / n);
}
