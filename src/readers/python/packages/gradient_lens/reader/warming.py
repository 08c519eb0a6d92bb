"""Readings of small examples before the memory snapshot is made.

Each reading begins with the memory of the snapshot, hence with its byte code, type caches and compiled regular
expressions: without examples every reading would run the reader's code for the first time.
"""

from __future__ import annotations

import gc
import os
from types import FunctionType

from .. import spans
from ..spans import USER_ROOT
from .reading import read_request

#: CPython specialises an instruction at its second or third run.
_ROUNDS = 3

_TORCH = """\
import torch
import torch.nn as nn
import torch.nn.functional as F

class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)
        self.norm = nn.BatchNorm2d(width)

    def forward(self, x):
        return x + F.relu(self.norm(self.conv(x)))

class Net(nn.Module):
    def __init__(self, depth=3):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        layers = []
        for _ in range(depth):
            layers += [Block(8), nn.MaxPool2d(2)]
        self.layers = nn.Sequential(*layers)
        self.first = nn.Linear(72, 16)
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = self.layers(self.stem(x))
        x = torch.flatten(x, 1)
        x = F.dropout(torch.sigmoid(self.first(x)), 0.5, self.training)
        return F.log_softmax(self.head(x), dim=1)

class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc0 = nn.Linear(64, 64)
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 64)

    def forward(self, x):
        x = F.relu(self.fc0(x))
        x = F.relu(self.fc1(x))
        return torch.tanh(self.fc2(x))

def main():
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for step in range(3):
        x, y = torch.randn(4, 3, 32, 32), torch.randint(0, 10, (4,))
        loss = F.nll_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

if __name__ == '__main__':
    main()
"""

_KERAS = """\
import keras
from keras import layers

inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(8, 3, padding='same')(inputs)
x = layers.BatchNormalization()(x)
x = layers.Activation('relu')(x)
x = layers.add([x, layers.Conv2D(8, 1)(inputs)])
x = layers.MaxPooling2D()(x)
x = layers.Flatten()(x)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(10, activation='softmax')(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy')

deep = keras.Sequential([keras.Input((64,))])
for _ in range(4):
    deep.add(layers.Dense(64, activation='sigmoid'))
deep.compile(optimizer=keras.optimizers.SGD(0.1), loss='mse')
"""

_SAMPLES = {'torch_example.py': _TORCH, 'keras_example.py': _KERAS}


def read_samples() -> None:
    """Reads the examples. Raises where one of them is not read whole, or where something of them is left."""
    os.makedirs(USER_ROOT, exist_ok=True)
    for path, text in _SAMPLES.items():
        with open(USER_ROOT + path, 'w', encoding='utf-8') as file:
            file.write(text)
        for _ in range(_ROUNDS):
            found = read_request({'path': path, 'batch': 2})
            assert found['models'] and not found['problems'], found['problems']
            assert all(model['graph'] is not None for model in found['models'])
        os.remove(USER_ROOT + path)
    os.rmdir(USER_ROOT)
    spans.forget()
    gc.collect()
    functions = [item for item in gc.get_objects() if isinstance(item, FunctionType)]
    left = [item.__qualname__ for item in functions if spans.is_user_code(item.__code__.co_filename)]
    assert not left, left
