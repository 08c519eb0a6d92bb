import type { Tensor } from '@tensorflow/tfjs-core';
import { zeros } from '../../ops/tensors';
import { heap } from '../heap';
import { permuted } from '../layout';
import { type Matrix, multiplyInto, type Sizes, transposed } from '../matrix';
import { workspace } from '../workspace';
import { BLOCKS, CELLS, type Work } from './cells';
import type { Layer } from './layer';
import { addInto, maskedRows } from './masks';

/** [N, T, K] in the order of processing, [T, N, K], last step first where the layer runs backward; or the other way round. */
export function processing(x: Tensor, reverse: boolean): Tensor {
  const result = permuted(x, [1, 0, 2]);
  if (!reverse) return result;
  const backend = heap();
  const flipped = backend.allocate(result.shape);
  const [steps = 1, ...rest] = result.shape;
  const size = rest.reduce((all, n) => all * n, 1);
  const [from, to] = [backend.floats(result), backend.floats(flipped)];
  for (let t = 0; t < steps; t++) to.set(from.subarray(t * size, (t + 1) * size), (steps - 1 - t) * size);
  return flipped;
}

/** [T, N, K] in the order of processing as [N, T, K] in the order of x. */
export function restored(y: Tensor, reverse: boolean): Tensor {
  const straight = reverse ? processing(permuted(y, [1, 0, 2]), true) : y;
  return permuted(straight, [1, 0, 2]);
}

/** Working memory; nothing may be allocated on the heap while it is used. */
function workFor(layer: Layer, back: boolean): Work {
  const { backend, block } = layer;
  const packed = backend.address(layer.packed(back));
  const sizes = [backend.kernels.gemmScratch(), ...Array<number>(BLOCKS + 1).fill(4 * block)];
  const [scratch = 0, masked = 0, ...blocks] = workspace(backend, sizes);
  return { packed, scratch, masked, blocks, arithmetic: layer.arithmetic() };
}

const rowsOf = (tensor: Tensor, columns: number, offset = 0): Matrix => ({
  address: heap().address(tensor) + 4 * offset,
  row: columns,
  column: 1,
});

/** c (+)= a b, whichever way c lies. */
function productInto(a: Matrix, b: Matrix, c: Matrix, { m, n, k }: Sizes, accumulate: boolean): void {
  if (c.column === 1) multiplyInto(heap(), a, b, c, { m, n, k }, accumulate);
  else multiplyInto(heap(), transposed(b), transposed(a), transposed(c), { m: n, n: m, k }, accumulate);
}

/** Fills the kept tensors: all products of x at once, then step by step (Appleyard et al. 2016). */
export function runForward(layer: Layer): void {
  const { backend, extent, weights, kept } = layer;
  const { steps, batch, features, hidden } = extent;
  const rows = steps * batch;
  for (let gate = 0; gate < layer.gateCount; gate++) {
    const to = layer.gateAt(gate, 0);
    const sizes = { m: rows, n: hidden, k: features };
    const x = maskedRows(kept.x, layer.masks.input, gate, steps);
    productInto(rowsOf(x, features), weights.input(gate), { address: to, row: hidden, column: 1 }, sizes, false);
    for (const bias of weights.inputBiases(gate)) backend.kernels.addChannels(to, bias, rows, hidden, 1);
  }
  if (layer.resetsAfter) {
    for (const bias of weights.recurrentBiases(layer.order.candidate)) {
      backend.kernels.addChannels(layer.extraAt(0), bias, rows, hidden, 1);
    }
  }
  const work = workFor(layer, false);
  const cell = CELLS[layer.attributes.cell];
  for (let step = 0; step < steps; step++) cell.forward(layer, step, work);
}

export interface Incoming {
  /** [T, N, H] in the order of processing. */
  sequence: Tensor | null;
  state: Tensor | null;
  memory: Tensor | null;
}

export interface Outgoing {
  /** Gradients of the pre-activations [gates, T, N, H], of the GRU candidate's recurrent product [T, N, H]. */
  gates: Tensor;
  extra: Tensor;
  state: Tensor;
  memory: Tensor;
  /** log2 of RMS(dL/dh_t), in the order of processing. */
  log2Rms: Float64Array;
}

/** The carried gradient is rescaled when its largest element leaves 2^±40: far from float32's ends, seldom enough. */
const ROOM = 40;

/**
 * Back through time. The gradient that is carried from step to step has a power of two beside it, so that its fall is
 * measured beyond float32's range and no denormals arise; what it adds to the gates' gradients is put back to scale.
 */
export function runBackward(layer: Layer, incoming: Incoming): Outgoing {
  const { backend, extent, kept, block } = layer;
  const { steps, batch, hidden } = extent;
  const [state, memory] = [incoming.state, incoming.memory].map((given) => {
    const result = zeros([batch, hidden]);
    if (given !== null) backend.floats(result).set(backend.floats(given));
    return result;
  }) as [Tensor, Tensor];
  const gates = zeros(kept.gates.shape);
  const extra = zeros(kept.extra.shape);
  const log2Rms = new Float64Array(steps);
  const work = workFor(layer, true);
  const { arithmetic } = work;
  const cell = CELLS[layer.attributes.cell];
  const carried = [backend.address(state), backend.address(memory)] as const;
  let exponent = 0;
  const toScale = (): void => {
    for (const address of carried) arithmetic.scale(address, exponent);
    exponent = 0;
  };
  for (let step = steps - 1; step >= 0; step--) {
    const direct = incoming.sequence === null ? null : backend.address(incoming.sequence) + 4 * step * block;
    if (direct !== null && arithmetic.largest(direct) !== 0) {
      toScale();
      arithmetic.add(direct, carried[0]);
    }
    log2Rms[step] = Math.log2(arithmetic.sumOfSquares(carried[0]) / block) / 2 + exponent;
    const gate = (number: number): number => layer.gateAt(number, step, gates);
    const flow = {
      state: carried[0],
      memory: carried[1],
      gate,
      extra: layer.extraAt(layer.resetsAfter ? step : 0, extra),
    };
    cell.backward(layer, step, flow, work);
    for (let number = 0; number < layer.gateCount; number++) arithmetic.scale(gate(number), exponent);
    if (layer.resetsAfter) arithmetic.scale(flow.extra, exponent);
    const size = Math.log2(Math.max(...carried.map((address) => arithmetic.largest(address))));
    if (Math.abs(size) > ROOM && Number.isFinite(size)) {
      const shift = Math.floor(size);
      for (const address of carried) arithmetic.scale(address, -shift);
      exponent += shift;
    }
  }
  toScale();
  return { gates, extra, state, memory, log2Rms };
}

/** Gradients of the weights, in the framework's own layout. */
export function weightGradients(layer: Layer, { gates, extra }: Outgoing): Tensor[] {
  const { extent, kept } = layer;
  const { steps, batch, features, hidden } = extent;
  const rows = steps * batch;
  const result = layer.weights.zeroed();
  for (let gate = 0; gate < layer.gateCount; gate++) {
    const own = rowsOf(gates, hidden, gate * rows * hidden);
    const isCandidate = layer.attributes.cell === 'gru' && gate === layer.order.candidate;
    const recurrent = isCandidate && layer.resetsAfter ? rowsOf(extra, hidden) : own;
    // The reset state is kept as it goes into the product, under its mask.
    const source =
      isCandidate && !layer.resetsAfter ? kept.extra : maskedRows(kept.states, layer.masks.recurrent, gate, steps);
    const x = maskedRows(kept.x, layer.masks.input, gate, steps);
    const sizes = { m: features, n: hidden, k: rows };
    productInto(transposed(rowsOf(x, features)), own, result.input(gate), sizes, false);
    productInto(transposed(rowsOf(source, hidden)), recurrent, result.recurrent(gate), { ...sizes, m: hidden }, false);
    for (const bias of result.inputBiases(gate)) sumRows(own.address, rows, hidden, bias);
    if (isCandidate && layer.resetsAfter) {
      for (const bias of result.recurrentBiases(gate)) sumRows(recurrent.address, rows, hidden, bias);
    }
  }
  return [...result.tensors];
}

/** Sums of rows x columns floats over the rows, in float64, to `to`. */
function sumRows(from: number, rows: number, columns: number, to: number): void {
  const backend = heap();
  const [sums = 0] = workspace(backend, [8 * columns]);
  backend.kernels.channelSums(from, sums, rows, columns, 1);
  const { buffer } = backend.heapMemory;
  new Float32Array(buffer, to, columns).set(new Float64Array(buffer, sums, columns));
}

/** Gradient of x [T, N, F], in the order of processing. */
export function inputGradient(layer: Layer, { gates }: Outgoing): Tensor {
  const { steps, batch, features, hidden } = layer.extent;
  const rows = steps * batch;
  const mask = layer.masks.input;
  const shape = [steps, batch, features];
  const result = mask === null ? heap().allocate(shape) : zeros(shape);
  const part = mask === null ? result : heap().allocate(shape);
  for (let gate = 0; gate < layer.gateCount; gate++) {
    const own = rowsOf(gates, hidden, gate * rows * hidden);
    const sizes = { m: rows, n: features, k: hidden };
    const accumulate = mask === null && gate > 0;
    productInto(own, transposed(layer.weights.input(gate)), rowsOf(part, features), sizes, accumulate);
    if (mask !== null) addInto(maskedRows(part, mask, gate, steps), result);
  }
  return result;
}
