"""Weight norm, spectral norm and parametrizations: names, order and values as PyTorch has them."""

import unittest
from typing import Any

import torch
from gradient_lens.recorder import Recorder
from torch import nn
from torch.nn.utils import parametrizations, parametrize, spectral_norm, weight_norm

from ..support import graph_of, ops


def _names(module: Any) -> list[str]:
    return [name for name, _ in module.named_parameters()]


class WeightNorm(unittest.TestCase):
    def test_by_hook(self) -> None:
        layer = weight_norm(nn.Linear(6, 5))
        self.assertEqual(_names(layer), ['bias', 'weight_g', 'weight_v'])
        self.assertEqual(tuple(layer.weight_g.shape), (5, 1))
        self.assertEqual(tuple(weight_norm(nn.Linear(6, 5), dim=None).weight_g.shape), ())

    def test_parametrization(self) -> None:
        layer = parametrizations.weight_norm(nn.Linear(6, 5))
        self.assertEqual(
            _names(layer), ['bias', 'parametrizations.weight.original0', 'parametrizations.weight.original1']
        )
        self.assertEqual(tuple(layer(torch.randn(2, 6)).shape), (2, 5))


class SpectralNorm(unittest.TestCase):
    def test_names(self) -> None:
        self.assertEqual(_names(spectral_norm(nn.Linear(6, 5))), ['bias', 'weight_orig'])
        self.assertEqual(
            _names(parametrizations.spectral_norm(nn.Conv2d(3, 5, 3))), ['bias', 'parametrizations.weight.original']
        )

    def test_no_gradient_flows_to_the_vectors(self) -> None:
        """u^T W v reads W uncut once; the two halves of each of the 15 rounds read it cut off."""
        graph = graph_of(spectral_norm(nn.Linear(6, 5)), (2, 6))
        self.assertEqual(ops(graph).count('matmul'), 2 * 15 + 2)
        made = [node for node in graph['nodes'] if node['op'] == 'parameter']
        weight = next(node['outputs'][0] for node in made if graph['values'][node['outputs'][0]]['shape'] == [5, 6])
        readers = [node['op'] for node in graph['nodes'] if weight in node['inputs'] and node['op'] != 'detach']
        self.assertEqual(sorted(readers), ['div', 'matmul'])

    def test_the_restart_is_told(self) -> None:
        net = spectral_norm(nn.Linear(6, 5))
        with Recorder() as recorder:
            net(recorder.input('x', (2, 6)))
        self.assertIn('spectral_norm', recorder.guesses[0]['message'])


class Parametrized(unittest.TestCase):
    def test_a_parametrization_of_ones_own(self) -> None:
        class Symmetric(nn.Module):
            def forward(self, x: Any) -> Any:
                return x.triu() + x.triu(1).transpose(-1, -2)

        layer = nn.Linear(3, 3, bias=False)
        with torch.no_grad():
            layer.weight.copy_(torch.arange(9.0).reshape(3, 3))
        parametrize.register_parametrization(layer, 'weight', Symmetric())
        self.assertEqual(_names(layer), ['parametrizations.weight.original'])
        self.assertEqual(type(layer).__name__, 'ParametrizedLinear')
        self.assertTrue(parametrize.is_parametrized(layer, 'weight'))
        with torch.no_grad():
            self.assertEqual(layer.weight.tolist(), [[0.0, 1.0, 2.0], [1.0, 4.0, 5.0], [2.0, 5.0, 8.0]])


if __name__ == '__main__':
    unittest.main()
