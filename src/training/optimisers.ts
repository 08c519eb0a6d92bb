import type { Framework } from '../graph/graph';
import type { OptimiserPlan } from '../trace/plan';

/**
 * One parameter's update: `weight` is changed in place by the gradient `gradient * 2^exponent`. A rule keeps its own
 * slots, so it serves one parameter of one run; call it once a step.
 */
export type UpdateRule = (weight: Float32Array, gradient: Float32Array, exponent: number) => void;

export function updateRule(plan: OptimiserPlan, framework: Framework, size: number): UpdateRule {
  return plan.kind === 'adam' ? adam(plan, framework, size) : descent(plan, size);
}

/** Stochastic gradient descent, with heavy-ball momentum where asked: v = mu v + g; w -= rate v (no dampening). */
function descent({ learningRate, momentum }: OptimiserPlan, size: number): UpdateRule {
  if (momentum === 0) {
    return (weight, gradient, exponent) => {
      const rate = learningRate * 2 ** exponent;
      for (let i = 0; i < size; i++) weight[i] = (weight[i] ?? 0) - rate * (gradient[i] ?? 0);
    };
  }
  const velocity = new Float32Array(size);
  return (weight, gradient, exponent) => {
    const scale = 2 ** exponent;
    for (let i = 0; i < size; i++) {
      const v = normal(momentum * (velocity[i] ?? 0) + scale * (gradient[i] ?? 0));
      velocity[i] = v;
      weight[i] = (weight[i] ?? 0) - learningRate * v;
    }
  };
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1). PyTorch and TF.js add epsilon to the bias-corrected root; Keras adds it before the
 * correction ("epsilon hat", section 2 of the paper), which matters where gradients are near epsilon: right where
 * they vanish.
 */
function adam(plan: OptimiserPlan, framework: Framework, size: number): UpdateRule {
  const { learningRate, beta1, beta2, epsilon } = plan;
  const first = new Float32Array(size);
  const second = new Float32Array(size);
  let step = 0;
  return (weight, gradient, exponent) => {
    step += 1;
    const scale = 2 ** exponent;
    const root = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * root) / (1 - beta1 ** step);
    const guard = framework === 'keras' ? epsilon : epsilon * root;
    for (let i = 0; i < size; i++) {
      const g = scale * (gradient[i] ?? 0);
      const m = normal(beta1 * (first[i] ?? 0) + (1 - beta1) * g);
      const v = normal(beta2 * (second[i] ?? 0) + (1 - beta2) * g * g);
      first[i] = m;
      second[i] = v;
      weight[i] = (weight[i] ?? 0) - (rate * m) / (Math.sqrt(v) + guard);
    }
  };
}

/**
 * Zero in place of what float32 would hold as a denormal: a slot of 1e-38 moves no weight, and denormal arithmetic is a
 * hundred times slower.
 */
function normal(x: number): number {
  return x < SMALLEST_NORMAL && x > -SMALLEST_NORMAL ? 0 : x;
}

const SMALLEST_NORMAL = 2 ** -126;
