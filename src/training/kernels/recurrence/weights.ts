import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeOf } from '../../../graph/graph';
import { zeros } from '../../ops/tensors';
import { heap } from '../heap';
import type { Matrix } from '../matrix';
import { operand } from '../rows';

export type Attributes = NodeOf<'recurrent'>['attributes'];

export const GATES = { rnn: 1, gru: 3, lstm: 4 } as const;

/** Where each gate stands: GRU's update and reset gates change places between PyTorch and Keras. */
export const gateOrder = ({ cell, framework }: Attributes): { reset: number; update: number; candidate: number } =>
  cell === 'gru' && framework !== 'pytorch'
    ? { update: 0, reset: 1, candidate: 2 }
    : { reset: 0, update: 1, candidate: 2 };

/** The GRU form in which the reset gate acts on the finished recurrent product, whose bias then is a vector of its own. */
export const resetsAfter = ({ cell, framework, resetAfter }: Attributes): boolean =>
  cell === 'gru' && (framework === 'pytorch' || resetAfter);

/**
 * A layer's weights (or their gradients) by gate. PyTorch: [gates * H, in] twice and two bias vectors; Keras and TF.js:
 * [in, gates * H] twice and one bias vector, or the two rows of a Keras GRU that resets after.
 */
export class GateWeights {
  constructor(
    private readonly attributes: Attributes,
    readonly tensors: readonly Tensor[],
  ) {}

  /** Of the same shapes, all zero: for gradients. */
  zeroed(): GateWeights {
    return new GateWeights(
      this.attributes,
      this.tensors.map(({ shape }) => zeros(shape)),
    );
  }

  /** Matrix [features, H] that takes x to gate `gate`. */
  input(gate: number): Matrix {
    return this.#matrix(operand(this.tensors, 0), gate);
  }

  /** Matrix [H, H] that takes the state to gate `gate`. */
  recurrent(gate: number): Matrix {
    return this.#matrix(operand(this.tensors, 1), gate);
  }

  /** Addresses of the bias vectors that are added to gate `gate` together with x's product. */
  inputBiases(gate: number): number[] {
    const recurrent = resetsAfter(this.attributes) && gate === gateOrder(this.attributes).candidate;
    return this.#biases(gate, recurrent ? [0] : [0, 1]);
  }

  /** Addresses of the bias vectors of the candidate's recurrent product where the reset gate acts after it. */
  recurrentBiases(gate: number): number[] {
    return this.#biases(gate, [1]);
  }

  #biases(gate: number, rows: readonly number[]): number[] {
    const { bias, hidden, framework, cell } = this.attributes;
    if (!bias) return [];
    const backend = heap();
    const gates = GATES[cell];
    if (framework === 'pytorch') {
      return rows.map((row) => backend.address(operand(this.tensors, 2 + row)) + 4 * gate * hidden);
    }
    const tensor = operand(this.tensors, 2);
    const present = tensor.size / (gates * hidden);
    return rows
      .filter((row) => row < present)
      .map((row) => backend.address(tensor) + 4 * (row * gates + gate) * hidden);
  }

  #matrix(tensor: Tensor, gate: number): Matrix {
    const { hidden, framework, cell } = this.attributes;
    const address = heap().address(tensor);
    if (framework === 'pytorch') {
      const columns = tensor.shape[1] ?? 1;
      return { address: address + 4 * gate * hidden * columns, row: 1, column: columns };
    }
    return { address: address + 4 * gate * hidden, row: GATES[cell] * hidden, column: 1 };
  }
}
