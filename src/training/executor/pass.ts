import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelGraph } from '../../graph/graph';
import type { DrawSource } from '../ops/row';
import { backpropagate, type BackwardOptions, type Gradients } from './backward';
import type { Scaled } from './scaled';
import type { TensorStore } from './store';
import type { Step } from './wiring';

/** One forward pass with its activations. */
export class Pass {
  constructor(
    readonly graph: ModelGraph,
    private readonly steps: readonly Step[],
    private readonly wanted: { plain: readonly boolean[]; withInputs: readonly boolean[] },
    private readonly store: TensorStore,
    private readonly saved: Tensor[][],
    private readonly draws: DrawSource,
  ) {}

  /** The graph's outputs; lent until `backward` or `dispose`. */
  get outputs(): Tensor[] {
    return this.graph.outputs.map((value) => this.store.get(value));
  }

  /**
   * Values that fell out of float32's range in the forward pass. A gradient of exactly zero that was made from one of
   * them (dL/dW = dL/dy x^T with such an x) is an underflow, not a true zero.
   */
  get forwardUnderflow(): ReadonlySet<number> {
    return this.store.underflow;
  }

  /**
   * Gradients of sum over outputs of <output, its gradient>. Uses the pass up: activations are disposed of on the way.
   * `outputGradients` stay the caller's; null where the loss does not read the output.
   */
  backward(outputGradients: readonly (Scaled | null)[], options: BackwardOptions = {}): Gradients {
    const wanted = options.measureInputs === true ? this.wanted.withInputs : this.wanted.plain;
    try {
      return backpropagate(
        { graph: this.graph, steps: this.steps, wanted, store: this.store, saved: this.saved, draws: this.draws },
        outputGradients,
        options,
      );
    } finally {
      this.dispose();
    }
  }

  dispose(): void {
    for (const tensors of this.saved) for (const tensor of tensors.splice(0)) tensor.dispose();
    this.store.dispose();
  }
}
