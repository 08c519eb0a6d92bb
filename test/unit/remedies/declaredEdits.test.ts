import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/remedies/idea';
import { activations, layers, write } from './writing';

describe('model JSON', () => {
  const path = 'model.json';
  const dense = (name: string, more = '') =>
    `{"class_name": "Dense", "config": {"name": "${name}", "units": 4, "activation": "sigmoid"${more}}}`;
  const model = (gap: string, ...all: string[]) =>
    `{"class_name": "Sequential", "config": {"name": "s", "layers": [${all.join(`,${gap}`)}]}}`;
  const after = (text: string, ...changes: Change[]) => write(text, changes, 'keras', path)?.text;
  // The place of a layer is that of its class name.
  const place = (text: string, nth: number) => {
    const at = [...text.matchAll(/"Dense"/g)][nth]?.index ?? -1;
    const before = text.slice(0, at).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
    return { path, range: { start: position, end: { ...position, character: position.character + 7 } } };
  };

  it('changes the strings and initialisers, and no other byte', () => {
    const text = model(
      '\r\n  ',
      dense('ä'),
      dense('b', ', "kernel_initializer": {"class_name": "Zeros", "config": {}}'),
    );
    const places = [0, 1].map((nth) => ({ span: place(text, nth), op: 'sigmoid' as const, name: 'Sigmoid' }));
    const made = places.map(({ span }) => ({ span, type: 'Dense', initialiser: null }));
    expect(
      after(text, { kind: 'activation', to: 'relu', places }, { kind: 'initialiser', to: 'he', layers: made }),
    ).toBe(
      text
        .replaceAll('"sigmoid"', '"relu"')
        .replace('"relu"}', '"relu", "kernel_initializer": {"class_name":"HeNormal","config":{"seed":null}}}')
        .replace('{"class_name": "Zeros", "config": {}}', '{"class_name":"HeNormal","config":{"seed":null}}'),
    );
  });

  it('adds a layer behind one of a Sequential model, never into a graph of layers', () => {
    const text = model(' ', dense('a'), dense('b'));
    const change = (of: string): Change => ({
      kind: 'normalise',
      places: [{ span: place(of, 0), op: 'sigmoid', name: 'Sigmoid' }],
    });
    const edited = after(text, change(text)) ?? '';
    const parsed = JSON.parse(edited) as { config: { layers: { class_name: string }[] } };
    expect(parsed.config.layers.map((layer) => layer.class_name)).toEqual(['Dense', 'BatchNormalization', 'Dense']);
    const graph = text.replace('"Sequential"', '"Functional"');
    expect(after(graph, change(graph))).toBeUndefined();
  });
});

describe('Ultralytics YAML', () => {
  const path = 'net.yaml';
  const after = (text: string, ...changes: Change[]) => write(text, changes, 'pytorch', path)?.text;
  const text = `# 😀\r
backbone:\r
  - [-1, 1, nn.Conv2d, [3, 8, 3]] # 0\r
  - [-1, 1, 'nn.Hardtanh', [-2, 2]] # 1\r
  - [-1, 1, nn.Conv2d, [8, 8, 3]]\r
head:\r
  - [[-1, 1], 1, Concat, [1]]\r
  - [0, 1, nn.Flatten, []]\r
`;
  const row = "[-1, 1, 'nn.Hardtanh', [-2, 2]]";
  const clipped = (piece: string) =>
    activations(text, path, piece).map((place) => ({ ...place, op: 'clip' as const, name: 'Hardtanh' }));

  it('changes the class in its quotes and drops the old arguments', () => {
    expect(after(text, { kind: 'activation', to: 'relu', places: clipped(row) })).toBe(
      text.replace("'nn.Hardtanh', [-2, 2]", "'nn.ReLU', []"),
    );
  });

  it('puts a row in front and counts on the rows that are named by number', () => {
    expect(after(text, { kind: 'normalise', places: clipped(row) })).toBe(
      text
        .replace(row, `[-1, 1, nn.BatchNorm2d, []]\r\n  - ${row}`)
        .replace('[[-1, 1], 1, Concat', '[[-1, 2], 1, Concat'),
    );
  });

  it('changes the setting for rows that hold an activation of their own', () => {
    const own = 'activation: nn.Sigmoid()  # bounded\nbackbone:\n  - [-1, 1, Conv, [8, 3]]\n';
    expect(
      after(own, { kind: 'activation', to: 'silu', places: activations(own, path, '[-1, 1, Conv, [8, 3]]') }),
    ).toBe(own.replace('nn.Sigmoid()', 'nn.SiLU()'));
  });

  it('cannot say how weights start', () => {
    const change: Change = {
      kind: 'initialiser',
      to: 'he',
      layers: layers(text, path, 'Conv2d', '[-1, 1, nn.Conv2d, [3, 8, 3]]'),
    };
    expect(after(text, change)).toBeUndefined();
  });
});
