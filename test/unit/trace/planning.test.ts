import { describe, expect, it } from 'vitest';
import type { Framework, GraphNode, LossKind, ModelGraph, Recipe } from '../../../src/graph/graph';
import type { OpAttributes, OpName } from '../../../src/graph/ops';
import { estimate, refusal } from '../../../src/trace/estimate';
import { computedKind, lossGraph } from '../../../src/trace/fusedLoss';
import { plan, planImage, planLoss, planOptimiser } from '../../../src/trace/planning';
import { keptValues, lastUses } from '../../../src/trace/retention';
import { isSameNet } from '../../../src/trace/smallerImage';

/** A graph of one float input and layers that are given by what they make. */
class Sketch {
  readonly graph: ModelGraph;

  constructor(input: number[], framework: Framework = 'pytorch') {
    this.graph = {
      schema: 1,
      framework,
      inputs: [{ name: 'x', shape: input, kind: 'float', origin: 'declared', reason: '' }],
      values: [],
      parameters: [],
      modules: [],
      nodes: [],
      outputs: [],
      recipe: { loss: null, optimiser: null },
      guesses: [],
    };
    this.add('input', { index: 0 }, [], input);
  }

  add<O extends OpName>(op: O, attributes: OpAttributes<O>, inputs: number[], shape: number[]): number {
    const value = this.graph.values.push({ shape, dtype: 'float' }) - 1;
    this.graph.nodes.push({
      op,
      attributes,
      inputs,
      outputs: [value],
      module: null,
      span: null,
    } as unknown as GraphNode);
    return value;
  }

  parameter(shape: number[]): number {
    const index =
      this.graph.parameters.push({
        name: `p${this.graph.parameters.length}`,
        shape,
        trainable: true,
        initialiser: { kind: 'constant', value: 0 },
        initialiserOrigin: 'default',
        initialiserSpan: null,
        module: null,
        span: null,
      }) - 1;
    return this.add('parameter', { index }, [], shape);
  }

  linear(x: number, out: number): number {
    const shape = this.graph.values[x]!.shape;
    const weight = this.parameter([out, shape.at(-1)!]);
    return this.add('linear', { weightLayout: 'outIn' }, [x, weight], [...shape.slice(0, -1), out]);
  }

  ends(...outputs: number[]): ModelGraph {
    this.graph.outputs = outputs;
    return this.graph;
  }

  named(loss: LossKind | null, optimiser: Recipe['optimiser'] = null): this {
    this.graph.recipe = { loss: loss === null ? null : { kind: loss, span: null }, optimiser };
    return this;
  }
}

describe('planLoss', () => {
  const head = (finish: (s: Sketch, x: number) => number, input = [4, 100], width = 5) => {
    const s = new Sketch(input);
    return s.ends(finish(s, s.linear(0, width)));
  };

  it.each<[string, LossKind, ModelGraph]>([
    ['class scores', 'cross-entropy', head((_, x) => x)],
    ['a softmax', 'probs', head((s, x) => s.add('softmax', { axis: 1 }, [x], [4, 5]))],
    [
      'a softmax behind a reshape',
      'probs',
      head((s, x) => s.add('reshape', {}, [s.add('softmax', { axis: 1 }, [x], [4, 5])], [4, 5])),
    ],
    ['a softmax over one unit', 'bce', head((s, x) => s.add('softmax', { axis: 1 }, [x], [4, 1]), [4, 100], 1)],
    ['log-probabilities', 'nll', head((s, x) => s.add('logSoftmax', { axis: 1 }, [x], [4, 5]))],
    ['a sigmoid', 'bce', head((s, x) => s.add('sigmoid', {}, [x], [4, 5]))],
    ['one unit', 'mse', head((_, x) => x, [4, 100], 1)],
    ['a tanh', 'mse', head((s, x) => s.add('tanh', {}, [x], [4, 5]))],
    [
      'as many elements as the input',
      'reconstruct',
      head((s, x) => s.add('sigmoid', {}, [x], [4, 100]), [4, 100], 100),
    ],
    ['few columns in and out', 'cross-entropy', head((_, x) => x, [4, 5])],
    ['a picture from a vector', 'mse', head((s, x) => s.add('reshape', {}, [x], [4, 1, 2, 8]), [4, 3], 16)],
  ])('concludes from %s: %s', (_, kind, graph) => {
    expect(planLoss(graph)).toEqual({ kind, outputs: [0], origin: 'head' });
  });

  it('takes the loss that the file names', () => {
    const s = new Sketch([4, 100]).named('huber');
    expect(planLoss(s.ends(s.linear(0, 5)))).toEqual({ kind: 'huber', outputs: [0], origin: 'file' });
  });

  it.each<[LossKind, LossKind]>([
    ['bce', 'bce-logits'],
    ['nll', 'cross-entropy'],
    ['probs', 'cross-entropy'],
  ])('replaces a named %s on raw scores, which would take the logarithm of negative numbers', (named, kind) => {
    const s = new Sketch([4, 100]).named(named);
    expect(planLoss(s.ends(s.linear(0, 5)))).toEqual({ kind, outputs: [0], origin: 'head' });
  });

  it('keeps a wrong pairing that is defined: cross-entropy on probabilities', () => {
    const s = new Sketch([4, 100]).named('cross-entropy');
    const x = s.add('softmax', { axis: 1 }, [s.linear(0, 5)], [4, 5]);
    expect(planLoss(s.ends(x))).toEqual({ kind: 'cross-entropy', outputs: [0], origin: 'file' });
  });

  it('reads auxiliary heads with parameters of their own, but not hidden states', () => {
    const s = new Sketch([4, 100]);
    const hidden = s.linear(0, 16);
    const main = s.linear(hidden, 5);
    const auxiliary = s.linear(hidden, 3);
    expect(planLoss(s.ends(main, hidden, auxiliary)).outputs).toEqual([0, 2]);
  });

  it('gives heads of different kinds a loss each', () => {
    const s = new Sketch([4, 100]);
    const main = s.linear(0, 5);
    const gate = s.add('sigmoid', {}, [s.linear(0, 1)], [4, 1]);
    expect(planLoss(s.ends(main, gate))).toEqual({
      kind: 'cross-entropy',
      kinds: ['cross-entropy', 'bce'],
      outputs: [0, 1],
      origin: 'head',
    });
  });

  it('adds the terms that the file computes to the loss of the outputs, or takes them for the whole', () => {
    const s = new Sketch([4, 100]);
    const main = s.linear(0, 5);
    const term = s.add('mean', { axes: [0, 1], keepDims: false }, [main], []);
    const graph = s.ends(main, term);
    graph.recipe = { ...graph.recipe, terms: [1] };
    expect(planLoss(graph)).toEqual({
      kind: 'cross-entropy',
      kinds: ['cross-entropy', 'output'],
      outputs: [0, 1],
      origin: 'head',
    });
    graph.recipe = { loss: { kind: 'output', span: null }, optimiser: null, terms: [1] };
    expect(planLoss(graph)).toEqual({ kind: 'output', outputs: [1], origin: 'file' });
  });

  it('knows a variational autoencoder', () => {
    const s = new Sketch([4, 100]);
    const [mean, variance] = [s.linear(0, 8), s.linear(0, 8)];
    const noise = s.add('random', { distribution: 'normal', draw: 0 }, [], [4, 8]);
    const code = s.add('add', {}, [mean, s.add('mul', {}, [noise, variance], [4, 8])], [4, 8]);
    expect(planLoss(s.ends(s.linear(code, 100), mean, variance))).toEqual({
      kind: 'vae',
      outputs: [0, 1, 2],
      origin: 'head',
    });
  });
});

describe('planOptimiser', () => {
  const graph = (optimiser: Recipe['optimiser'], framework: Framework = 'pytorch') => {
    const s = new Sketch([4, 100], framework).named(null, optimiser);
    return s.ends(s.linear(0, 5));
  };
  const named = (name: string, learningRate: number | null = null, momentum: number | null = null) => ({
    name,
    learningRate,
    momentum,
    span: null,
  });

  it('is Adam with 1e-3 where the file names none', () => {
    expect(planOptimiser(graph(null))).toMatchObject({
      kind: 'adam',
      learningRate: 1e-3,
      epsilon: 1e-8,
      origin: 'default',
    });
    expect(planOptimiser(graph(null, 'keras'))).toMatchObject({ epsilon: 1e-7 });
  });

  it('follows the file', () => {
    expect(planOptimiser(graph(named('AdamW', 3e-4)))).toMatchObject({
      kind: 'adam',
      learningRate: 3e-4,
      origin: 'file',
    });
    expect(planOptimiser(graph(named('SGD', 0.1, 0.9)))).toMatchObject({
      kind: 'sgd',
      learningRate: 0.1,
      momentum: 0.9,
    });
    expect(planOptimiser(graph(named('SGD'), 'keras'))).toMatchObject({ kind: 'sgd', learningRate: 1e-2 });
  });

  it('does not carry the rate of an unrelated rule over to Adam', () => {
    expect(planOptimiser(graph(named('Adadelta', 1)))).toMatchObject({
      kind: 'adam',
      learningRate: 1e-3,
      origin: 'default',
    });
  });
});

describe('plan', () => {
  const wide = (width: number) => {
    const s = new Sketch([2, width]);
    return s.ends(s.linear(s.linear(0, width), 5));
  };

  it('trains small nets on the whole batch', () => {
    expect(plan(wide(64))).toMatchObject({ seeds: [0], steps: 31, batch: 32, reductions: [] });
  });

  // 4096 squared: 1e8 operations a sample take 5 ms, 1.7e7 parameters 67 ms a step.
  it('reduces the batch of heavy nets and says so', () => {
    const reduced = plan(wide(4_096));
    expect(reduced).toMatchObject({ batch: 4, steps: 31 });
    expect(reduced.reductions).toEqual([
      expect.stringMatching(/^Batch of 4 instead of 32, because a step on 32 samples takes about 230 ms/),
    ]);
    expect(plan(wide(4_096), { budget: 5_000 }).batch).toBe(16);
    expect(plan(wide(4_096), { budget: 8_000 }).batch).toBe(32);
  });

  it('keeps eight samples for batch statistics, and takes fewer steps where that is not enough', () => {
    // Eight samples take 60 ms, 2.5e7 parameters 100 ms.
    const graph = normalised(5_000);
    expect(plan(graph, { budget: 1_000 })).toMatchObject({ batch: 8, steps: 6 });
    expect(plan(graph, { budget: 1_000 }).reductions).toHaveLength(2);
    expect(plan(graph, { budget: 2_000 }).steps).toBe(12);
    expect(plan(graph, { budget: 1_000, steps: 20 }).steps).toBe(20);
    // Six steps may overrun the budget twofold, no more.
    expect(plan(graph, { budget: 500 }).steps).toBe(6);
    expect(plan(graph, { budget: 200 }).steps).toBe(2);
  });

  const normalised = (width: number) => {
    const s = new Sketch([2, width]);
    const attributes = { axis: 1, epsilon: 1e-5, scale: false, offset: false };
    return s.ends(s.add('batchNorm', attributes, [s.linear(0, width)], [2, width]));
  };

  it('looks at the initialisation alone where training does not fit into the memory', () => {
    // 6.7e7 parameters: 16 bytes each make over a gigabyte, 8 bytes half of one.
    const found = plan(normalised(8_192), { budget: 60_000 });
    expect(found).toMatchObject({ steps: 1, batch: 8 });
    expect(found.reductions).toEqual([
      expect.stringMatching(
        /^Only the gradients at the initialisation, on 8 samples: training on 8 needs about 1\.3 GiB of memory, and the limit is 1 GiB\.$/,
      ),
    ]);
    expect(refusal(normalised(8_192), 1)).toBeNull();
    expect(refusal(normalised(8_192), 2)).toMatch(/limit is 1 GiB/);
  });

  it('takes a smaller batch where a larger one does not fit into the memory', () => {
    // A sample's activations take 40 MB.
    const s = new Sketch([1, 3, 1_000, 1_000]);
    const large = s.ends(s.add('sigmoid', {}, [0], [1, 3, 1_000, 1_000]));
    expect(estimate(large).bytes(16)).toBeGreaterThan(2 ** 30);
    const found = plan(large, { budget: 1e9 });
    expect(found.batch).toBe(8);
    expect(found.reductions).toEqual([expect.stringMatching(/needs about .* GiB\.$/)]);
  });

  it('does as asked', () => {
    const asked = plan(wide(8), {
      steps: 5,
      seeds: [3, 4],
      batch: 7,
      optimiser: 'sgd',
      loss: { kind: 'mae', outputs: [0] },
    });
    expect(asked).toMatchObject({
      seeds: [3, 4],
      steps: 5,
      batch: 7,
      loss: { kind: 'mae', outputs: [0], origin: 'asked' },
      optimiser: { kind: 'sgd', learningRate: 0.01, origin: 'asked' },
    });
  });
});

describe('estimate', () => {
  it('counts a dense layer', () => {
    const s = new Sketch([8, 100]);
    const graph = s.ends(s.linear(0, 10));
    // Forward 2 * 8 * 100 * 10, three times with both products of the backward pass.
    expect(estimate(graph).flops).toBe(3 * 2 * 8 * 100 * 10);
    // 1,000 weights of 16 bytes (8 without an optimiser), input and output kept, four times the larger for gradients.
    const apart = estimate(graph).bytes(8) - estimate(graph).bytesAtStart(8);
    expect(apart).toBe(1.25 * 8 * 1_000);
    expect(estimate(graph).bytes(16) - estimate(graph).bytes(8)).toBe(1.25 * (3_200 + 320 + 4 * 3_200));
  });

  it('counts convolutions by their window', () => {
    const s = new Sketch([2, 3, 8, 8]);
    const weight = s.parameter([6, 3, 5, 5]);
    const attributes = {
      stride: [1, 1],
      pads: [
        [2, 2],
        [2, 2],
      ] as [number, number][],
      dilation: [1, 1],
      groups: 1,
    };
    const y = s.add(
      'conv',
      { ...attributes, layout: 'channelsFirst', weightLayout: 'outInKernel' },
      [0, weight],
      [2, 6, 8, 8],
    );
    expect(estimate(s.ends(y)).flops).toBe(3 * 2 * (2 * 6 * 8 * 8) * (3 * 5 * 5));
  });

  it('refuses a layer of 10^12 parameters with the figures', () => {
    const s = new Sketch([4, 1_000_000]);
    const graph = s.ends(s.linear(0, 1_000_000));
    expect(refusal(graph, 31)).toMatch(/^Training one step needs about 19,000 GiB \(1,000,000,000,000 parameters/);
    expect(refusal(graph, 1)).toMatch(/^One backward pass needs about 9,300 GiB/);
    const small = new Sketch([4, 10]);
    expect(refusal(small.ends(small.linear(0, 10)), 31)).toBeNull();
  });
});

/** One 3 x 3 convolution of 16 channels and a ReLU over an image. */
function convolutional(side: number, framework: Framework = 'pytorch'): ModelGraph {
  const last = framework !== 'pytorch';
  const shape = (channels: number) => (last ? [8, side, side, channels] : [8, channels, side, side]);
  const s = new Sketch(shape(3), framework);
  const weight = s.parameter(last ? [3, 3, 3, 16] : [16, 3, 3, 3]);
  const attributes = {
    stride: [1, 1],
    pads: [
      [1, 1],
      [1, 1],
    ] as [number, number][],
    dilation: [1, 1],
    groups: 1,
    layout: last ? ('channelsLast' as const) : ('channelsFirst' as const),
    weightLayout: last ? ('kernelInOut' as const) : ('outInKernel' as const),
  };
  const y = s.add('conv', attributes, [0, weight], shape(16));
  return s.ends(s.add('relu', {}, [y], shape(16)));
}

describe('planImage', () => {
  it('leaves images alone that fit', () => {
    expect(planImage(convolutional(256), { budget: 1e6 })).toBeNull();
  });

  it.each(['pytorch', 'keras'] as const)('halves a large image of %s until six steps fit', (framework) => {
    const graph = convolutional(1_024, framework);
    const asked = 6 * estimate(graph).milliseconds(2);
    const found = planImage(graph, { budget: asked / 10 })!;
    expect(found.input.shape).toEqual(framework === 'pytorch' ? [8, 3, 256, 256] : [8, 256, 256, 3]);
    expect(found.reduction).toMatch(/^Images of .*256 x 256.* instead of .*1024 x 1024/);
  });

  it('stops at 64, at odd sizes and at what is no image', () => {
    expect(planImage(convolutional(1_024), { budget: 0.1 })!.input.shape).toEqual([8, 3, 64, 64]);
    expect(planImage(convolutional(1_000), { budget: 0.1 })).toBeNull();
    expect(planImage(new Sketch([8, 1_024]).ends(0), { budget: 0.01 })).toBeNull();
  });

  it('knows the same net at another size, and another net', () => {
    expect(isSameNet(convolutional(64), convolutional(128))).toBe(true);
    expect(isSameNet(convolutional(64), convolutional(64, 'keras'))).toBe(false);
  });
});

describe('what outlives the forward pass', () => {
  it('is what a backward rule reads, and the outputs', () => {
    const s = new Sketch([4, 8]);
    const hidden = s.linear(0, 8);
    const open = s.add('relu', {}, [hidden], [4, 8]);
    const sum = s.add('add', {}, [open, hidden], [4, 8]);
    const bent = s.add('reshape', { shape: [32] }, [sum], [32]);
    const end = s.add('neg', {}, [s.add('tanh', {}, [bent], [32])], [32]);
    const graph = s.ends(end);
    // Input and weight of the dense layer, the ReLU's output, tanh's input, and both sides of what is not known.
    expect(keptValues(graph)).toEqual([true, true, false, true, false, true, true, true]);
    expect(lastUses(graph)[graph.nodes.findIndex(({ op }) => op === 'add')]).toEqual([hidden]);
    expect(lastUses(graph)[graph.nodes.findIndex(({ op }) => op === 'reshape')]).toEqual([sum]);
  });
});

describe('a cross-entropy that Keras takes from logits', () => {
  const ending = (op: 'softmax' | 'sigmoid', width: number, framework: ModelGraph['framework']) => {
    const s = new Sketch([4, 10]);
    const x = s.linear(0, width);
    const attributes = op === 'softmax' ? { axis: 1 } : {};
    const y = s.add(op, attributes, [x], [4, width]);
    const graph = s.ends(y);
    graph.framework = framework;
    return { graph, x, y };
  };

  it.each([
    ['softmax', 5, 'cross-entropy'],
    ['sigmoid', 1, 'bce-logits'],
  ] as const)('reads what goes into a %s', (op, width, kind) => {
    const { graph, x } = ending(op, width, 'keras');
    const loss = planLoss(graph);
    expect(loss.fused).toBe(true);
    expect(lossGraph(graph, loss).outputs).toEqual([x]);
    expect(computedKind(loss.kind, loss)).toBe(kind);
  });

  it.each([
    ['TensorFlow.js clips probabilities', 'softmax', 5, 'tfjs'],
    ['one class has no gradient either way', 'softmax', 1, 'keras'],
  ] as const)('%s', (_, op, width, framework) => {
    const { graph, y } = ending(op, width, framework);
    const loss = planLoss(graph);
    expect(loss.fused).toBeUndefined();
    expect(lossGraph(graph, loss).outputs).toEqual([y]);
  });
});

describe('a loss on probabilities, named by the file, on a head that gives none', () => {
  const scores = (framework: ModelGraph['framework'], kind: 'probs' | 'bce') => {
    const s = new Sketch([4, 10]).named(kind);
    const graph = s.ends(s.add('relu', {}, [s.linear(0, 5)], [4, 5]));
    graph.framework = framework;
    return planLoss(graph);
  };

  it.each(['probs', 'bce'] as const)('is %s all the same where Keras compiles it', (kind) => {
    expect(scores('keras', kind)).toMatchObject({ kind, origin: 'file' });
  });

  it('is taken from scores where a loop may turn them into probabilities', () => {
    expect(scores('pytorch', 'probs')).toMatchObject({ kind: 'cross-entropy', origin: 'head' });
  });
});
