import type { Tensor } from '@tensorflow/tfjs-core';
import type { ModelGraph } from '../../graph/graph';
import { heap } from '../kernels/heap';
import { floats } from '../ops/tensors';

/**
 * Finds the first node of one pass that makes a NaN or an infinity. Infinities that the model writes itself (the -inf of an
 * attention mask) are passed over as long as they only travel on: they count from the first NaN that comes of them.
 */
export class NonFiniteWatch {
  readonly #intended = new Set<number>();
  #first: number | null = null;

  /** @param makers for each value the number of the node that makes it */
  constructor(
    private readonly graph: ModelGraph,
    private readonly makers: readonly number[],
  ) {}

  /** Number of the node; null as long as all is well. */
  get first(): number | null {
    return this.#first;
  }

  /** Takes the values of a pass in the order in which they are made; `finite` where that is known already. */
  see(value: number, tensor: Tensor, finite?: boolean): void {
    if (this.#first !== null || this.graph.values[value]?.dtype !== 'float' || (finite ?? isFinite(tensor))) return;
    const maker = this.makers[value] ?? -1;
    const node = this.graph.nodes[maker];
    const inherits = node?.op === 'constant' || node?.inputs.some((input) => this.#intended.has(input)) === true;
    if (!inherits || floats(tensor).some(Number.isNaN)) this.#first = maker;
    else this.#intended.add(value);
  }
}

export function makersOf({ nodes, values }: ModelGraph): number[] {
  const makers = values.map(() => -1);
  nodes.forEach(({ outputs }, node) => outputs.forEach((value) => (makers[value] = node)));
  return makers;
}

function isFinite(tensor: Tensor): boolean {
  const backend = heap();
  return Number.isFinite(backend.kernels.sumOfSquares(backend.address(tensor), tensor.size));
}
