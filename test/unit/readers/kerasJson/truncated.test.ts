import { describe, expect, it } from 'vitest';
import { readKerasJson } from '../../../../src/readers/kerasJson/kerasJsonReader';
import { readModelFile } from '../../../../src/readers/modelFile';

const layer = (className: string, config: object, more: object = {}) => ({ class_name: className, config, ...more });

/** A small model as each of the three savers writes it. The name holds a letter of two bytes. */
const saved: Readonly<Record<string, unknown>> = {
  'Keras 2': layer('Sequential', {
    name: 'modèle',
    layers: [
      layer('Dense', { name: 'a', units: 4, batch_input_shape: [null, 3], activation: 'relu' }),
      layer('Dense', { name: 'b', units: 2 }),
    ],
  }),
  'Keras 3': layer(
    'Functional',
    {
      name: 'modèle',
      layers: [
        layer('InputLayer', { name: 'in', batch_shape: [null, 3] }, { name: 'in', inbound_nodes: [] }),
        layer(
          'Dense',
          { name: 'a', units: 4 },
          {
            name: 'a',
            inbound_nodes: [
              {
                args: [
                  {
                    class_name: '__keras_tensor__',
                    config: { shape: [null, 3], dtype: 'float32', keras_history: ['in', 0, 0] },
                  },
                ],
                kwargs: {},
              },
            ],
          },
        ),
      ],
      input_layers: [['in', 0, 0]],
      output_layers: [['a', 0, 0]],
    },
    { module: 'keras.src.models.functional', registered_name: 'Functional' },
  ),
  'TensorFlow.js': {
    format: 'layers-model',
    generatedBy: 'TensorFlow.js tfjs-layers',
    modelTopology: layer('Sequential', {
      name: 'modèle',
      layers: [layer('Dense', { name: 'a', units: 4, batch_input_shape: [null, 3] })],
    }),
    weightsManifest: [],
  },
};

const read = (text: string) => readKerasJson({ path: 'model.json', files: [{ path: 'model.json', text }], batch: 2 });

describe.each(Object.entries(saved))('model JSON of %s', (_, model) => {
  const text = JSON.stringify(model, null, 1);
  const bytes = new TextEncoder().encode(text);

  it('is read whole', () => {
    expect(read(text)).toMatchObject({ problems: [], models: [{ name: 'modèle', unread: null }] });
  });

  it('says where it breaks off, whichever byte that is', () => {
    let told = 0;
    for (let length = 0; length < bytes.length; length++) {
      const file = readModelFile('model.json', bytes.subarray(0, length));
      if (!('text' in file)) {
        // In the midst of the letter of two bytes, and nowhere else.
        expect(text.slice(0, length)).toContain('mod');
        expect(bytes[length - 1]).toBe(0xc3);
        expect(file.code).toBe('not-utf8');
        continue;
      }
      const { models, problems } = read(file.text);
      expect(models).toEqual([]);
      // What does not yet name a class or a format is any JSON, of which nothing is said.
      if (problems.length === 0) {
        expect(file.text).not.toContain('"class_name"');
        expect(file.text).not.toContain('"modelTopology"');
        continue;
      }
      told++;
      expect(problems).toHaveLength(1);
      expect(problems[0]?.code).toBe('syntax-error');
      const lines = file.text.trimEnd().split('\n');
      // The last line of the text, or the one where its last word begins.
      const line = problems[0]?.span?.range.start.line ?? -1;
      expect(line).toBeLessThan(file.text.split('\n').length);
      expect(line).toBeGreaterThanOrEqual(lines.length - 2);
    }
    expect(told).toBeGreaterThan(bytes.length / 2);
  });

  it('is read or refused with a message where any one byte is lost', () => {
    for (let at = 0; at < bytes.length; at++) {
      const file = readModelFile('model.json', Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)]));
      if (!('text' in file)) continue;
      const { models, problems } = read(file.text);
      for (const problem of [...problems, ...models.flatMap(({ unread }) => unread ?? [])]) {
        expect(problem.message).toMatch(/\w{3}/);
        expect(problem.span?.range.start.line).toBeLessThan(file.text.split('\n').length);
      }
    }
  });
});
