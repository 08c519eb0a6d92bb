import type { Layer, MaskedWork } from './layer';

/** Working memory of one pass; blocks hold N x H floats. The recurrent matrices are packed as the direction wants them. */
export interface Work extends MaskedWork {
  blocks: number[];
}

/** What flows back through time at a step: gradient of the state after it and of the memory after it, both replaced. */
export interface Flow {
  /** Addresses of blocks. */
  state: number;
  memory: number;
  /** Gradients of the pre-activations at this step, to be written. */
  gate: (gate: number) => number;
  /** The same of a GRU candidate's recurrent product. */
  extra: number;
}

/** One step of a cell, forward and back. The products of x and all biases are in the pre-activations already. */
export interface Cell {
  forward(layer: Layer, step: number, work: Work): void;
  backward(layer: Layer, step: number, flow: Flow, work: Work): void;
}

/** How many blocks of working memory a cell takes. */
export const BLOCKS = 6;

const blockOf = ({ blocks }: Work, index: number): number => blocks[index] ?? NaN;

/** h = f(W x + U h + b) (Elman 1990). */
const rnn: Cell = {
  forward(layer, step, work) {
    layer.recurState(layer.stateAt(step), 0, layer.gateAt(0, step), work);
    layer.activation.apply(layer.gateAt(0, step), layer.stateAt(step + 1), layer.block);
  },
  backward(layer, step, flow, work) {
    layer.activation.gradient(layer.gateAt(0, step), flow.state, flow.gate(0), layer.block);
    layer.recurBack(flow.gate(0), 0, flow.state, false, work);
  },
};

/** c = f c + i g, h = o act(c), gates i, f, g, o (Hochreiter and Schmidhuber 1997; Gers et al. 2000). */
const lstm: Cell = {
  forward(layer, step, work) {
    const { arithmetic } = work;
    for (let gate = 0; gate < 4; gate++) layer.recurState(layer.stateAt(step), gate, layer.gateAt(gate, step), work);
    const [input, forget, candidate, output] = activated(layer, step, work);
    const memory = layer.memoryAt(step + 1);
    arithmetic.multiply(forget, layer.memoryAt(step), memory);
    arithmetic.multiplyAdd(input, candidate, memory);
    layer.activation.apply(memory, input, layer.block);
    arithmetic.multiply(output, input, layer.stateAt(step + 1));
  },
  backward(layer, step, flow, work) {
    const { arithmetic } = work;
    const [input, forget, candidate, output] = activated(layer, step, work);
    const [bent, product] = [blockOf(work, 4), blockOf(work, 5)];
    const memory = layer.memoryAt(step + 1);
    layer.activation.apply(memory, bent, layer.block);
    arithmetic.multiply(flow.state, bent, product);
    layer.gate.gradient(layer.gateAt(3, step), product, flow.gate(3), layer.block);
    arithmetic.multiply(flow.state, output, product);
    layer.activation.gradient(memory, product, bent, layer.block);
    arithmetic.add(bent, flow.memory);
    arithmetic.multiply(flow.memory, candidate, product);
    layer.gate.gradient(layer.gateAt(0, step), product, flow.gate(0), layer.block);
    arithmetic.multiply(flow.memory, layer.memoryAt(step), product);
    layer.gate.gradient(layer.gateAt(1, step), product, flow.gate(1), layer.block);
    arithmetic.multiply(flow.memory, input, product);
    layer.activation.gradient(layer.gateAt(2, step), product, flow.gate(2), layer.block);
    arithmetic.multiply(flow.memory, forget, flow.memory);
    for (let gate = 0; gate < 4; gate++) layer.recurBack(flow.gate(gate), gate, flow.state, gate > 0, work);
  },
};

/** The four gates of an LSTM, in blocks 0 to 3. */
function activated(layer: Layer, step: number, work: Work): [number, number, number, number] {
  const [a, b, c, d] = [blockOf(work, 0), blockOf(work, 1), blockOf(work, 2), blockOf(work, 3)];
  layer.gate.apply(layer.gateAt(0, step), a, layer.block);
  layer.gate.apply(layer.gateAt(1, step), b, layer.block);
  layer.activation.apply(layer.gateAt(2, step), c, layer.block);
  layer.gate.apply(layer.gateAt(3, step), d, layer.block);
  return [a, b, c, d];
}

/** h = z h + (1 - z) n with n = act(W x + r (U h)) or act(W x + U (r h)) (Cho et al. 2014; cuDNN's form is the first). */
const gru: Cell = {
  forward(layer, step, work) {
    const { arithmetic } = work;
    const { reset, update, candidate } = layer.order;
    const [state, next, extra] = [layer.stateAt(step), layer.stateAt(step + 1), layer.extraAt(step)];
    const [r, z, n] = [blockOf(work, 0), blockOf(work, 1), blockOf(work, 2)];
    layer.recurState(state, reset, layer.gateAt(reset, step), work);
    layer.recurState(state, update, layer.gateAt(update, step), work);
    layer.gate.apply(layer.gateAt(reset, step), r, layer.block);
    layer.gate.apply(layer.gateAt(update, step), z, layer.block);
    const pre = layer.gateAt(candidate, step);
    if (layer.resetsAfter) {
      layer.recurState(state, candidate, extra, work);
      arithmetic.multiplyAdd(r, extra, pre);
    } else {
      arithmetic.multiply(r, state, extra);
      const mask = layer.maskAt(candidate);
      if (mask !== null) arithmetic.multiply(extra, mask, extra);
      layer.recur(extra, candidate, pre, true, work);
    }
    layer.activation.apply(pre, n, layer.block);
    // h = n + z (h - n)
    arithmetic.subtract(state, n, r);
    arithmetic.copy(n, next);
    arithmetic.multiplyAdd(z, r, next);
  },

  backward(layer, step, flow, work) {
    const { arithmetic } = work;
    const { reset, update, candidate } = layer.order;
    const [state, extra] = [layer.stateAt(step), layer.extraAt(step)];
    const [r, z, n, product, carried] = [0, 1, 2, 3, 4].map((i) => blockOf(work, i)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    layer.gate.apply(layer.gateAt(reset, step), r, layer.block);
    layer.gate.apply(layer.gateAt(update, step), z, layer.block);
    layer.activation.apply(layer.gateAt(candidate, step), n, layer.block);
    arithmetic.subtract(state, n, n);
    arithmetic.multiply(flow.state, n, product);
    layer.gate.gradient(layer.gateAt(update, step), product, flow.gate(update), layer.block);
    arithmetic.multiply(flow.state, z, carried);
    complement(layer, step, z, work);
    arithmetic.multiply(flow.state, z, product);
    layer.activation.gradient(layer.gateAt(candidate, step), product, flow.gate(candidate), layer.block);
    arithmetic.copy(carried, flow.state);
    if (layer.resetsAfter) {
      arithmetic.multiply(flow.gate(candidate), extra, product);
      arithmetic.multiply(flow.gate(candidate), r, flow.extra);
      layer.recurBack(flow.extra, candidate, flow.state, true, work);
    } else {
      layer.recurBack(flow.gate(candidate), candidate, n, false, work);
      arithmetic.multiply(n, state, product);
      arithmetic.multiplyAdd(n, r, flow.state);
    }
    layer.gate.gradient(layer.gateAt(reset, step), product, flow.gate(reset), layer.block);
    layer.recurBack(flow.gate(update), update, flow.state, true, work);
    layer.recurBack(flow.gate(reset), reset, flow.state, true, work);
  },
};

/** 1 - z in place of z = f(x): for a sigmoid as f(-x), which does not cancel where z is nearly 1. */
function complement(layer: Layer, step: number, z: number, work: Work): void {
  if (!layer.gate.symmetric) {
    work.arithmetic.complement(z, z);
    return;
  }
  const negated = blockOf(work, 5);
  work.arithmetic.negate(layer.gateAt(layer.order.update, step), negated);
  layer.gate.apply(negated, z, layer.block);
}

export const CELLS = { rnn, lstm, gru };
