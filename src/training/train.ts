import { setImmediate } from 'node:timers/promises';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelGraph } from '../graph/graph';
import { headNode } from '../trace/head';
import type { TrainingPlan } from '../trace/plan';
import type { GradientTrace, NonFinite, SeedTrace } from '../trace/trace';
import { stepInputs, targetRandom } from './data';
import type { Executor, Feeds } from './executor/executor';
import { makersOf, NonFiniteWatch } from './executor/nonFinite';
import type { Pass } from './executor/pass';
import type { Scaled } from './executor/scaled';
import { toScaled, toTensor } from './feeds';
import { drawParameter } from './initialise/initialise';
import { heap } from './kernels/heap';
import { evaluateLoss } from './losses/evaluate';
import type { LossOutput } from './losses/loss';
import { ParameterRecorder } from './measure/parameterRecorder';
import { StateRecorder } from './measure/stateRecorder';
import { ValueRecorder } from './measure/valueRecorder';
import { optimiser, type Optimiser } from './optimisers';
import { stepDraws } from './stepDraws';
import type { TrainHooks } from './trainer';

/** Trains from each seed in turn and measures every step before its update. Rejects with `CancelledError`. */
export async function train(executor: Executor, plan: TrainingPlan, hooks: TrainHooks): Promise<GradientTrace> {
  const seeds: SeedTrace[] = [];
  for (const seed of plan.seeds) {
    const end = performance.now() + (hooks.budget ?? Infinity);
    const run = new SeedRun(executor, plan, seed, hooks);
    try {
      // The first step always runs: a diagnosis at initialisation is better than none.
      while (run.goesOn && (run.step === 0 || performance.now() < end)) {
        run.advance();
        // Lets the thread take messages between steps.
        await setImmediate();
      }
      seeds.push(run.finish());
    } finally {
      run.dispose();
    }
  }
  const partial = seeds.some((seed) => seed.steps < plan.steps && seed.nonFinite === null);
  return { plan, seeds, partial };
}

/** Training from one seed: weights, optimiser slots and what was measured. */
class SeedRun {
  step = 0;
  readonly #graph: ModelGraph;
  readonly #weights: Tensor[];
  readonly #optimisers: (Optimiser | null)[];
  readonly #loss: number[] = [];
  readonly #parameters: ParameterRecorder;
  readonly #values: ValueRecorder;
  readonly #states: StateRecorder;
  readonly #underflow = new Set<number>();
  readonly #makers: readonly number[];
  readonly #positive: readonly boolean[];
  #nonFinite: NonFinite | null = null;

  constructor(
    private readonly executor: Executor,
    private readonly plan: TrainingPlan,
    private readonly seed: number,
    private readonly hooks: TrainHooks,
  ) {
    const { graph } = executor;
    this.#graph = graph;
    this.#weights = graph.parameters.map(({ shape }, number) =>
      toTensor(drawParameter(graph.parameters, number, seed), shape),
    );
    this.#optimisers = graph.parameters.map(({ trainable }, number) =>
      trainable ? optimiser(plan.optimiser, graph.framework, this.#weights[number]?.size ?? 0) : null,
    );
    this.#parameters = new ParameterRecorder(graph, plan.steps);
    this.#values = new ValueRecorder(graph, plan.steps);
    this.#states = new StateRecorder(graph);
    this.#makers = makersOf(graph);
    this.#positive = graph.outputs.map((_, place) => headNode(graph, place)?.op === 'relu');
  }

  /** Number of the batch that this step sees. */
  get #batch(): number {
    return this.plan.repeated ? 0 : this.step;
  }

  get goesOn(): boolean {
    return this.step < this.plan.steps && this.#nonFinite === null;
  }

  /** One step: fresh data, forward, loss, backward, measurement, update. */
  advance(): void {
    const { seed, step } = this;
    const data = stepInputs(this.#graph.inputs, seed, this.#batch);
    const inputs = data.map((elements, i) => toTensor(elements, this.#graph.inputs[i]?.shape ?? []));
    try {
      const feeds = { inputs, parameters: this.#weights };
      const watch = new NonFiniteWatch(this.#graph, this.#makers);
      const pass = this.executor.forward(feeds, stepDraws(seed, step), {
        cancelled: this.hooks.cancelled,
        retire: true,
        onValue: (value, store) => {
          watch.see(value, store.get(value), this.#values.forward(value, store, step));
        },
      });
      try {
        this.#learn(pass, data, feeds, watch);
      } finally {
        pass.dispose();
      }
    } finally {
      for (const tensor of inputs) tensor.dispose();
    }
    this.hooks.onStep?.(seed, step, this.#loss[step] ?? NaN);
    this.step += 1;
  }

  #learn(pass: Pass, data: readonly (Float32Array | Int32Array)[], feeds: Feeds, watch: NonFiniteWatch): void {
    const { step } = this;
    const outputs = pass.outputs.map((tensor, place) => ({
      shape: tensor.shape,
      elements: heap().floats(tensor),
      positive: this.#positive[place] ?? false,
    }));
    const { loss, gradients } = evaluateLoss(this.plan.loss, outputs, {
      framework: this.#graph.framework,
      input: this.#floatInput(data),
      random: targetRandom(this.seed, this.#batch),
    });
    this.#loss.push(loss);
    for (const value of pass.forwardUnderflow) this.#underflow.add(value);
    if (!Number.isFinite(loss)) {
      // Where all values are finite the loss itself is not (the logarithm of zero): the output's node stands for it.
      this.#stop(watch.first ?? this.#outputNode(), 'forward');
      return;
    }
    const seeds = this.#seeds(gradients);
    const followStates = step === 0 && !this.#states.needsOwnPass;
    try {
      const made = pass.backward(seeds, {
        cancelled: this.hooks.cancelled,
        measureInputs: true,
        onValueGradient: (value, gradient) => this.#values.gradient(value, gradient, step),
        onStateGradients: followStates ? (node, log2Rms) => this.#states.record(node, log2Rms) : undefined,
      });
      made.parameters.forEach((gradient, number) => {
        const weight = this.#weights[number];
        if (weight !== undefined) this.#parameters.record(number, weight, gradient, step);
      });
      if (step === 0 && this.#states.needsOwnPass) this.#followLastStep(feeds, gradients);
      if (made.nonFinite !== null) this.#stop(made.nonFinite, 'backward');
      else if (step + 1 < this.plan.steps) this.#update(made.parameters);
      made.dispose();
    } finally {
      for (const seed of seeds) seed?.tensor.dispose();
    }
  }

  /** The same forward pass once more, then backward from the last step of the outputs that are sequences. */
  #followLastStep(feeds: Feeds, gradients: readonly (Float64Array | null)[]): void {
    const { cancelled } = this.hooks;
    const pass = this.executor.forward(feeds, stepDraws(this.seed, this.step), { cancelled, retire: true });
    try {
      const seeds = this.#seeds(this.#states.lastStep(gradients));
      try {
        const onStateGradients = (node: number, log2Rms: Float64Array) => this.#states.record(node, log2Rms);
        pass.backward(seeds, { cancelled, measureInputs: true, onStateGradients }).dispose();
      } finally {
        for (const seed of seeds) seed?.tensor.dispose();
      }
    } finally {
      pass.dispose();
    }
  }

  /** The loss' gradients of the outputs as tensors, which are the caller's. */
  #seeds(gradients: readonly (Float64Array | null)[]): (Scaled | null)[] {
    return gradients.map((gradient, place) => {
      const shape = this.#graph.values[this.#graph.outputs[place] ?? -1]?.shape ?? [];
      return gradient === null ? null : toScaled(gradient, shape);
    });
  }

  #update(gradients: readonly (Scaled | null)[]): void {
    gradients.forEach((gradient, number) => {
      const weight = this.#weights[number];
      if (gradient !== null && weight !== undefined) this.#optimisers[number]?.update(weight, gradient);
    });
  }

  #floatInput(data: readonly (Float32Array | Int32Array)[]): LossOutput | null {
    const place = data.findIndex((elements) => elements instanceof Float32Array);
    const elements = data[place];
    return elements instanceof Float32Array ? { elements, shape: this.#graph.inputs[place]?.shape ?? [] } : null;
  }

  #stop(node: number, direction: NonFinite['direction']): void {
    this.#nonFinite = { step: this.step, node, direction };
  }

  #outputNode(): number {
    const value = this.#graph.outputs[this.plan.loss.outputs[0] ?? 0] ?? -1;
    return this.#graph.nodes.findIndex((node) => node.outputs.includes(value));
  }

  finish(): SeedTrace {
    const { seed, step: steps } = this;
    const states = this.#states.finish();
    return {
      seed,
      steps,
      loss: Float64Array.from(this.#loss),
      parameters: this.#parameters.finish(steps),
      values: this.#values.finish(steps),
      nonFinite: this.#nonFinite,
      ...(this.#underflow.size > 0 ? { underflow: [...this.#underflow].sort((a, b) => a - b) } : {}),
      ...(states.length > 0 ? { states } : {}),
    };
  }

  dispose(): void {
    for (const weight of this.#weights) weight.dispose();
    for (const each of this.#optimisers) each?.dispose();
  }
}
