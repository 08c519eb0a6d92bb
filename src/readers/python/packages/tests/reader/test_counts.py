"""Loops over something unknown run once here; what is made in them must not pass for the whole."""

from typing import Any

from .reading_case import ReadingCase

NET = """
from settings_store import load
depth = load('x')['depth']

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {layers}

    def forward(self, x):
        for layer in self.layers:
            x = torch.sigmoid(layer(x))
        return x
"""
CALL = 'net = Net()\nnet(torch.randn(4, 8))\n'

FORWARD = """
from settings_store import load
depth = load('x')['depth']

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)

    def forward(self, x):
        for _ in range(depth):
            x = torch.sigmoid(self.first(x))
        return x
"""


class CountsTest(ReadingCase):
    def unread(self, *text: str) -> Any:
        [model] = self.read(*text)['models']
        self.assertIsNone(model['graph'])
        return model['unread']

    def test_layers_of_an_unknown_number(self) -> None:
        for layers in (
            'self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(depth)])',
            'self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in depth)',
            'self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(int(depth) - 1)])',
            'self.layers = nn.ModuleList([nn.Linear(8, 8) for _, _ in enumerate(depth)])',
        ):
            found = self.unread(NET.format(layers=layers), CALL)
            self.assertIn("load(...)['depth']", found['message'])
            self.assertIn('# gradient-lens: args=', found['message'])
            self.assertEqual((found['code'], self.line(found['span'])), ('needs-arguments', 11))

    def test_weights_of_an_unknown_number(self) -> None:
        text = NET.format(layers='self.layers = nn.ParameterList([nn.Parameter(torch.randn(8, 8)) for _ in range(depth)])')
        self.assertIn("load(...)['depth']", self.unread(text.replace('layer(x)', 'x @ layer'), CALL)['message'])

    def test_a_forward_pass_that_repeats_itself(self) -> None:
        for call in (CALL, 'net = Net()\n'):
            found = self.unread(FORWARD, call)
            self.assertIn("range(settings_store.load(...)['depth'])", found['message'])
            self.assertEqual(self.line(found['span']), 14)

    def test_a_known_number_is_read(self) -> None:
        text = NET.format(layers='self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])')
        [model] = self.read(text, CALL)['models']
        self.assertIsNone(model['unread'])

    def test_models_made_and_trained_in_loops_over_unknown_data(self) -> None:
        text = NET.format(layers='self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])')
        for script in (
            'for fold in load("folds"):\n    net = Net()\n    net(torch.randn(4, 8))\n',
            'net = Net()\nfor batch in load("loader"):\n    net(torch.randn(4, 8))\n',
            'batches = iter(load("loader"))\nfirst = next(batches)\nnet = Net()\nnet(torch.randn(4, 8))\n',
            'for batch in load("loader"):\n    break\nnet = Net()\nnet(torch.randn(4, 8))\n',
        ):
            [model] = self.read(text, script)['models']
            self.assertIsNone(model['unread'], script)
            self.assertEqual(len([v for v in model['graph']['nodes'] if v['op'] == 'parameter']), 6)

    def test_keras(self) -> None:
        head = 'import keras\nfrom keras import layers\nfrom settings_store import load\ndepth = load("x")["depth"]\n'
        for body in (
            'x = a = keras.Input((8,))\nfor _ in range(depth):\n    x = layers.Dense(8)(x)\nmodel = keras.Model(a, layers.Dense(1)(x))\n',
            'x = a = keras.Input((8,))\nd = layers.Dense(8)\nfor _ in range(depth):\n    x = d(x)\nmodel = keras.Model(a, x)\n',
            'model = keras.Sequential([keras.Input((8,))])\nfor _ in range(depth):\n    model.add(layers.Dense(8))\n',
        ):
            self.assertIn("load(...)['depth']", self.unread(head + body)['message'], body)

    def test_keras_weights_are_made_late(self) -> None:
        [model] = self.read("""
import keras
from keras import layers
from settings_store import load

class Block(layers.Layer):
    def build(self, shape):
        self.inner = layers.Dense(shape[-1])

    def call(self, x):
        return self.inner(x)

model = keras.Sequential([Block(), layers.Dense(1)])
for x in load('batches'):
    model(keras.ops.ones((4, 8)))
""")['models']
        self.assertIsNone(model['unread'])
