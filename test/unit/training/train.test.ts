import * as fs from 'node:fs';
import * as path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../scripts/build/kernels.mjs';
import type { ModelGraph } from '../../../src/graph/graph';
import { plan, type PlanOptions } from '../../../src/trace/planning';
import type { GradientTrace } from '../../../src/trace/trace';
import { TfjsTrainer } from '../../../src/training/tfjsTrainer';
import { stack } from './graphs';

let trainer: TfjsTrainer;
beforeAll(async () => {
  await buildKernels();
  trainer = await TfjsTrainer.create(path.resolve('dist', 'wasm'));
});

interface Case {
  expect: { loss: number; outputNorms: number[]; parameters: { gradNorm: number; initStd: number }[] };
  health: { reference: { parameters: { name: string; start: number; late: number; sgdLate: number }[] } };
}
const readCase = (id: string) =>
  JSON.parse(fs.readFileSync(path.resolve('../shared/conformance/cases', `${id}.json`), 'utf8')) as Case;

/** `SigmoidStack()` of the conformance pack. */
const sigmoidStack = (batch: number) =>
  stack({ sizes: [20, ...new Array<number>(20).fill(32), 5], batch, activation: 'sigmoid' });

const median = (numbers: number[]) => {
  const sorted = numbers.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** log10 |dL/dW| / |W|, median over seeds and steps from..to. */
function relative(trace: GradientTrace, parameter: number, from: number, to: number): number {
  return median(
    trace.seeds.flatMap(({ parameters, steps }) => {
      const { gradient, weight } = parameters[parameter]!;
      return Array.from(
        { length: Math.min(to, steps - 1) - from + 1 },
        (_, i) => (gradient[from + i]! - weight[from + i]!) * Math.log10(2),
      );
    }),
  );
}

const train = (graph: ModelGraph, options: PlanOptions = {}) =>
  trainer.train(graph, { ...plan(graph, options), batch: graph.inputs[0]!.shape[0]! });

describe('training', () => {
  it('sees the same batch in every step where the plan says so, and then learns noise by heart', async () => {
    const graph = stack({ sizes: [12, 64, 64, 4], batch: 16, activation: 'relu' });
    const planned = { ...plan(graph, { loss: { kind: 'cross-entropy', outputs: [0] } }), batch: 16 };
    const fall = ({ seeds }: GradientTrace) => seeds[0]!.loss[0]! - seeds[0]!.loss.at(-1)!;
    const fresh = await trainer.train(graph, planned);
    const repeated = await trainer.train(graph, { ...planned, repeated: true });
    expect(repeated.seeds[0]!.loss[0]).toBe(fresh.seeds[0]!.loss[0]);
    expect(fall(repeated)).toBeGreaterThan(fall(fresh) + 0.2);
    expect(repeated.seeds[0]!.loss.every((loss, i, all) => i === 0 || loss < all[i - 1]!)).toBe(true);
  });

  it.each([
    ['adam', 'late'],
    ['sgd', 'sgdLate'],
  ] as const)('reproduces the reference figures of a vanishing sigmoid stack with %s', async (optimiser, figure) => {
    const reference = readCase('torch-sigmoid-stack').health.reference.parameters;
    const trace = await train(sigmoidStack(32), {
      seeds: Array.from({ length: 15 }, (_, seed) => seed),
      optimiser,
      loss: { kind: 'cross-entropy', outputs: [0] },
    });
    expect(trace.partial).toBe(false);
    for (const [k, { name, start, [figure]: late }] of reference.entries()) {
      // The reference has five seeds: medians of five scatter by 0.06 late and 0.13 at the start (one step each), and
      // scatter together from layer to layer.
      const tolerance = name.endsWith('bias') ? 0.3 : 0.15;
      expect(Math.abs(relative(trace, k, 0, 0) - start), `${name} start`).toBeLessThan(3 * tolerance);
      expect(Math.abs(relative(trace, k, 5, 30) - late), `${name} late`).toBeLessThan(tolerance);
    }
  });

  it('holds the lattice figures of the sigmoid stack, vanished gradients included', async () => {
    const { expect: expected } = readCase('torch-sigmoid-stack');
    const result = await trainer.lattice(sigmoidStack(4));
    expect(result.loss).toBeCloseTo(expected.loss, 5);
    expect(result.outputNorms[0]).toBeCloseTo(expected.outputNorms[0]!, 5);
    expected.parameters.forEach(({ gradNorm }, k) => {
      expect(result.parameters[k]?.reached).toBe(true);
      expect(2 ** result.parameters[k]!.log2GradientNorm / gradNorm).toBeCloseTo(1, 3);
    });
  });

  it('draws parameters of the reference deviations', async () => {
    const graph = sigmoidStack(4);
    const { expect: expected } = readCase('torch-sigmoid-stack');
    const deviations = await trainer.initialDeviations(graph, [0, 1, 2, 3, 4, 5, 6, 7]);
    expected.parameters.forEach(({ initStd }, k) => {
      const n = graph.parameters[k]!.shape.reduce((a, b) => a * b, 1);
      expect(Math.abs(deviations[k]! / initStd - 1)).toBeLessThan(4 / Math.sqrt(8 * n));
    });
  });

  it('gives the same trace for the same seed, to the bit, and another for another', async () => {
    const run = async (seed: number) => {
      const trace = await train(stack({ sizes: [6, 16, 16, 3], batch: 8, activation: 'relu', dropout: 0.3 }), {
        seeds: [seed],
        steps: 6,
      });
      return trace.seeds[0]!;
    };
    const [first, again, other] = [await run(3), await run(3), await run(4)];
    expect(again).toEqual(first);
    expect(other.loss).not.toEqual(first.loss);
  });

  it('does not depend on which seeds are trained before', async () => {
    const graph = stack({ sizes: [6, 16, 3], batch: 8, activation: 'tanh' });
    const both = await train(graph, { seeds: [0, 1], steps: 4 });
    const alone = await train(graph, { seeds: [1], steps: 4 });
    expect(both.seeds[1]).toEqual(alone.seeds[0]);
  });

  it('learns: the loss of a small net on its own input falls', async () => {
    const graph = stack({ sizes: [4, 32, 4], batch: 32, activation: 'relu' });
    const trace = await trainer.train(graph, {
      ...plan(graph, { steps: 150, loss: { kind: 'reconstruct', outputs: [0] } }),
      optimiser: { ...plan(graph).optimiser, learningRate: 0.01 },
    });
    const { loss } = trace.seeds[0]!;
    expect(loss[149]!).toBeLessThan(0.2 * loss[0]!);
  });

  it('measures values: moments, saturation, dead units and gradients', async () => {
    const relu = stack({
      sizes: [6, 64, 64, 3],
      batch: 32,
      activation: 'relu',
      initialiser: (fanIn, kind) =>
        kind === 'weight' ? { kind: 'normal', mean: 0, std: Math.sqrt(2 / fanIn) } : { kind: 'constant', value: 0 },
    });
    const { values, parameters } = (await train(relu, { steps: 2 })).seeds[0]!;
    const at = (op: string) => values[relu.nodes.find((node) => node.op === op)!.outputs[0]!]!;
    // ReLU of a symmetric pre-activation: half is closed, hardly a unit on all 32 samples.
    expect(at('relu').saturated[0]).toBeCloseTo(0.5, 1);
    expect(at('relu').dead[0]).toBeLessThan(0.05);
    expect(at('input').mean[0]).toBeCloseTo(0, 0);
    expect(at('input').deviation[0]).toBeCloseTo(1, 0);
    expect(at('linear').saturated[0]).toBeNaN();
    // He initialisation keeps the gradient's size from the output to the first activation within a factor of a few.
    const output = values[relu.outputs[0]!]!.gradient[0]!;
    expect(Math.abs(at('relu').gradient[0]! - output)).toBeLessThan(4);
    expect(at('input').gradient[0]).toBeGreaterThan(-20);
    expect(parameters[0]!.zeroShare[0]).toBeLessThan(0.1);
  });

  it('sees dead units', async () => {
    const dead = stack({
      sizes: [6, 8, 3],
      batch: 16,
      activation: 'relu',
      initialiser: (_, kind) =>
        kind === 'weight' ? { kind: 'normal', mean: 0, std: 0.1 } : { kind: 'constant', value: -10 },
    });
    const trace = await train(dead, { steps: 3 });
    const [seed] = trace.seeds;
    const relu = dead.nodes.find((node) => node.op === 'relu')!.outputs[0]!;
    expect([...seed!.values[relu]!.dead]).toEqual([1, 1, 1]);
    expect([...seed!.parameters[0]!.gradient]).toEqual([-Infinity, -Infinity, -Infinity]);
    expect([...seed!.parameters[0]!.zeroShare]).toEqual([1, 1, 1]);
    expect(seed!.parameters[0]!.reached).toBe(true);
  });

  it('says where activations fell out of float32, so that their zeros are not taken for dead units', async () => {
    const collapsing = stack({
      sizes: [8, ...new Array<number>(40).fill(8), 3],
      batch: 4,
      activation: 'tanh',
      initialiser: (_, kind) =>
        kind === 'weight' ? { kind: 'normal', mean: 0, std: 0.01 } : { kind: 'constant', value: 0 },
    });
    const [seed] = (await train(collapsing, { steps: 1 })).seeds;
    const tanhs = collapsing.nodes.filter(({ op }) => op === 'tanh').map(({ outputs }) => outputs[0]!);
    // Each layer multiplies by about 0.01 * sqrt(8) = 0.028: the tenth is fine, the fortieth would be at 1e-62.
    expect(seed!.underflow).not.toContain(tanhs[9]);
    expect(seed!.underflow).toContain(tanhs[39]);
    const healthy = (await train(stack({ sizes: [6, 8, 3], batch: 4, activation: 'tanh' }), { steps: 1 })).seeds[0];
    expect(healthy).not.toHaveProperty('underflow');
  });

  it('leaves frozen parameters alone', async () => {
    const graph = stack({ sizes: [6, 8, 3], batch: 16, activation: 'tanh' });
    graph.parameters[0]!.trainable = false;
    const { parameters } = (await train(graph, { steps: 5 })).seeds[0]!;
    expect(new Set(parameters[0]!.weight).size).toBe(1);
    expect(new Set(parameters[2]!.weight).size).toBe(5);
  });

  it('stops at the first non-finite value and says where', async () => {
    const graph = stack({
      sizes: [6, 8, 8, 3],
      batch: 16,
      activation: 'relu',
      initialiser: (_, kind) =>
        kind === 'weight' ? { kind: 'normal', mean: 0, std: 1e30 } : { kind: 'constant', value: 0 },
    });
    const seed = (await train(graph, { steps: 5 })).seeds[0]!;
    // 1e30 after the first layer, 1e60 and so infinity after the second.
    const second = graph.nodes.flatMap(({ op }, i) => (op === 'linear' ? [i] : []))[1];
    expect(seed.nonFinite).toEqual({ step: 0, node: second, direction: 'forward' });
    expect(seed.steps).toBe(1);
    expect(seed.loss).toHaveLength(1);
  });

  it('ends at its budget and says so', async () => {
    const graph = stack({ sizes: [20, 256, 256, 5], batch: 32, activation: 'relu' });
    const trace = await trainer.train(graph, plan(graph, { steps: 100_000, seeds: [0, 1] }), { budget: 60 });
    expect(trace.partial).toBe(true);
    expect(trace.seeds[0]!.steps).toBeGreaterThan(0);
    expect(trace.seeds[0]!.steps).toBeLessThan(5_000);
    expect(trace.seeds[0]!.parameters[0]!.gradient).toHaveLength(trace.seeds[0]!.steps);
  });

  it('stops between ops when cancelled', async () => {
    const graph = stack({ sizes: [6, 8, 3], batch: 16, activation: 'tanh' });
    let asked = 0;
    const cancelled = () => ++asked > 25;
    await expect(trainer.train(graph, plan(graph), { cancelled })).rejects.toMatchObject({ name: 'CancelledError' });
    expect(asked).toBe(26);
  });

  it('tells each step as it happens', async () => {
    const graph = stack({ sizes: [6, 8, 3], batch: 16, activation: 'tanh' });
    const steps: [number, number][] = [];
    const trace = await trainer.train(graph, plan(graph, { steps: 3, seeds: [7, 8] }), {
      onStep: (seed, step, loss) => {
        steps.push([seed, step]);
        expect(loss).toBeGreaterThan(0);
      },
    });
    expect(steps).toEqual([
      [7, 0],
      [7, 1],
      [7, 2],
      [8, 0],
      [8, 1],
      [8, 2],
    ]);
    expect(trace.seeds.map(({ seed }) => seed)).toEqual([7, 8]);
  });

  it('leaves no tensor behind, also after a cancel and a failure', async () => {
    const graph = stack({ sizes: [6, 8, 3], batch: 16, activation: 'tanh', dropout: 0.1 });
    await train(graph, { steps: 2 });
    const before = memory().numTensors;
    for (let i = 0; i < 50; i++) await train(graph, { steps: 4 });
    let asked = 0;
    await expect(trainer.train(graph, plan(graph), { cancelled: () => ++asked > 30 })).rejects.toThrow();
    await expect(
      trainer.train(graph, { ...plan(graph), loss: { kind: 'reconstruct', outputs: [0], origin: 'asked' } }),
    ).rejects.toThrow('another size');
    await trainer.lattice(graph);
    expect(memory().numTensors).toBe(before);
  });

  it('refuses what does not fit into memory, with the estimate', async () => {
    const graph = stack({ sizes: [1_000_000, 1_000_000], batch: 4, activation: 'relu' });
    await expect(train(graph)).rejects.toThrow(/1,000,001,000,000 parameters.*limit is 1 GiB/);
  });
});
