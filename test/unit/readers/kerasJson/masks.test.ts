import { describe, expect, it } from 'vitest';
import { readKerasJson } from '../../../../src/readers/kerasJson/kerasJsonReader';

const sequential = (...layers: [string, object][]) => {
  const text = JSON.stringify({
    class_name: 'Sequential',
    config: { name: 'net', layers: layers.map(([class_name, config]) => ({ class_name, config })) },
  });
  const { models } = readKerasJson({ path: 'model.json', files: [{ path: 'model.json', text }], batch: 2 });
  return models[0];
};
const input: [string, object] = ['InputLayer', { name: 'x', batch_shape: [null, 6] }];
const embedding = (config: object): [string, object] => ['Embedding', { input_dim: 9, output_dim: 4, ...config }];
const gru: [string, object] = ['GRU', { units: 3 }];

describe('a mask that made-up data leaves without effect', () => {
  it('is that of an embedding, whose numbers are drawn from 1 on', () => {
    const model = sequential(input, embedding({ mask_zero: true }), gru);
    expect(model?.graph?.inputs).toMatchObject([{ kind: 'int', low: 1, high: 9 }]);
    expect(model?.graph?.guesses).toEqual([]);
  });

  it('changes nothing about embeddings without one', () => {
    const model = sequential(input, embedding({}), gru);
    expect(model?.graph?.inputs[0]).not.toHaveProperty('low');
  });

  it('is that of Masking on an input of real numbers', () => {
    const model = sequential(['Masking', { mask_value: 0, batch_input_shape: [null, 6, 4] }], gru);
    expect(model?.graph?.guesses).toEqual([]);
  });
});

describe('a mask that may leave something out is told', () => {
  it.each<[string, [string, object][]]>([
    ['Masking of what layers compute', [['Activation', { activation: 'relu' }], ['Masking', { mask_value: 0 }], gru]],
    ['an embedding of what layers compute', [['Activation', { activation: 'relu' }], embedding({ mask_zero: true })]],
  ])('%s', (_, layers) => {
    const model = sequential(
      ['InputLayer', { name: 'x', batch_shape: [null, 6, ...(layers.length > 2 ? [4] : [])] }],
      ...layers,
    );
    expect(model?.graph?.guesses.map(({ message }) => message)).toEqual([expect.stringContaining('Masked time steps')]);
  });

  it('an embedding that knows no other number than padding', () => {
    const model = sequential(input, embedding({ mask_zero: true, input_dim: 1 }), gru);
    expect(model?.graph?.inputs[0]).not.toHaveProperty('low');
    expect(model?.graph?.guesses).toHaveLength(1);
  });
});
