import * as path from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../scripts/build/kernels.mjs';
import type { ModelGraph } from '../../../src/graph/graph';
import { plan } from '../../../src/trace/planning';
import { TfjsTrainer } from '../../../src/training/tfjsTrainer';
import { GraphBuilder } from '../diagnosis/builder';

let trainer: TfjsTrainer;
beforeAll(async () => {
  await buildKernels();
  trainer = await TfjsTrainer.create(path.resolve('dist', 'wasm'));
});

const [BATCH, STEPS] = [4, 60];
/** h_t = 0.3 h_(t-1) + x_t: what the last step gets comes back times 0.3 a step. */
const DECAY = Math.log2(Math.fround(0.3));

/** A linear cell of one unit; its output is the last step, or every step. */
function net(reads: 'last' | 'every'): ModelGraph {
  const builder = new GraphBuilder();
  const x = builder.input([BATCH, STEPS, 1]);
  const weight = (name: string, value: number) => builder.parameter(name, [1, 1], { kind: 'constant', value });
  const weights = [weight('memory.weight_ih_l0', 1), weight('memory.weight_hh_l0', 0.3)];
  const sequence = builder.node(
    'recurrent',
    {
      cell: 'rnn',
      framework: 'pytorch',
      hidden: 1,
      reverse: false,
      bias: false,
      initialState: false,
      activation: 'linear',
      gateActivation: 'sigmoid',
      resetAfter: true,
    },
    [x, ...weights],
    [BATCH, STEPS, 1],
  );
  // The row gives the last state beside the sequence.
  builder.graph.nodes.at(-1)!.outputs.push(builder.graph.values.push({ shape: [BATCH, 1], dtype: 'float' }) - 1);
  const last = { start: [0, STEPS - 1, 0], stop: [BATCH, STEPS, 1], step: [1, 1, 1] };
  builder.output(reads === 'every' ? sequence : builder.node('slice', last, [sequence], [BATCH, 1, 1]));
  return builder.graph;
}

const run = async (graph: ModelGraph) => {
  const { seeds } = await trainer.train(graph, {
    ...plan(graph, { steps: 3, loss: { kind: 'mse', outputs: [0] } }),
    batch: BATCH,
  });
  return seeds[0]!;
};

describe('gradients of states', () => {
  it.each([
    ['last', false],
    ['every', true],
  ] as const)('are those of a loss on the last step where the model returns %s', async (reads, everyStep) => {
    const graph = net(reads);
    const tensors = memory().numTensors;
    const { states } = await run(graph);
    expect(memory().numTensors).toBe(tensors);
    expect(states).toHaveLength(1);
    expect(states![0]).toMatchObject({ everyStep, node: graph.nodes.findIndex(({ op }) => op === 'recurrent') });
    const { log2Rms } = states![0]!;
    expect(log2Rms).toHaveLength(STEPS);
    log2Rms.forEach((log2, t) => expect(log2 - log2Rms.at(-1)!).toBeCloseTo((STEPS - 1 - t) * DECAY, 3));
  });

  it('carry the scale of the loss: mean (h - y)^2 over the last step', async () => {
    const { states, values } = await run(net('last'));
    const sliced = values.at(-1)!.gradient[0]!;
    expect(states![0]!.log2Rms.at(-1)).toBeCloseTo(sliced, 4);
  });
});
