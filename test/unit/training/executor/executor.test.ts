import * as path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../../scripts/build/kernels.mjs';
import type { ModelGraph } from '../../../../src/graph/graph';
import { bootBackend } from '../../../../src/training/backend';
import { CancelledError, ExecutionError } from '../../../../src/training/executor/errors';
import { makersOf, NonFiniteWatch } from '../../../../src/training/executor/nonFinite';
import type { TensorStore } from '../../../../src/training/executor/store';
import { Executor } from '../../../../src/training/executor/executor';
import { log2NormOf } from '../../../../src/training/executor/scaled';
import type { OpRow, OpRows } from '../../../../src/training/ops/row';
import { OP_TABLE } from '../../../../src/training/ops/table';
import { alias, allocateFloats, floats, fromElements } from '../../../../src/training/ops/tensors';
import { BATCH, referenceNorms, sigmoidNet } from './deepNets';
import { filled, GraphBuilder, NO_DRAWS, uniform } from './graphs';

beforeAll(async () => {
  await buildKernels();
  await bootBackend({ directory: path.resolve('dist', 'wasm') });
});

// No test may leave a tensor behind.
let before = 0;
beforeEach(() => (before = memory().numTensors));
afterEach(() => expect(memory().numTensors).toBe(before));

/** Runs one pass and gives the log2 norms of the parameters' gradients (null: not reached) and the touched values'. */
function gradientsOf(
  graph: ModelGraph,
  inputs: Float32Array[],
  parameters: Float32Array[],
  outputGradients: (Float32Array | null)[],
  options: { rows?: OpRows; exponent?: number; measureInputs?: boolean } = {},
) {
  const executor = new Executor(graph, options.rows ?? OP_TABLE);
  const feeds = {
    inputs: inputs.map((x, k) => fromElements(x, graph.inputs[k]!.shape)),
    parameters: parameters.map((x, k) => fromElements(x, graph.parameters[k]!.shape)),
  };
  const seeds = outputGradients.map((x, k) =>
    x === null
      ? null
      : { tensor: fromElements(x, graph.values[graph.outputs[k]!]!.shape), exponent: options.exponent ?? 0 },
  );
  const values = new Map<number, number>();
  try {
    const pass = executor.forward(feeds, NO_DRAWS);
    const underflow = [...pass.forwardUnderflow];
    const gradients = pass.backward(seeds, {
      measureInputs: options.measureInputs ?? false,
      onValueGradient: (value, gradient) => values.set(value, log2NormOf(gradient)),
    });
    const { nonFinite, peakBytes } = gradients;
    const norms = gradients.parameters.map((gradient) => (gradient === null ? null : log2NormOf(gradient)));
    const elements = gradients.parameters.map((gradient) =>
      gradient === null ? null : Array.from(floats(gradient.tensor), (v) => v * 2 ** gradient.exponent),
    );
    gradients.dispose();
    return { norms, elements, nonFinite, peakBytes, values, underflow };
  } finally {
    executor.dispose();
    for (const tensor of [...feeds.inputs, ...feeds.parameters, ...seeds.map((s) => s?.tensor)]) tensor?.dispose();
  }
}

describe('depth', () => {
  it.each([
    [20, 32, -20],
    [120, 16, -200],
    [1000, 8, -1900],
  ])('%i sigmoid layers match a float64 reference', (depth, width, bound) => {
    const net = sigmoidNet(depth, width);
    const wanted = referenceNorms(net, width);
    const { norms } = gradientsOf(net.graph, [net.input], net.parameters, [net.outputGradient]);
    norms.forEach((norm, k) => expect(Math.abs(norm! - wanted[k]!), `parameter ${k}`).toBeLessThan(1e-3));
    // The test means something only where the gradients really are that small.
    expect(norms[0]!).toBeLessThan(bound);
  });

  it('takes an exponent with the output gradient', () => {
    const net = sigmoidNet(5, 8);
    const plain = gradientsOf(net.graph, [net.input], net.parameters, [net.outputGradient]);
    const far = gradientsOf(net.graph, [net.input], net.parameters, [net.outputGradient], { exponent: -4000 });
    far.norms.forEach((norm, k) => expect(norm! + 4000).toBeCloseTo(plain.norms[k]!, 9));
  });
});

describe('merging', () => {
  it('adds branches whose gradients lie 10^30 apart, in either order', () => {
    for (const first of [0, 1]) {
      // y = x w c0 + x w c1 with c of 1e-30 and 1: dL/dw is that of the large branch, and of the small one alone.
      const builder = new GraphBuilder();
      const w = builder.parameter([3]);
      const small = builder.node('constant', { values: [1e-30] }, [], [3]);
      const large = builder.node('constant', { values: [1] }, [], [3]);
      const branches = [small, large].map((c) => builder.node('mul', {}, [w, c], [3]));
      const [a, b] = first === 0 ? branches : branches.toReversed();
      const both = builder.node('add', {}, [a!, b!], [3]);
      const result = gradientsOf(builder.build(both), [], [Float32Array.of(1, 2, 3)], [Float32Array.of(1, -2, 4)]);
      expect(result.elements[0]).toEqual([1, -2, 4]);
      const alone = gradientsOf(
        builder.build(branches[0]!),
        [],
        [Float32Array.of(1, 2, 3)],
        [Float32Array.of(1, -2, 4)],
      );
      expect(alone.norms[0]!).toBeCloseTo(Math.log2(Math.fround(1e-30) * Math.sqrt(21)), 6);
    }
  });

  it('sums what two outputs and two uses of one parameter give', () => {
    const builder = new GraphBuilder();
    const w = builder.parameter([2]);
    const squared = builder.node('mul', {}, [w, w], [2]);
    const graph = builder.build(squared, w, squared);
    const gradients = [Float32Array.of(1, 1), Float32Array.of(10, 20), Float32Array.of(2, 0)];
    // d/dw of 3 w0^2 + w1^2 + 10 w0 + 20 w1
    const { elements } = gradientsOf(graph, [], [Float32Array.of(5, 7)], gradients);
    expect(elements[0]).toEqual([40, 34]);
  });

  it('does not let a zero branch or cancellation pass for the other', () => {
    const builder = new GraphBuilder();
    const w = builder.parameter([2]);
    const minus = builder.node('neg', {}, [w], [2]);
    const none = builder.node('add', {}, [w, minus], [2]);
    const { norms } = gradientsOf(builder.build(none), [], [Float32Array.of(5, 7)], [Float32Array.of(1, 3)]);
    expect(norms[0]).toBe(-Infinity);
  });
});

describe('zero, dead and unreached', () => {
  const tower = (bias: number) => {
    const builder = new GraphBuilder();
    const x = builder.input([BATCH, 3]);
    const lower = builder.linear(x, BATCH, 3, 4);
    const open = builder.node('relu', {}, [lower], [BATCH, 4]);
    const y = builder.linear(open, BATCH, 4, 2);
    builder.parameter([5]);
    const next = uniform(3);
    const parameters = [
      filled(12, next),
      new Float32Array(4).fill(bias),
      filled(8, next),
      filled(2, next),
      filled(5, next),
    ];
    return gradientsOf(builder.build(y), [filled(12, next)], parameters, [filled(8, next)]);
  };

  it('is exactly zero behind a closed ReLU, and not behind an open one', () => {
    expect(tower(-100).norms.slice(0, 4)).toEqual([-Infinity, -Infinity, -Infinity, expect.any(Number)]);
    expect(tower(100).norms.every((norm) => norm === null || Number.isFinite(norm))).toBe(true);
  });

  it('is null where no path leads', () => {
    expect(tower(1).norms[4]).toBeNull();
    const builder = new GraphBuilder();
    const w = builder.parameter([2]);
    const cut = builder.node('detach', {}, [w], [2]);
    const frozen = builder.parameter([2], false);
    const y = builder.node('add', {}, [cut, frozen], [2]);
    const { norms } = gradientsOf(
      builder.build(y),
      [],
      [Float32Array.of(1, 2), Float32Array.of(1, 2)],
      [Float32Array.of(1, 1)],
    );
    expect(norms).toEqual([null, null]);
  });

  it('reads an output only where its gradient is given', () => {
    const builder = new GraphBuilder();
    const [a, b] = [builder.parameter([2]), builder.parameter([2])];
    const outputs = [a, b].map((w) => builder.node('neg', {}, [w], [2]));
    const { norms } = gradientsOf(
      builder.build(...outputs),
      [],
      [Float32Array.of(1, 2), Float32Array.of(1, 2)],
      [null, Float32Array.of(3, 4)],
    );
    expect(norms).toEqual([null, expect.closeTo(Math.log2(5), 9)]);
  });

  it('gives the inputs a gradient on request', () => {
    const net = sigmoidNet(2, 4);
    const inputValue = net.graph.nodes.find((node) => node.op === 'input')!.outputs[0]!;
    const asked = (measureInputs: boolean) =>
      gradientsOf(net.graph, [net.input], net.parameters, [net.outputGradient], { measureInputs }).values;
    expect(asked(false).has(inputValue)).toBe(false);
    expect(Number.isFinite(asked(true).get(inputValue))).toBe(true);
    // Every value but the input is measured either way.
    expect(asked(false).size).toBe(net.graph.values.length - 1);
  });
});

describe('the ends of float32', () => {
  /** y = scale1 * (scale0 * x) w, the scales being constants: x w is made of a huge or tiny activation. */
  const scaled = (scales: number[], x: number) => {
    const builder = new GraphBuilder();
    let value = builder.input([2]);
    for (const scale of scales) {
      const constant = builder.node('constant', { values: [scale] }, [], [2]);
      value = builder.node('mul', {}, [value, constant], [2]);
    }
    const w = builder.parameter([2]);
    const y = builder.node('mul', {}, [value, w], [2]);
    return gradientsOf(builder.build(y), [Float32Array.of(x, x)], [Float32Array.of(1, 1)], [Float32Array.of(1, 1)]);
  };

  it('multiplies gradients by activations near either end', () => {
    expect(scaled([2 ** 60, 2 ** 60], 1).norms[0]).toBe(120.5);
    expect(scaled([2 ** -60, 2 ** -60], 1).norms[0]).toBe(-119.5);
  });

  it('says where the forward pass fell out of range', () => {
    expect(scaled([2 ** -40], 1).underflow).toEqual([]);
    const lost = scaled([2 ** -60, 2 ** -60, 2 ** -60], 1);
    expect(lost.norms[0]).toBe(-Infinity);
    // The second and third product, and what is made of them.
    expect(lost.underflow).toHaveLength(3);
    expect(scaled([0], 1).underflow).toEqual([]);
  });

  it('finds the first value that is not finite, but not a mask that is meant so', () => {
    const builder = new GraphBuilder();
    const x = builder.parameter([2]);
    const mask = builder.node('constant', { values: ['-inf', 0] }, [], [2]);
    const masked = builder.node('add', {}, [x, mask], [2]);
    const large = builder.node('exp', {}, [x], [2]);
    const gap = builder.node('sub', {}, [large, large], [2]);
    const graph = builder.build(masked, gap);
    const executor = new Executor(graph, OP_TABLE);
    const find = (v: number) => {
      const parameter = fromElements([v, v], [2]);
      const watch = new NonFiniteWatch(graph, makersOf(graph));
      const onValue = (value: number, store: Pick<TensorStore, 'get'>) => watch.see(value, store.get(value));
      executor.forward({ inputs: [], parameters: [parameter] }, NO_DRAWS, { onValue }).dispose();
      parameter.dispose();
      return watch.first === null ? null : graph.nodes[watch.first]!.op;
    };
    expect(find(1)).toBeNull();
    expect(find(100)).toBe('exp');
    executor.dispose();
  });

  it('names the node whose gradient stops being finite', () => {
    const builder = new GraphBuilder();
    const w = builder.parameter([2]);
    const root = builder.node('sqrt', {}, [w], [2]);
    const y = builder.node('neg', {}, [root], [2]);
    const graph = builder.build(y);
    const { nonFinite, norms } = gradientsOf(graph, [], [Float32Array.of(0, 1)], [Float32Array.of(1, 1)]);
    expect(graph.nodes[nonFinite!]!.op).toBe('sqrt');
    expect(norms[0]).toBe(Infinity);
    expect(gradientsOf(graph, [], [Float32Array.of(4, 1)], [Float32Array.of(1, 1)]).nonFinite).toBeNull();
  });
});

describe('housekeeping', () => {
  it('keeps the tensor count flat over 1,000 passes', () => {
    const net = sigmoidNet(6, 8);
    const executor = new Executor(net.graph, OP_TABLE);
    const feeds = {
      inputs: [fromElements(net.input, [BATCH, 8])],
      parameters: net.parameters.map((x, k) => fromElements(x, net.graph.parameters[k]!.shape)),
    };
    const seed = { tensor: fromElements(net.outputGradient, [BATCH, 8]), exponent: 0 };
    const counts = Array.from({ length: 1000 }, () => {
      executor.forward(feeds, NO_DRAWS).backward([seed]).dispose();
      const { numTensors, numDataBuffers, numBytes } = memory();
      return `${numTensors} ${numDataBuffers} ${numBytes}`;
    });
    expect(new Set(counts).size).toBe(1);
    for (const tensor of [...feeds.inputs, ...feeds.parameters, seed.tensor]) tensor.dispose();
    executor.dispose();
  });

  it('frees activations on the way back', () => {
    const peak = (depth: number) => {
      const net = sigmoidNet(depth, 8);
      return gradientsOf(net.graph, [net.input], net.parameters, [net.outputGradient]).peakBytes;
    };
    // Each layer holds parameters, their gradients, and two activations: gradients must not come on top of all activations.
    const bytes = 4 * (2 * (64 + 8) + 2 * BATCH * 8);
    expect((peak(40) - peak(20)) / 20).toBeLessThan(bytes);
  });

  it('stops when asked, forward and backward, and leaves nothing behind', () => {
    const net = sigmoidNet(4, 8);
    const executor = new Executor(net.graph, OP_TABLE);
    const feeds = {
      inputs: [fromElements(net.input, [BATCH, 8])],
      parameters: net.parameters.map((x, k) => fromElements(x, net.graph.parameters[k]!.shape)),
    };
    const seed = { tensor: fromElements(net.outputGradient, [BATCH, 8]), exponent: 0 };
    const after = (n: number) => () => n-- === 0;
    expect(() => executor.forward(feeds, NO_DRAWS, { cancelled: after(5) })).toThrow(CancelledError);
    const pass = executor.forward(feeds, NO_DRAWS);
    expect(() => pass.backward([seed], { cancelled: after(5) })).toThrow(CancelledError);
    for (const tensor of [...feeds.inputs, ...feeds.parameters, seed.tensor]) tensor.dispose();
    executor.dispose();
  });

  it('names op and node of a row that breaks its word', () => {
    const builder = new GraphBuilder();
    const w = builder.parameter([3]);
    const y = builder.node('neg', {}, [w], [3]);
    const graph = builder.build(y);
    const run = (row: OpRow<'neg'>) =>
      gradientsOf(graph, [], [Float32Array.of(1, 2, 3)], [Float32Array.of(1, 1, 1)], { rows: { neg: row } });
    const forward: OpRow<'neg'>['forward'] = ([x]) => ({ outputs: [alias(x!)] });
    expect(run({ forward, backward: ({ outputGradients: [dy] }) => [dy!] }).elements[0]).toEqual([1, 1, 1]);
    const broken: OpRow<'neg'>[] = [
      { forward: () => ({ outputs: [allocateFloats([4])] }), backward: null },
      { forward: () => ({ outputs: [] }), backward: null },
      { forward, backward: () => [allocateFloats([3, 1])] },
    ];
    for (const row of broken) expect(() => run(row)).toThrow(/"neg" \(node 1\)/);
    expect(() => new Executor(graph, {})).toThrow(ExecutionError);
  });
});
