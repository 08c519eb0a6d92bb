/** Files of models by the number of their layers, written the two ways that people write them. */

const times = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, n) => line(n));

const torchLines = (layers: number) =>
  [
    'import torch.nn as nn',
    'import torch.nn.functional as F',
    '',
    'class Net(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...times(layers, (n) => `        self.fc${n} = nn.Linear(64, 64)`),
    '',
    '    def forward(self, x):',
    ...times(layers, (n) => `        x = F.relu(self.fc${n}(x))`),
    '        return x',
    '',
  ].join('\n');

const torchLoop = (layers: number) => `import torch.nn as nn

class Net(nn.Module):
    def __init__(self, depth=${layers}):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [nn.Linear(64, 64), nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)
`;

const kerasLines = (layers: number) =>
  [
    'import keras',
    'from keras import layers',
    '',
    'inputs = keras.Input((64,))',
    'x = inputs',
    ...times(layers, () => "x = layers.Dense(64, activation='relu')(x)"),
    'model = keras.Model(inputs, x)',
    '',
  ].join('\n');

const kerasLoop = (layers: number) => `import keras
from keras import layers

model = keras.Sequential([keras.Input((64,))])
for _ in range(${layers}):
    model.add(layers.Dense(64, activation='relu'))
`;

export const SOURCES: Record<string, (layers: number) => string> = {
  'PyTorch, a line each': torchLines,
  'PyTorch, in a loop': torchLoop,
  'Keras, a line each': kerasLines,
  'Keras, in a loop': kerasLoop,
};
