"""Conditions that chance decides in the forward pass."""

from .reading_case import ReadingCase

NET = """
import random
import numpy as np

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(6, 6) for _ in range(3)])

    def forward(self, x):
        for layer in self.layers:
            if KEEP:
                x = torch.relu(layer(x))
        return x
"""


class ChanceTest(ReadingCase):
    def kept(self, condition: str) -> int:
        model = self.only(self.read(NET.replace('KEEP', condition)))
        [guess] = model['guesses']
        self.assertIn('drawn afresh in every step', guess['message'])
        self.assertEqual(self.line(guess['span']), 15)
        return sum(node['op'] == 'linear' for node in model['graph']['nodes'])

    def test_what_happens_rarely_does_not_happen(self) -> None:
        self.assertEqual(self.kept('torch.rand(1) > 0.2'), 3)
        self.assertEqual(self.kept('torch.rand(1).item() > 0.2 or not self.training'), 3)
        self.assertEqual(self.kept('not (torch.zeros(3).uniform_(0, 1) < 0.1)[0]'), 3)
        self.assertEqual(self.kept('not torch.bernoulli(torch.tensor(0.3))'), 3)
        self.assertEqual(self.kept('random.random() > 0.2'), 3)
        self.assertEqual(self.kept('random.uniform(0, 1) > 0.2'), 3)
        self.assertEqual(self.kept('np.random.rand() > 0.2'), 3)
        self.assertEqual(self.kept('np.random.uniform(0, 1) > 0.2'), 3)

    def test_what_happens_mostly_does_happen(self) -> None:
        # The last layer stays, or nothing would be left to give back.
        model = self.only(self.read(NET.replace('KEEP', 'layer is self.layers[2] or random.random() > 0.8')))
        self.assertEqual(sum(node['op'] == 'linear' for node in model['graph']['nodes']), 1)

    def test_layers_that_are_drawn_beforehand(self) -> None:
        model = self.only(self.read("""
import random

def dropped(layers, rate):
    drop = torch.zeros(len(layers)).uniform_(0., 1.) < rate
    if all(drop):
        drop[random.randrange(len(layers))] = False
    return [layer for layer, gone in zip(layers, drop) if not gone]

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(6, 6) for _ in range(3)])

    def forward(self, x):
        for layer in dropped(self.layers, 0.05):
            x = torch.relu(layer(x))
        return x
"""))
        self.assertEqual(sum(node['op'] == 'linear' for node in model['graph']['nodes']), 3)
        self.assertEqual(sorted(self.line(guess['span']) for guess in model['guesses']), [9, 11])

    def test_what_data_decide_stays_unread(self) -> None:
        for condition in ('x.mean() > 0', '(torch.rand(1) * x.mean()) > 0'):
            [model] = self.read(NET.replace('KEEP', condition))['models']
            self.assertEqual(model['unread']['code'], 'data-dependent')

    def test_draws_of_the_constructor_are_none_of_the_forward_pass(self) -> None:
        model = self.only(self.read(NET.replace('KEEP', 'True').replace('range(3)', 'range(random.randint(2, 2))')))
        self.assertEqual(model['guesses'], [])
