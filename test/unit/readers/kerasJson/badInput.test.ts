import { describe, expect, it } from 'vitest';
import { readKerasJson } from '../../../../src/readers/kerasJson/kerasJsonReader';

const read = (text: string) => readKerasJson({ path: 'model.json', files: [{ path: 'model.json', text }], batch: 2 });

const dense = (name: string, more: object = {}, inbound?: unknown) => ({
  class_name: 'Dense',
  config: { name, units: 4, ...more },
  name,
  ...(inbound === undefined ? {} : { inbound_nodes: inbound }),
});
const sequential = (layers: object[], config: object = {}) =>
  JSON.stringify({ class_name: 'Sequential', config: { name: 'net', layers, ...config } }, null, 1);
const input = { batch_input_shape: [null, 3] };

describe('bad model JSON', () => {
  it('says nothing of JSON that is no model, broken or not', () => {
    for (const text of ['{"name": "package"}', '[1, 2', '', '{"class_name": "Dense", "config": {}}'])
      expect(read(text)).toMatchObject({ models: [], problems: [] });
  });

  it('finds where truncated JSON breaks off', () => {
    const whole = sequential([dense('a', input)]);
    const text = whole.slice(0, whole.indexOf('"units"') + 8);
    const [problem] = read(text).problems;
    expect(problem?.code).toBe('syntax-error');
    expect(problem?.span?.range.start.line).toBe(text.split('\n').length - 1);
  });

  it('names an unknown layer at its line', () => {
    const text = sequential([dense('a', input), { class_name: 'Custom>Mixer', config: { name: 'm' } }]);
    const unread = read(text).models[0]?.unread;
    expect(unread).toMatchObject({ code: 'unknown-layer' });
    expect(unread?.message).toContain('`Mixer`');
    expect(text.split('\n')[unread!.span!.range.start.line]).toContain('Mixer');
  });

  it('names shapes that cannot be', () => {
    const conv = {
      class_name: 'Conv2D',
      config: { name: 'c', filters: 4, kernel_size: [9, 9], batch_input_shape: [null, 5, 5, 1] },
    };
    expect(read(sequential([conv])).models[0]?.unread).toMatchObject({ code: 'shape-mismatch' });
    const bad = sequential([dense('a', { ...input, units: -3 })]);
    expect(read(bad).models[0]?.unread?.message).toContain('`units` is -3');
  });

  it('names a cycle and a missing layer', () => {
    const net = (layers: object[]) =>
      JSON.stringify({
        class_name: 'Functional',
        config: { name: 'net', layers, input_layers: [['in', 0, 0]], output_layers: [['b', 0, 0]] },
      });
    const start = {
      class_name: 'InputLayer',
      config: { name: 'in', batch_input_shape: [null, 3] },
      name: 'in',
      inbound_nodes: [],
    };
    const cycle = net([start, dense('a', {}, [[['b', 0, 0, {}]]]), dense('b', {}, [[['a', 0, 0, {}]]])]);
    expect(read(cycle).models[0]?.unread).toMatchObject({ code: 'cycle' });
    const missing = net([start, dense('b', {}, [[['ghost', 0, 0, {}]]])]);
    expect(read(missing).models[0]?.unread?.message).toContain('`ghost`');
  });

  it('refuses depth and length that no model has', () => {
    const deep = `{"class_name": ${'['.repeat(200_000)}`;
    expect(read(deep).problems[0]?.code).toMatch(/too-deep|syntax-error/);
    const long = `{"class_name": "${'x'.repeat(50 * 1024 * 1024)}"}`;
    expect(read(long).problems[0]).toMatchObject({ code: 'too-large' });
  });

  it('says so of a TensorFlow.js graph model', () => {
    const text = '{"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []}';
    expect(read(text).problems[0]).toMatchObject({ code: 'unsupported' });
  });

  it('asks for the input where the file gives none', () => {
    expect(read(sequential([dense('a')])).models[0]?.unread).toMatchObject({ code: 'no-input-shape' });
  });
});

describe('nested and shared layers', () => {
  it('counts a shared nested model once and keeps its layers in the order of the file', () => {
    const inner = {
      class_name: 'Sequential',
      config: { name: 'enc', layers: [dense('e1', input), dense('e2')] },
      name: 'enc',
      inbound_nodes: [[['x', 0, 0, {}]], [['y', 0, 0, {}]]],
    };
    const start = (name: string) => ({
      class_name: 'InputLayer',
      config: { name, batch_input_shape: [null, 3] },
      name,
      inbound_nodes: [],
    });
    const add = {
      class_name: 'Add',
      config: { name: 'add' },
      name: 'add',
      inbound_nodes: [
        [
          ['enc', 1, 0, {}],
          ['enc', 2, 0, {}],
        ],
      ],
    };
    const text = JSON.stringify({
      class_name: 'Functional',
      config: {
        name: 'net',
        layers: [start('x'), start('y'), inner, add],
        input_layers: [
          ['x', 0, 0],
          ['y', 0, 0],
        ],
        output_layers: [['add', 0, 0]],
      },
    });
    const graph = read(text).models[0]?.graph;
    expect(graph?.parameters.map(({ name }) => name)).toEqual([
      'enc/e1/kernel',
      'enc/e1/bias',
      'enc/e2/kernel',
      'enc/e2/bias',
    ]);
    expect(graph?.nodes.filter(({ op }) => op === 'linear')).toHaveLength(4);
  });
});
