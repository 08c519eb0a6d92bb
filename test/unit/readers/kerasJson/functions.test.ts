import { describe, expect, it } from 'vitest';
import { ReadingValidator } from '../../../../src/graph/validate';
import { readKerasJson } from '../../../../src/readers/kerasJson/kerasJsonReader';

const read = (value: unknown) => {
  const text = JSON.stringify(value, null, 1);
  const { models, problems } = readKerasJson({ path: 'model.json', files: [{ path: 'model.json', text }], batch: 2 });
  return { model: models[0], problem: problems[0] ?? models[0]?.unread, text };
};

const input = (shape: number[]) => ({
  class_name: 'InputLayer',
  config: { name: 'x', batch_shape: [null, ...shape] },
  name: 'x',
  inbound_nodes: [],
});
const of = (name: string) => ({ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } });

/** x, then one function on what `args` and `kwargs` say. */
const net = (className: string, shape: number[], args: unknown[], more: { config?: object; kwargs?: object } = {}) => ({
  class_name: 'Functional',
  config: {
    name: 'net',
    layers: [
      input(shape),
      {
        module: 'keras.src.ops.numpy',
        class_name: className,
        config: { name: 'f', ...more.config },
        name: 'f',
        inbound_nodes: [{ args, kwargs: more.kwargs ?? {} }],
      },
    ],
    input_layers: [['x', 0, 0]],
    output_layers: [['f', 0, 0]],
  },
});

const result = (value: unknown) => {
  const { model, problem } = read(value);
  expect(problem).toBeNull();
  const graph = new ReadingValidator().graph(model?.graph);
  const output = graph.outputs[0] ?? -1;
  const node = graph.nodes.find(({ outputs }) => outputs.includes(output));
  return { op: node?.op, shape: graph.values[output]?.shape, node };
};

describe('functions of keras.ops in a functional model', () => {
  it.each([
    ['Add', [4], [of('x'), 1.5], {}, 'add', [2, 4]],
    ['Subtract', [4], [1, of('x')], {}, 'sub', [2, 4]],
    ['Multiply', [3, 4], [of('x'), of('x')], {}, 'mul', [2, 3, 4]],
    ['TrueDivide', [4], [of('x'), 2], {}, 'div', [2, 4]],
    ['Power', [4], [of('x'), 2], {}, 'pow', [2, 4]],
    ['Relu', [4], [of('x')], {}, 'relu', [2, 4]],
    ['Mean', [3, 4], [of('x')], { config: { axis: -1, keepdims: true } }, 'mean', [2, 3, 1]],
    ['Max', [3, 4], [of('x')], { kwargs: { axis: 1 } }, 'max', [2, 4]],
    ['Softmax', [3, 4], [of('x')], { config: { axis: 1 } }, 'softmax', [2, 3, 4]],
    ['Gelu', [4], [of('x')], { config: { approximate: false } }, 'gelu', [2, 4]],
    ['Reshape', [3, 4], [of('x')], { config: { newshape: [-1, 12] } }, 'reshape', [2, 12]],
    ['Transpose', [3, 4], [of('x')], { config: { axes: [0, 2, 1] } }, 'permute', [2, 4, 3]],
    ['ExpandDims', [4], [of('x'), -1], {}, 'reshape', [2, 4, 1]],
    ['Squeeze', [1, 4], [of('x')], { config: { axis: 1 } }, 'reshape', [2, 4]],
    ['Concatenate', [4], [[of('x'), of('x')]], { config: { axis: -1 } }, 'concat', [2, 8]],
    ['Matmul', [3, 3], [of('x'), of('x')], {}, 'matmul', [2, 3, 3]],
  ])('%s', (className, shape, args, more, op, output) => {
    expect(result(net(className, shape, args, more))).toMatchObject({ op, shape: output });
  });

  it('keep the order of a number and a tensor', () => {
    const { node } = result(net('Subtract', [4], [1, of('x')]));
    const { node: turned } = result(net('Subtract', [4], [of('x'), 1]));
    expect(node?.inputs).not.toEqual(turned?.inputs);
  });

  it('are refused by name at their place where they are not known, and where shapes do not fit', () => {
    const { problem, text } = read(net('Einsum', [4], [of('x')]));
    expect(problem).toMatchObject({ code: 'unsupported' });
    expect(problem?.message).toContain('`Einsum`');
    expect(text.split('\n')[problem?.span?.range.start.line ?? -1]).toContain('Einsum');
    expect(read(net('Reshape', [4], [of('x')], { config: { newshape: [3, 5] } })).problem?.code).toBe('shape-mismatch');
    expect(read(net('Mean', [4], [of('x')], { config: { axis: 7 } })).problem?.code).toBe('bad-argument');
  });

  it('of TensorFlow are read out of TFOpLambda', () => {
    const layer = (config: object, inbound: unknown) => ({
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [
          input([4]),
          { class_name: 'TFOpLambda', config: { name: 'f', ...config }, name: 'f', inbound_nodes: inbound },
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['f', 0, 0]],
      },
    });
    expect(result(layer({ function: 'math.multiply' }, [['x', 0, 0, { y: 2, name: null }]]))).toMatchObject({
      op: 'mul',
    });
    expect(result(layer({ function: '__operators__.add' }, [['x', 0, 0, { y: ['x', 0, 0] }]]))).toMatchObject({
      op: 'add',
    });
  });
});

describe('recurrent layers over cells', () => {
  const cell = (className: string, units: number) => ({ class_name: className, config: { name: 'c', units } });
  const rnn = (value: object, more: object = {}) => ({
    class_name: 'Sequential',
    config: {
      name: 'net',
      layers: [input([8, 3]), { class_name: 'RNN', config: { name: 'r', cell: value, ...more } }],
    },
  });

  it('stack: each cell reads the sequence of the one before', () => {
    const cells = [cell('LSTMCell', 5), cell('GRUCell', 6)];
    const stacked = { class_name: 'StackedRNNCells', config: { name: 's', cells } };
    const { model, problem } = read(rnn(stacked, { return_sequences: true, return_state: true }));
    expect(problem).toBeNull();
    const graph = model?.graph;
    expect(graph?.outputs.map((value) => graph.values[value]?.shape)).toEqual([
      [2, 8, 6],
      [2, 5],
      [2, 5],
      [2, 6],
    ]);
    expect(graph?.parameters.map(({ shape }) => shape)).toEqual([[3, 20], [5, 20], [20], [5, 18], [6, 18], [2, 18]]);
  });

  it('draw a mask for each gate where they drop states', () => {
    const dropping = { name: 'c', units: 5, dropout: 0.1, recurrent_dropout: 0.4 };
    const graph = read(rnn({ class_name: 'GRUCell', config: dropping })).model?.graph;
    expect(graph?.guesses).toEqual([]);
    const own = graph?.nodes.find(({ op }) => op === 'recurrent');
    expect(own?.attributes).toMatchObject({ inputMask: true, recurrentMask: true });
    expect(own?.inputs.slice(1, 3).map((value) => graph?.values[value]?.shape)).toEqual([
      [3, 2, 3],
      [3, 2, 5],
    ]);
  });

  it('are refused with a cell of the user', () => {
    expect(read(rnn(cell('Custom>MyCell', 4))).problem?.message).toContain('`MyCell`');
  });
});

describe('what the file says of training', () => {
  const model = {
    class_name: 'Sequential',
    config: { name: 'net', layers: [input([4]), { class_name: 'Dense', config: { name: 'd', units: 3 } }] },
  };
  const loss = (from_logits: boolean) => ({ class_name: 'CategoricalCrossentropy', config: { from_logits } });

  it('becomes the recipe', () => {
    const three = {
      ...model,
      compile_config: {
        optimizer: { class_name: 'SGD', config: { learning_rate: 0.02, momentum: 0.9 } },
        loss: loss(true),
      },
    };
    expect(read(three).model?.graph?.recipe).toMatchObject({
      loss: { kind: 'cross-entropy' },
      optimiser: { name: 'SGD', learningRate: 0.02, momentum: 0.9 },
    });
    const two = {
      model_config: model,
      training_config: { optimizer_config: { class_name: 'Adam', config: { lr: 0.01 } }, loss: 'mse' },
    };
    expect(read(two).model?.graph?.recipe).toMatchObject({
      loss: { kind: 'mse' },
      optimiser: { name: 'Adam', learningRate: 0.01 },
    });
    const plain = { ...model, compile_config: { optimizer: 'rmsprop', loss: 'sparse_categorical_crossentropy' } };
    expect(read(plain).model?.graph?.recipe).toMatchObject({ loss: { kind: 'probs' }, optimiser: { name: 'RMSprop' } });
  });

  it('stays open where it is not known', () => {
    expect(read({ ...model, compile_config: { loss: ['mse', 'mae'], optimizer: null } }).model?.graph?.recipe).toEqual({
      loss: null,
      optimiser: null,
    });
    expect(read(model).model?.graph?.recipe).toEqual({ loss: null, optimiser: null });
  });
});

describe('inputs and wholes', () => {
  it('take the shape from a model that stands first', () => {
    const inner = {
      class_name: 'Sequential',
      config: { name: 'in', layers: [input([4]), { class_name: 'Dense', config: { name: 'd', units: 3 } }] },
    };
    const outer = {
      class_name: 'Sequential',
      config: { name: 'net', layers: [inner, { class_name: 'Dense', config: { name: 'e', units: 2 } }] },
    };
    expect(read(outer).model?.graph?.inputs[0]?.shape).toEqual([2, 4]);
  });

  it('are refused where they hold weights alone, or a model class of the user', () => {
    expect(read({ modelTopology: null, weightsManifest: [] }).problem?.message).toContain('no topology');
    const own = {
      class_name: 'MyModel',
      registered_name: 'Custom>MyModel',
      config: {},
      build_config: {},
      compile_config: {},
    };
    expect(read(own).problem).toMatchObject({ code: 'unknown-layer' });
  });

  it('are refused with two layers of one name', () => {
    const dense = { class_name: 'Dense', config: { name: 'd', units: 3 } };
    const { problem, text } = read({
      class_name: 'Sequential',
      config: { name: 'net', layers: [input([4]), dense, dense] },
    });
    expect(problem).toMatchObject({ code: 'malformed' });
    expect(problem?.span?.range.start.line).toBe(text.split('\n').findLastIndex((line) => line.includes('"Dense"')));
  });

  it.each([
    ['a layer that is a number', [3]],
    ['a layer without a class', [{ config: {} }]],
    ['a configuration of the wrong kind', [input([4]), { class_name: 'Dense', config: { name: 'd', units: 'many' } }]],
    [
      'an activation of the wrong kind',
      [input([4]), { class_name: 'Dense', config: { name: 'd', units: 3, activation: 7 } }],
    ],
  ])('are refused with %s', (_, layers) => {
    const { problem } = read({ class_name: 'Sequential', config: { name: 'net', layers } });
    expect(problem?.message.length).toBeGreaterThan(10);
    expect(problem?.span).not.toBeNull();
  });

  it('are refused with a NaN, which JSON does not have', () => {
    const text =
      '{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": NaN}}]}}';
    const [problem] = readKerasJson({ path: 'm.json', files: [{ path: 'm.json', text }], batch: 2 }).problems;
    expect(problem).toMatchObject({
      code: 'syntax-error',
      span: { range: { start: { character: text.indexOf('NaN') } } },
    });
  });
});
