import type { ModelGraph } from '../../graph/graph';
import { atLastStep, outputTimePlaces, type TimePlace } from '../../trace/timePlace';
import type { StateTrace } from '../../trace/trace';

/**
 * Collects dL/dh_t of the recurrent layers at initialisation, with a loss that reads the last step only: a tagger's
 * later steps would otherwise hide how little comes back from each.
 */
export class StateRecorder {
  readonly #places: readonly TimePlace[][];
  readonly #everyStep: ReadonlySet<number>;
  readonly #found = new Map<number, Float64Array>();

  constructor(graph: ModelGraph) {
    const { outputs, layers } = outputTimePlaces(graph);
    this.#places = outputs;
    this.#everyStep = layers;
  }

  /** True where the model's outputs hold a sequence, so that the measurement needs a backward pass of its own. */
  get needsOwnPass(): boolean {
    return this.#everyStep.size > 0;
  }

  /** The gradients of the outputs, without all steps but the last of those that are sequences. */
  lastStep(gradients: readonly (Float64Array | null)[]): (Float64Array | null)[] {
    return gradients.map((gradient, k) => gradient && atLastStep(gradient, this.#places[k] ?? []));
  }

  /**
   * Takes one node's log2 of RMS(dL/dh_t). A node that the executor runs twice (see `runBackward`) gives the same figures
   * twice, so the first are kept.
   */
  record(node: number, log2Rms: Float64Array): void {
    if (!this.#found.has(node)) this.#found.set(node, log2Rms.slice());
  }

  /** In the order of the nodes. */
  finish(): StateTrace[] {
    return [...this.#found]
      .sort(([a], [b]) => a - b)
      .map(([node, log2Rms]) => ({ node, log2Rms, everyStep: this.#everyStep.has(node) }));
  }
}
