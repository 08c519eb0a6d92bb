import { describe, expect, it } from 'vitest';
import { countKerasDefinitions } from '../../corpus/kerasDefinitions';

const count = (text: string) =>
  countKerasDefinitions({ path: 'net.py', text: `import keras\n${text}` }).map(
    ({ kind, name, from }) => `${from} ${kind} ${name}`,
  );

describe('the count of Keras definitions', () => {
  it('counts a variable once per definition', () => {
    expect(
      count(`model = keras.Sequential([keras.layers.Dense(1)])
model.compile()
model = models.Sequential()
model.add(layers.Dense(2))
model = keras.Model(inputs=a, outputs=b)
`),
    ).toEqual(['1 variable model', '3 variable model', '5 variable model']);
  });

  it('takes a model inside another for a part', () => {
    expect(
      count(`augment = keras.Sequential([layers.RandomFlip()])
x = augment(inputs)
x = layers.Dense(3)(x)
model = keras.Model(inputs, x)
base = keras.Sequential([layers.Dense(3)])
top = keras.Sequential([base, layers.Dense(1)])
`),
    ).toEqual(['4 variable model', '6 variable top']);
  });

  it('counts a model that is tried out on something', () => {
    expect(count(`model = keras.Sequential([layers.Dense(3)])\ny = model(x)\nprint(y)\n`)).toEqual([
      '1 variable model',
    ]);
  });

  it('counts functions that make models, and leaves out those that other models use', () => {
    expect(
      count(`def net(width):
    return keras.Sequential([layers.Dense(width)])
def plain():
    return 3
class Around(keras.Model):
    def __init__(self):
        self.net = net(3)
    def call(self, x):
        return self.net(x)
`),
    ).toEqual(['5 class Around']);
    expect(count('def net(width):\n    return keras.Sequential([layers.Dense(width)])\nmodel = net(3)\n')).toEqual([
      '1 builder net',
    ]);
  });

  it('takes a subclass without a call for the functional model that it is made as', () => {
    expect(
      count(`class Custom(keras.Model):
    def train_step(self, data):
        return {}
model = Custom(inputs, outputs)
`),
    ).toEqual(['4 variable model']);
  });

  it('takes a model that a model class takes from outside for a part, and one of a name that it binds itself for none', () => {
    const text = (body: string) => `net = keras.Sequential([layers.Dense(3)])
class Around(keras.Model):
    def __init__(self):
        ${body}
    def call(self, x):
        return self.net(x)
`;
    expect(count(text('self.net = net'))).toEqual(['2 class Around']);
    expect(count(text('net = layers.Dense(3); self.net = net'))).toEqual(['1 variable net', '2 class Around']);
    expect(count(text('self.net = layers.Dense(3, net=3)'))).toEqual(['1 variable net', '2 class Around']);
    const builder = `net = keras.Sequential([layers.Dense(3)])
def build(width):
    return keras.Sequential([net, layers.Dense(width)])
`;
    expect(count(builder)).toEqual(['2 builder build']);
    expect(count(builder.replace('(width)', '(width, net)'))).toEqual(['1 variable net', '2 builder build']);
  });

  it('joins the models that a training step goes through, unless it trains them in turn', () => {
    const text = (updates: string) => `encoder = keras.Sequential([layers.Dense(3)])
decoder = keras.Model(a, b)
class Joined(keras.Model):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
    def train_step(self, data):
        y = self.decoder(self.encoder(data))
        ${updates}
joined = Joined(encoder, decoder=decoder)
`;
    expect(count(text('self.optimizer.apply_gradients(g)'))).toEqual(['10 variable joined']);
    expect(count(text('self.d.apply_gradients(g); self.g.apply(h)'))).toEqual([
      '1 variable encoder',
      '2 variable decoder',
    ]);
  });

  it('leaves out views of a model', () => {
    expect(
      count(`model = keras.Sequential([layers.Dense(3)])
layer = model.get_layer('a')
view = keras.Model(inputs=model.input, outputs=layer.output)
x = layers.Dense(2)(layer.output)
tuned = keras.Model(inputs=model.input, outputs=x)
`),
    ).toEqual(['1 variable model', '5 variable tuned']);
  });

  it('leaves out PyTorch and layers', () => {
    expect(
      count(`class Net(torch.nn.Module):
    def __init__(self):
        self.net = nn.Sequential(nn.Linear(1, 1))
class Own(keras.layers.Layer):
    def __init__(self):
        self.inner = keras.Sequential([layers.Dense(3)])
`),
    ).toEqual([]);
    expect(countKerasDefinitions({ path: 'net.py', text: 'model = Sequential()\n' })).toEqual([]);
  });
});
