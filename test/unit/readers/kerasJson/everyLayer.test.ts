import { describe, expect, it } from 'vitest';
import { ReadingValidator } from '../../../../src/graph/validate';
import { readKerasJson } from '../../../../src/readers/kerasJson/kerasJsonReader';

/** One line a layer class of Keras 2 and 3: a configuration, the input's shape without its batch, the output's. */
const READ: readonly [string, object, number[], number[]][] = [
  ['Activation', { activation: 'relu' }, [4], [4]],
  ['ActivityRegularization', {}, [4], [4]],
  ['AlphaDropout', { rate: 0.2 }, [4], [4]],
  ['AugMix', {}, [8, 8, 3], [8, 8, 3]],
  ['AutoContrast', {}, [8, 8, 3], [8, 8, 3]],
  ['AveragePooling1D', {}, [8, 3], [4, 3]],
  ['AveragePooling2D', {}, [8, 8, 3], [4, 4, 3]],
  ['AveragePooling3D', {}, [8, 8, 8, 3], [4, 4, 4, 3]],
  ['BatchNormalization', {}, [4], [4]],
  ['Bidirectional', { layer: { class_name: 'GRU', config: { name: 'g', units: 5 } } }, [8, 3], [10]],
  ['Conv1D', { filters: 5, kernel_size: 3 }, [8, 3], [6, 5]],
  ['Conv1DTranspose', { filters: 5, kernel_size: 3 }, [8, 3], [10, 5]],
  ['Conv2D', { filters: 5, kernel_size: 3, padding: 'same' }, [8, 8, 3], [8, 8, 5]],
  ['Conv2DTranspose', { filters: 5, kernel_size: 2, strides: 2 }, [8, 8, 3], [16, 16, 5]],
  ['Conv3D', { filters: 5, kernel_size: 3 }, [8, 8, 8, 3], [6, 6, 6, 5]],
  ['Conv3DTranspose', { filters: 5, kernel_size: 2, strides: 2 }, [4, 4, 4, 3], [8, 8, 8, 5]],
  ['ConvLSTM2D', { filters: 5, kernel_size: 3, return_sequences: true }, [4, 8, 8, 3], [4, 6, 6, 5]],
  ['Cropping1D', {}, [8, 3], [6, 3]],
  ['Cropping2D', {}, [8, 8, 3], [6, 6, 3]],
  ['Cropping3D', {}, [8, 8, 8, 3], [6, 6, 6, 3]],
  ['Dense', { units: 5 }, [4], [5]],
  ['DepthwiseConv1D', { kernel_size: 3 }, [8, 3], [6, 3]],
  ['DepthwiseConv2D', { kernel_size: 3, depth_multiplier: 2 }, [8, 8, 3], [6, 6, 6]],
  ['Dropout', { rate: 0.2 }, [4], [4]],
  ['ELU', {}, [4], [4]],
  ['EinsumDense', { equation: 'ab,bc->ac', output_shape: [5] }, [4], [5]],
  ['Embedding', { input_dim: 10, output_dim: 5 }, [8], [8, 5]],
  ['Equalization', {}, [8, 8, 3], [8, 8, 3]],
  ['Flatten', {}, [8, 3], [24]],
  ['GRU', { units: 5 }, [8, 3], [5]],
  ['GaussianDropout', { rate: 0.2 }, [4], [4]],
  ['GaussianNoise', { stddev: 0.2 }, [4], [4]],
  ['GlobalAveragePooling1D', {}, [8, 3], [3]],
  ['GlobalAveragePooling2D', {}, [8, 8, 3], [3]],
  ['GlobalAveragePooling3D', {}, [8, 8, 8, 3], [3]],
  ['GlobalMaxPooling1D', {}, [8, 3], [3]],
  ['GlobalMaxPooling2D', {}, [8, 8, 3], [3]],
  ['GlobalMaxPooling3D', {}, [8, 8, 8, 3], [3]],
  ['GroupNormalization', { groups: 2 }, [8, 4], [8, 4]],
  ['Identity', {}, [4], [4]],
  ['LSTM', { units: 5, return_sequences: true }, [8, 3], [8, 5]],
  ['LayerNormalization', {}, [4], [4]],
  ['LeakyReLU', {}, [4], [4]],
  ['Masking', { mask_value: 0 }, [8, 3], [8, 3]],
  ['MaxPooling1D', {}, [8, 3], [4, 3]],
  ['MaxPooling2D', {}, [8, 8, 3], [4, 4, 3]],
  ['MaxPooling3D', {}, [8, 8, 8, 3], [4, 4, 4, 3]],
  ['Normalization', { axis: -1 }, [4], [4]],
  ['PReLU', {}, [4], [4]],
  ['Permute', { dims: [2, 1] }, [8, 3], [3, 8]],
  ['RMSNormalization', {}, [4], [4]],
  ['RNN', { cell: { class_name: 'LSTMCell', config: { name: 'c', units: 5 } } }, [8, 3], [5]],
  ['RandAugment', {}, [8, 8, 3], [8, 8, 3]],
  ['RandomBrightness', {}, [8, 8, 3], [8, 8, 3]],
  ['RandomContrast', {}, [8, 8, 3], [8, 8, 3]],
  ['RandomFlip', {}, [8, 8, 3], [8, 8, 3]],
  ['RandomRotation', {}, [8, 8, 3], [8, 8, 3]],
  ['RandomTranslation', {}, [8, 8, 3], [8, 8, 3]],
  ['RandomZoom', {}, [8, 8, 3], [8, 8, 3]],
  ['ReLU', {}, [4], [4]],
  ['RepeatVector', { n: 5 }, [4], [5, 4]],
  ['Rescaling', { scale: 0.5 }, [4], [4]],
  ['Reshape', { target_shape: [2, -1] }, [4], [2, 2]],
  ['Resizing', { height: 4, width: 6 }, [8, 8, 3], [4, 6, 3]],
  ['SeparableConv1D', { filters: 5, kernel_size: 3 }, [8, 3], [6, 5]],
  ['SeparableConv2D', { filters: 5, kernel_size: 3 }, [8, 8, 3], [6, 6, 5]],
  ['SimpleRNN', { units: 5 }, [8, 3], [5]],
  ['Softmax', {}, [4], [4]],
  ['SpatialDropout1D', { rate: 0.2 }, [8, 3], [8, 3]],
  ['SpatialDropout2D', { rate: 0.2 }, [8, 8, 3], [8, 8, 3]],
  ['SpatialDropout3D', { rate: 0.2 }, [8, 8, 8, 3], [8, 8, 8, 3]],
  ['ThresholdedReLU', {}, [4], [4]],
  ['TimeDistributed', { layer: { class_name: 'Dense', config: { name: 'd', units: 5 } } }, [8, 3], [8, 5]],
  ['UnitNormalization', {}, [4], [4]],
  ['UpSampling1D', {}, [8, 3], [16, 3]],
  ['UpSampling2D', {}, [8, 8, 3], [16, 16, 3]],
  ['UpSampling3D', {}, [4, 4, 4, 3], [8, 8, 8, 3]],
  ['ZeroPadding1D', {}, [8, 3], [10, 3]],
  ['ZeroPadding2D', {}, [8, 8, 3], [10, 10, 3]],
  ['ZeroPadding3D', {}, [8, 8, 8, 3], [10, 10, 10, 3]],
];

/** Layers of several inputs, called with two of the shape given. */
const MERGING: readonly [string, object, number[], number[]][] = [
  ['Add', {}, [4], [4]],
  ['Attention', {}, [8, 4], [8, 4]],
  ['Average', {}, [4], [4]],
  ['Concatenate', {}, [4], [8]],
  ['Dot', { axes: 1 }, [4], [1]],
  ['Maximum', {}, [4], [4]],
  ['Minimum', {}, [4], [4]],
  ['MultiHeadAttention', { num_heads: 2, key_dim: 3 }, [8, 4], [8, 4]],
  ['Multiply', {}, [4], [4]],
  ['Subtract', {}, [4], [4]],
];

const REFUSED = [
  ...['AbstractRNNCell', 'AdditiveAttention', 'CategoryEncoding', 'CenterCrop', 'ConvLSTM1D', 'ConvLSTM3D', 'CutMix'],
  ...['DenseFeatures', 'Discretization', 'FlaxLayer', 'GRUCell', 'GroupedQueryAttention', 'HashedCrossing', 'Hashing'],
  ...['IntegerLookup', 'JaxLayer', 'LSTMCell', 'Lambda', 'Layer', 'LocallyConnected1D', 'LocallyConnected2D'],
  ...['MaxNumBoundingBoxes', 'MelSpectrogram', 'MixUp', 'Pipeline', 'RandomCrop', 'STFTSpectrogram'],
  ...['SimpleRNNCell', 'SpectralNormalization', 'StackedRNNCells', 'StringLookup', 'TFSMLayer', 'TextVectorization'],
  ...['TorchModuleWrapper', 'Wrapper'],
];

const read = (value: unknown) => {
  const text = JSON.stringify(value, null, 1);
  const { models, problems } = readKerasJson({ path: 'model.json', files: [{ path: 'model.json', text }], batch: 2 });
  return { model: models[0], problem: problems[0] ?? models[0]?.unread, text };
};

const input = (name: string, shape: number[]) => ({
  class_name: 'InputLayer',
  config: { name, batch_input_shape: [null, ...shape] },
  name,
  inbound_nodes: [],
});

const sequential = (className: string, config: object, shape: number[]) => ({
  class_name: 'Sequential',
  config: { name: 'net', layers: [input('in', shape), { class_name: className, config: { name: 'it', ...config } }] },
});

describe('each layer class of Keras', () => {
  it.each(READ)('%s is read', (className, config, shape, output) => {
    const { model, problem } = read(sequential(className, config, shape));
    expect(problem).toBeNull();
    const graph = new ReadingValidator().graph(model?.graph);
    expect(graph.values[graph.outputs[0] ?? -1]?.shape).toEqual([2, ...output]);
  });

  it.each(MERGING)('%s is read', (className, config, shape, output) => {
    const call = [
      ['a', 0, 0, {}],
      ['b', 0, 0, {}],
    ];
    const it = { class_name: className, config: { name: 'it', ...config }, name: 'it', inbound_nodes: [call] };
    const ends = [['a', 0, 0] as const, ['b', 0, 0] as const];
    const layers = [input('a', shape), input('b', shape), it];
    const net = { name: 'net', layers, input_layers: ends, output_layers: [['it', 0, 0]] };
    const { model, problem } = read({ class_name: 'Functional', config: net });
    expect(problem).toBeNull();
    const graph = new ReadingValidator().graph(model?.graph);
    expect(graph.values[graph.outputs[0] ?? -1]?.shape).toEqual([2, ...output]);
  });

  it.each(REFUSED)('%s is refused by name, at its place, with a reason', (className) => {
    const { problem, text } = read(sequential(className, {}, [4]));
    expect(problem?.code).toBe('unsupported');
    expect(problem?.message).toContain(`\`it\` (${className})`);
    expect(problem?.message.length).toBeGreaterThan(40);
    expect(text.split('\n')[problem?.span?.range.start.line ?? -1]).toContain(className);
  });

  it('of somebody else is refused as such', () => {
    expect(read(sequential('Custom>Mixer', {}, [4])).problem?.code).toBe('unknown-layer');
  });
});
