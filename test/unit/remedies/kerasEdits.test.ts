import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/remedies/idea';
import { activations, layers, write } from './writing';

const relu = (text: string, ...pieces: string[]): Change => ({
  kind: 'activation',
  to: 'relu',
  places: activations(text, 'net.py', ...pieces),
});
const he = (text: string, type: string, ...pieces: string[]): Change => ({
  kind: 'initialiser',
  to: 'he',
  layers: layers(text, 'net.py', type, ...pieces),
});
const norm = (text: string, ...pieces: string[]): Change => ({
  kind: 'normalise',
  places: activations(text, 'net.py', ...pieces),
});

describe('activation and initialiser in Keras', () => {
  it('changes the string at the constructor that makes all layers and adds the initialiser behind it', () => {
    const layer = 'layers.Dense(units, activation="sigmoid", name=f"h{i}")';
    const text = `from tensorflow.keras import layers\nfor i in range(12):\n    model.add(${layer})  # wide\n`;
    expect(write(text, [relu(text, layer), he(text, 'Dense', layer)])?.text).toBe(
      text.replace('"sigmoid"', '"relu"').replace('{i}")', '{i}", kernel_initializer="he_normal")'),
    );
  });

  it('keeps tabs, CRLF, trailing commas and comments of a call over several lines', () => {
    const layer = 'keras.layers.Conv2D(\r\n\t\t32,\r\n\t\t3,\r\n\t\tactivation=\'tanh\',  # "Größe" 😀\r\n\t)';
    const text = `import keras\r\ndef net():\r\n\tx = 1; y = ${layer}\r\n\treturn y\r\n`;
    expect(write(text, [relu(text, layer), he(text, 'Conv2D', layer)])?.text).toBe(
      text.replace('\'tanh\',  # "Größe" 😀\r\n', "'relu',  # \"Größe\" 😀\r\n\t\tkernel_initializer='he_normal',\r\n"),
    );
  });

  it('adds the comma that the last argument lacks, before its comment', () => {
    const layer = 'Dense(\n    8,\n    activation="sigmoid"  # squash\n)';
    const text = `from keras.layers import Dense\nmodel = [${layer}]\n`;
    expect(write(text, [he(text, 'Dense', layer)])?.text).toContain(
      'activation="sigmoid",  # squash\n    kernel_initializer="he_normal"\n)',
    );
  });

  it('edits where the value is set: defaults and what callers hand over, and no other layer’s argument of that name', () => {
    const layer = 'layers.Dense(16, activation=activation)';
    const text = `from keras import layers, Sequential
def deeper(depth, activation="sigmoid"):
    stack = [${layer} for _ in range(depth)]
    return Sequential([*stack, layers.Dense(1, activation="sigmoid")])
def head(activation="sigmoid"):
    return activation
a = deeper(10)
b = deeper(5, "tanh")
c = deeper(5, activation="elu")
`;
    expect(write(text, [relu(text, layer)])?.text).toBe(
      text.replace('depth, activation="sigmoid"', 'depth, activation="relu"').replace('5, "tanh"', '5, "relu"'),
    );
  });

  it.each([
    ['CONFIG["activation"]', 'CONFIG = {"units": 8, "activation": "sigmoid"}', '"activation": "relu"'],
    ['CONFIG.get("activation", "tanh")', 'CONFIG = dict(activation="sigmoid")', 'activation="relu"'],
    ['args.activation', 'parser.add_argument("--activation", default="sigmoid")', 'default="relu"'],
    ['cfg.activation', 'class Config:\n    activation: str = "sigmoid"', 'activation: str = "relu"'],
    ['ACT', 'ACT = "sigmoid" if deep else "relu"', 'ACT = "relu" if deep else "relu"'],
    ['act', 'for act in ["sigmoid", "tanh"]:\n    pass', 'for act in ["relu", "relu"]:'],
  ])('edits the configuration behind %s', (value, setting, expected) => {
    const layer = `layers.Dense(16, activation=${value})`;
    const text = `from keras import layers\n${setting}\nmodel.add(${layer})\n`;
    expect(write(text, [relu(text, layer)])?.text).toContain(expected);
  });

  it('reaches into the options that a call spreads', () => {
    const layer = 'layers.Dense(16, **common)';
    const text = `from keras import layers\ncommon = dict(activation="sigmoid", kernel_initializer="glorot_uniform")\nmodel.add(${layer})\n`;
    expect(write(text, [relu(text, layer), he(text, 'Dense', layer)])?.text).toBe(
      text.replace('"sigmoid"', '"relu"').replace('"glorot_uniform"', '"he_normal"'),
    );
  });

  it.each([
    ['tf.nn.sigmoid(x)', 'tf.nn.relu(x)'],
    ['tf.sigmoid(x)', 'tf.nn.relu(x)'],
    ['tf.keras.activations.tanh(x)', 'tf.keras.activations.relu(x)'],
  ])('rewrites the call %s', (call, expected) => {
    const text = `import tensorflow as tf\ndef call(self, x): return ${call}\n`;
    expect(write(text, [relu(text, call)])?.text).toContain(`return ${expected}\n`);
  });

  it('writes nothing where one of the places has a form that it does not know', () => {
    const [known, unknown] = ['layers.Dense(8, activation="tanh")', 'layers.Dense(8, activation=pick())'];
    const text = `from keras import layers\nmodel = [${known}, ${unknown}]\n`;
    expect(write(text, [relu(text, known, unknown)])).toBeNull();
  });

  it('names an initialiser that is a class as the file can', () => {
    const layer = 'tf.keras.layers.Dense(8, activation="tanh")';
    const text = `import tensorflow as tf\nmodel = [${layer}, 1]\n`;
    const glorot: Change = { kind: 'initialiser', to: 'glorotTanh', layers: layers(text, 'net.py', 'Dense', layer) };
    expect(write(text, [glorot])?.text).toContain(
      '"tanh", kernel_initializer=tf.keras.initializers.VarianceScaling(scale=25 / 9, mode="fan_avg", distribution="uniform"))',
    );
  });
});

describe('normalisation in Keras', () => {
  const layer = 'Dense(8, activation="sigmoid")';

  it.each([
    [`model.add(${layer})  # one\n`, `model.add(${layer})  # one\nmodel.add(BatchNormalization())\n`],
    [`if wide:\n\tmodel.add(${layer})\n`, `if wide:\n\tmodel.add(${layer})\n\tmodel.add(BatchNormalization())\n`],
    [`a = 1; model.add(${layer}); b = 2\n`, `a = 1; model.add(${layer}); model.add(BatchNormalization()); b = 2\n`],
    [`x = ${layer}(x)\n`, `x = ${layer}(x)\nx = BatchNormalization()(x)\n`],
    [`y = Dense(1)(${layer}(x))\n`, `y = Dense(1)(BatchNormalization()(${layer}(x)))\n`],
    [`m = Sequential([${layer}, Dense(1)])\n`, `m = Sequential([${layer}, BatchNormalization(), Dense(1)])\n`],
    [
      `m = [\n    ${layer},  # one\n    Dense(1),\n]\n`,
      `m = [\n    ${layer},  # one\n    BatchNormalization(),\n    Dense(1),\n]\n`,
    ],
  ])('goes behind the layer of %j', (body, expected) => {
    const text = `from keras.layers import Dense\n${body}`;
    expect(write(text, [norm(text, layer)])?.text).toBe(
      `from keras.layers import Dense, BatchNormalization\n${expected}`,
    );
  });

  it('goes before an activation that stands by itself', () => {
    const text = 'from keras import layers\nmodel.add(layers.Dense(8))\nmodel.add(layers.Activation("tanh"))\n';
    expect(write(text, [norm(text, 'layers.Activation("tanh")')])?.text).toBe(
      text.replace('model.add(layers.Act', 'model.add(layers.BatchNormalization())\nmodel.add(layers.Act'),
    );
  });
});

describe('recurrent layers in Keras', () => {
  const swap = (text: string, piece: string): Change => ({
    kind: 'recurrentCell',
    to: 'lstm',
    layers: layers(text, 'net.py', 'SimpleRNN', piece),
  });

  it('renames the class, through the key of a table too, and leaves the table alone', () => {
    const direct = 'from keras.layers import SimpleRNN\nx = SimpleRNN(8)(x)\n';
    expect(write(direct, [swap(direct, 'SimpleRNN(8)')])?.text).toBe(
      'from keras.layers import SimpleRNN, LSTM\nx = LSTM(8)(x)\n',
    );
    const table = `from keras import layers
CELLS = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM}
def model(cell="rnn"):
    Cell = CELLS[cell]
    return [Cell(8), 1]
`;
    expect(write(table, [swap(table, 'Cell(8)')])?.text).toBe(table.replace('cell="rnn"', 'cell="lstm"'));
  });

  it('averages all steps, behind the wrapper where there is one', () => {
    const text = 'from keras.layers import Bidirectional, GRU\nx = Bidirectional(GRU(8))(x)\n';
    const change: Change = { kind: 'readAllSteps', layers: layers(text, 'net.py', 'GRU', 'GRU(8)'), reads: [] };
    expect(write(text, [change])?.text).toBe(
      'from keras.layers import Bidirectional, GRU, GlobalAveragePooling1D\nx = Bidirectional(GRU(8, return_sequences=True))(x)\nx = GlobalAveragePooling1D()(x)\n',
    );
  });
});

describe('heads and losses in Keras', () => {
  const place = (text: string, op: 'softmax' | 'relu', piece: string) =>
    activations(text, 'net.py', piece).map((found) => ({ ...found, op }));

  it.each([
    'Dense(1, activation="softmax")  # eins 😀',
    "Activation('softmax')",
    'Activation(keras.activations.softmax)',
  ])('writes a sigmoid for the softmax of %s, and the loss that belongs to it', (layer) => {
    const piece = layer.replace(/ {2}#.*/, '');
    const text = `import keras\nfrom keras.layers import *\nmodel = keras.Sequential([\n\t${layer}\n])\r\nmodel.compile('sgd',\tloss = 'mse')\n`;
    const compile = text.slice(text.indexOf('model.compile'), -1);
    const loss: Change = { kind: 'loss', to: 'binary', places: layers(text, 'net.py', '', compile) };
    const swap: Change = { kind: 'sigmoidForSoftmax', places: place(text, 'softmax', piece) };
    expect(write(text, [swap, loss])?.text).toBe(
      text.replace('softmax', 'sigmoid').replace("'mse'", "'binary_crossentropy'"),
    );
  });

  it('leaves a loss alone that is no string, or takes other targets', () => {
    for (const loss of ['my_loss', "'sparse_categorical_crossentropy'"]) {
      const text = `import keras\nmodel.compile('sgd', loss=${loss})\n`;
      const change: Change = { kind: 'loss', to: 'binary', places: layers(text, 'net.py', '', text.slice(13, -1)) };
      expect(write(text, [change])).toBeNull();
    }
  });

  it('swaps a rectifier only where the model runs one there', () => {
    const layer = "Dense(4, activation='relu')";
    const text = `from keras.layers import Dense\nx = ${layer}\n`;
    const change = (op: 'softmax' | 'relu'): Change => ({
      kind: 'activation',
      to: 'elu',
      places: place(text, op, layer),
    });
    expect(write(text, [change('relu')])?.text).toBe(text.replace('relu', 'elu'));
    expect(write(text, [change('softmax')])).toBeNull();
  });
});
