import type { Tensor } from '@tensorflow/tfjs-core';
import { zeros } from '../../ops/tensors';
import { heap, type HeapBackend } from '../heap';
import { transposed } from '../matrix';
import { Arithmetic } from './arithmetic';
import { type GateFunction, gateFunction } from './gateFunctions';
import { type Masks, NO_MASKS } from './masks';
import { type Attributes, GATES, GateWeights, gateOrder, resetsAfter } from './weights';

export interface Extent {
  steps: number;
  batch: number;
  features: number;
  hidden: number;
}

/** What a pass over the sequence keeps for the way back; everything in the order of processing. */
export interface Kept {
  /** [T, N, F] */
  x: Tensor;
  /** Pre-activations [gates, T, N, H]. */
  gates: Tensor;
  /** States [T + 1, N, H], the first being the initial one. */
  states: Tensor;
  /** LSTM's memory [T + 1, N, H]; one block else. */
  memory: Tensor;
  /** GRU [T, N, H]: the candidate's recurrent product (reset after) or the reset state (reset before); one block else. */
  extra: Tensor;
}

/** One layer and direction bound to its tensors on the heap: addresses of blocks of N x H floats. */
export class Layer {
  readonly backend: HeapBackend = heap();
  readonly gateCount: number;
  readonly order: ReturnType<typeof gateOrder>;
  readonly resetsAfter: boolean;
  readonly gate: GateFunction;
  readonly activation: GateFunction;
  readonly block: number;

  constructor(
    readonly attributes: Attributes,
    readonly extent: Extent,
    readonly weights: GateWeights,
    readonly kept: Kept,
    readonly masks: Masks = NO_MASKS,
  ) {
    const { cell, framework, activation, gateActivation } = attributes;
    this.gateCount = GATES[cell];
    this.order = gateOrder(attributes);
    this.resetsAfter = resetsAfter(attributes);
    this.gate = gateFunction(this.backend, gateActivation, framework);
    this.activation = gateFunction(this.backend, activation, framework);
    this.block = extent.batch * extent.hidden;
  }

  /** The heap must not grow while it is used. */
  arithmetic(): Arithmetic {
    return new Arithmetic(this.backend, this.block);
  }

  /** Pre-activation of a gate at a step, in `tensor` (the kept ones, or their gradients). */
  gateAt(gate: number, step: number, tensor = this.kept.gates): number {
    return this.backend.address(tensor) + 4 * (gate * this.extent.steps + step) * this.block;
  }

  /** State before `step`; that after it is at `step + 1`. */
  stateAt = (step: number): number => this.backend.address(this.kept.states) + 4 * step * this.block;

  memoryAt = (step: number): number => this.backend.address(this.kept.memory) + 4 * step * this.block;

  extraAt = (step: number, tensor = this.kept.extra): number => this.backend.address(tensor) + 4 * step * this.block;

  /** The recurrent matrices of all gates packed for `recur`, or transposed for the way back. */
  packed(back: boolean): Tensor {
    const { kernels } = this.backend;
    const { hidden } = this.extent;
    const size = kernels.packedSize(hidden, hidden);
    const result = this.backend.allocate([this.gateCount, size]);
    for (let gate = 0; gate < this.gateCount; gate++) {
      const straight = this.weights.recurrent(gate);
      const { address, row, column } = back ? transposed(straight) : straight;
      kernels.packMatrix(address, row, column, hidden, hidden, this.backend.address(result) + 4 * gate * size);
    }
    return result;
  }

  /** to [N, H] (+)= from [N, H] x the gate's packed matrix. */
  recur(from: number, gate: number, to: number, accumulate: boolean, { packed, scratch }: RecurWork): void {
    const { kernels } = this.backend;
    const { batch, hidden } = this.extent;
    const matrix = packed + 4 * gate * kernels.packedSize(hidden, hidden);
    kernels.gemmPacked(from, hidden, 1, matrix, to, hidden, batch, hidden, hidden, accumulate ? 1 : 0, scratch);
  }

  /** Address of a gate's mask of the state; null where nothing is masked. */
  maskAt(gate: number): number | null {
    const { recurrent } = this.masks;
    return recurrent === null ? null : this.backend.address(recurrent) + 4 * gate * this.block;
  }

  /** to [N, H] += the state under the gate's mask x the gate's packed matrix. */
  recurState(state: number, gate: number, to: number, work: MaskedWork): void {
    const mask = this.maskAt(gate);
    if (mask !== null) work.arithmetic.multiply(state, mask, work.masked);
    this.recur(mask === null ? state : work.masked, gate, to, true, work);
  }

  /** The way back of `recurState`: to [N, H] (+)= gradient x the gate's packed transposed matrix, under the gate's mask. */
  recurBack(gradient: number, gate: number, to: number, accumulate: boolean, work: MaskedWork): void {
    const mask = this.maskAt(gate);
    if (mask === null) {
      this.recur(gradient, gate, to, accumulate, work);
      return;
    }
    this.recur(gradient, gate, work.masked, false, work);
    if (!accumulate) work.arithmetic.zero(to);
    work.arithmetic.multiplyAdd(work.masked, mask, to);
  }
}

/** Addresses of the packed recurrent matrices and of the product's working memory. */
export interface RecurWork {
  packed: number;
  scratch: number;
}

/** The same with a block for products under a mask. */
export interface MaskedWork extends RecurWork {
  arithmetic: Arithmetic;
  /** Address of a block. */
  masked: number;
}

/** Tensors for `Kept`, x given; states and memory start at zero. */
export function emptyKept(attributes: Attributes, { steps, batch, hidden }: Extent, x: Tensor): Kept {
  const backend = heap();
  const { cell } = attributes;
  const one = [1, batch, hidden];
  return {
    x,
    gates: backend.allocate([GATES[cell], steps, batch, hidden]),
    states: zeros([steps + 1, batch, hidden]),
    memory: zeros(cell === 'lstm' ? [steps + 1, batch, hidden] : one),
    extra: zeros(cell === 'gru' ? [steps, batch, hidden] : one),
  };
}
