import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/remedies/idea';
import { activations, layers, write } from './writing';

const PATH = 'net.ts';
const relu = (text: string, ...pieces: string[]): Change => ({
  kind: 'activation',
  to: 'relu',
  places: activations(text, PATH, ...pieces),
});
const he = (text: string, ...pieces: string[]): Change => ({
  kind: 'initialiser',
  to: 'he',
  layers: layers(text, PATH, 'Dense', ...pieces),
});
const norm = (text: string, ...pieces: string[]): Change => ({
  kind: 'normalise',
  places: activations(text, PATH, ...pieces),
});
const after = (text: string, ...changes: Change[]) => write(text, changes, 'tfjs', PATH)?.text;

describe('activation and initialiser in TensorFlow.js', () => {
  it('keeps tabs, CRLF, trailing commas, comments and other scripts', () => {
    const layer = 'tf.layers.dense({\r\n\t\tunits: 8,\r\n\t\tactivation: "sigmoid", // Größe 😀\r\n\t})';
    const text = `// 😀\r\nfor (let i = 0; i < 9; i++) {\r\n\tmodel.add(${layer});\r\n}\r\n`;
    expect(after(text, relu(text, layer), he(text, layer))).toBe(
      text.replace('"sigmoid", // Größe 😀\r\n', '"relu", // Größe 😀\r\n\t\tkernelInitializer: "heNormal",\r\n'),
    );
  });

  it('adds to a configuration on one line, an empty one, and none', () => {
    const text = "a(tf.layers.dense({ units: 4, activation: 'tanh' }));\nb(tf.layers.gru({}));\nc(tf.layers.lstm());\n";
    const all = ["tf.layers.dense({ units: 4, activation: 'tanh' })", 'tf.layers.gru({})', 'tf.layers.lstm()'];
    expect(after(text, he(text, ...all))).toBe(
      "a(tf.layers.dense({ units: 4, activation: 'tanh', kernelInitializer: 'heNormal' }));\nb(tf.layers.gru({ kernelInitializer: 'heNormal' }));\nc(tf.layers.lstm({ kernelInitializer: 'heNormal' }));\n",
    );
  });

  it.each([
    ['function f({ activation = "sigmoid" }) {\n  LAYER\n}\nf({ activation: "tanh" });', '"relu"', '"relu"'],
    ['const f = (units, activation = "sigmoid") => {\n  LAYER\n};\nf(3, "tanh");', '"relu"', '"relu"'],
    ['const activation = deep ? "sigmoid" : "tanh";\nLAYER', '"relu"', '"relu"'],
    ['const { activation = "sigmoid" } = options;\nconst options = { activation: "tanh" };\nLAYER', '"relu"', '"relu"'],
  ])('edits where the value is set: %s', (form, first, second) => {
    const text = form.replace('LAYER', 'model.add(tf.layers.dense({ units: 3, activation }));');
    expect(after(text, relu(text, 'tf.layers.dense({ units: 3, activation })'))).toBe(
      text.replace('"sigmoid"', first).replace('"tanh"', second),
    );
  });

  it('reaches properties through spreads, and through an object of settings', () => {
    const spread = 'const common = { activation: "sigmoid" };\nm.add(tf.layers.dense({ ...common, units: 1 }));\n';
    expect(after(spread, relu(spread, 'tf.layers.dense({ ...common, units: 1 })'))).toContain('activation: "relu" };');
    const settings =
      'const SETTINGS = { act: "tanh" };\nm.add(tf.layers.dense({ units: 1, activation: this.settings.act }));\n';
    const layer = 'tf.layers.dense({ units: 1, activation: this.settings.act })';
    expect(after(settings, relu(settings, layer))).toContain('act: "relu" };');
  });

  it.each([
    ['tf.sigmoid(x)', 'tf.relu(x)'],
    ['x.dot(w).tanh()', 'x.dot(w).relu()'],
  ])('rewrites the call %s', (call, expected) => {
    const text = `const f = (x) => ${call};\n`;
    expect(after(text, relu(text, call))).toBe(`const f = (x) => ${expected};\n`);
  });

  it('writes nothing into a file that cannot be parsed, or where the value does not show', () => {
    const broken = 'm.add(tf.layers.dense({ activation: "tanh" }));\nconst = = 4\n';
    expect(after(broken, relu(broken, 'tf.layers.dense({ activation: "tanh" })'))).toBeUndefined();
    const hidden = 'm.add(tf.layers.dense({ activation: pick() }));\n';
    expect(after(hidden, relu(hidden, 'tf.layers.dense({ activation: pick() })'))).toBeUndefined();
  });
});

describe('layers beside others in TensorFlow.js', () => {
  const layer = "tf.layers.dense({ units: 4, activation: 'tanh' })";
  const added = 'tf.layers.batchNormalization()';

  it.each([
    [`  model.add(${layer}); // one\n`, `  model.add(${layer}); // one\n  model.add(${added});\n`],
    [`model.add(${layer})\n`, `model.add(${layer})\nmodel.add(${added})\n`],
    [`if (a) { model.add(${layer}); }\n`, `if (a) { model.add(${layer}); model.add(${added}); }\n`],
    [`tf.sequential({ layers: [${layer}, x] });\n`, `tf.sequential({ layers: [${layer}, ${added}, x] });\n`],
    [`y = ${layer}.apply(x);\n`, `y = ${added}.apply(${layer}.apply(x));\n`],
  ])('normalises in %j', (text, expected) => {
    expect(after(text, norm(text, layer))).toBe(expected);
  });

  it('swaps the cell and averages all steps', () => {
    const rnn = "tf.layers.simpleRNN({ units: 4, recurrentInitializer: 'glorotNormal' })";
    const text = `function cell() {\n  return ${rnn};\n}\n`;
    const places = layers(text, PATH, 'SimpleRNN', rnn);
    expect(after(text, { kind: 'recurrentCell', to: 'gru', layers: places })).toBe(text.replace('simpleRNN', 'gru'));
    expect(after(text, { kind: 'readAllSteps', layers: places, reads: [] })).toBe(
      "function cell() {\n  return tf.sequential({ layers: [tf.layers.simpleRNN({ units: 4, recurrentInitializer: 'glorotNormal', returnSequences: true }), tf.layers.globalAveragePooling1d()] });\n}\n",
    );
  });
});
