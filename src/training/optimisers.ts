import type { Tensor } from '@tensorflow/tfjs-core';
import type { Framework } from '../graph/graph';
import type { OptimiserPlan } from '../trace/plan';
import type { Scaled } from './executor/scaled';
import { toTensor } from './feeds';
import { heap } from './kernels/heap';

/** The update of one parameter in one run, with its slots: call `update` once a step. */
export interface Optimiser {
  /** Changes `weight` in place. The gradient keeps its power of two until here. */
  update(weight: Tensor, gradient: Scaled): void;
  dispose(): void;
}

export function optimiser(plan: OptimiserPlan, framework: Framework, size: number): Optimiser {
  return plan.kind === 'adam' ? new Adam(plan, framework, size) : new Descent(plan, size);
}

const slot = (size: number): Tensor => toTensor(new Float32Array(size), [size]);

/** Stochastic gradient descent, with heavy-ball momentum where asked: v = mu v + g, w -= rate v (no dampening). */
class Descent implements Optimiser {
  readonly #velocity: Tensor | null;

  constructor(
    private readonly plan: OptimiserPlan,
    size: number,
  ) {
    this.#velocity = plan.momentum === 0 ? null : slot(size);
  }

  update(weight: Tensor, { tensor, exponent }: Scaled): void {
    const backend = heap();
    const velocity = this.#velocity === null ? 0 : backend.address(this.#velocity);
    const [scale, scale2] = factors(exponent);
    const { momentum, learningRate } = this.plan;
    const [w, g] = [backend.address(weight), backend.address(tensor)];
    backend.kernels.descend(w, velocity, g, weight.size, scale, scale2, momentum, learningRate);
  }

  dispose(): void {
    this.#velocity?.dispose();
  }
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1). PyTorch and TF.js add epsilon to the bias-corrected root; Keras adds it before the
 * correction ("epsilon hat", section 2 of the paper), which matters where gradients are near epsilon: right where
 * they vanish.
 */
class Adam implements Optimiser {
  /** Made by the first update: a run of one step has none. */
  #slots: { first: Tensor; second: Tensor } | null = null;
  #step = 0;

  constructor(
    private readonly plan: OptimiserPlan,
    private readonly framework: Framework,
    private readonly size: number,
  ) {}

  update(weight: Tensor, { tensor, exponent }: Scaled): void {
    const { learningRate, beta1, beta2, epsilon } = this.plan;
    this.#step += 1;
    const root = Math.sqrt(1 - beta2 ** this.#step);
    const rate = (learningRate * root) / (1 - beta1 ** this.#step);
    const guard = this.framework === 'keras' ? epsilon : epsilon * root;
    const { first, second } = (this.#slots ??= { first: slot(this.size), second: slot(this.size) });
    const backend = heap();
    backend.kernels.adam(
      backend.address(weight),
      backend.address(first),
      backend.address(second),
      backend.address(tensor),
      weight.size,
      ...factors(exponent),
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      rate,
      guard,
    );
  }

  dispose(): void {
    this.#slots?.first.dispose();
    this.#slots?.second.dispose();
  }
}

/** 2^exponent as two factors of float32's range; beyond it the gradient is zero (or infinite) for an update anyway. */
function factors(exponent: number): [number, number] {
  const first = Math.max(-126, Math.min(126, exponent));
  return [2 ** first, 2 ** Math.max(-126, Math.min(126, exponent - first))];
}
