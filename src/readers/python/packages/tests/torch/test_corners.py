"""Lazy layers, distributions, norms and the rest that models lean on now and then."""

import math
import unittest

import torch
from gradient_lens.errors import UnsupportedOp
from tests.support import graph_of, node, ops, parameters, run, traced


class Lazy(unittest.TestCase):
    def test_the_first_input_tells_the_size(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.net = nn.Sequential(
                        nn.LazyConv2d(6, kernel_size=5, padding=2), nn.LazyBatchNorm2d(), nn.ReLU(),
                        nn.Flatten(), nn.LazyLinear(10, bias=False))
                def forward(self, x):
                    return self.net(x)
            """,
            (2, 3, 4, 4),
        )
        shapes = {name: p['shape'] for name, p in parameters(graph).items()}
        self.assertEqual(shapes['net.0.weight'], [6, 3, 5, 5])
        self.assertEqual(shapes['net.1.weight'], [6])
        self.assertEqual(shapes['net.4.weight'], [10, 96])
        self.assertNotIn('net.4.bias', shapes)
        self.assertEqual(parameters(graph)['net.4.weight']['span']['range']['start'], {'line': 9, 'character': 26})
        self.assertAlmostEqual(parameters(graph)['net.4.weight']['initialiser']['high'], 96**-0.5)

    def test_once_made_it_stays(self) -> None:
        model = run('from torch import nn\nm = nn.Sequential(nn.LazyLinear(3))\n')['m']
        graph_of(model, (2, 5))
        with self.assertRaisesRegex(RuntimeError, 'cannot be multiplied'):
            graph_of(model, (2, 6))


class Distributions(unittest.TestCase):
    def test_reparametrised_draws(self) -> None:
        graph = traced(
            """
            from torch.distributions import Normal, kl_divergence
            class Net(nn.Module):
                def forward(self, x):
                    q = Normal(x, x.exp())
                    z = q.rsample()
                    return z, kl_divergence(q, Normal(torch.zeros_like(x), torch.ones_like(x))).sum()
            """,
            (2, 3),
        )
        self.assertEqual(node(graph, 'random')['attributes'], {'distribution': 'normal', 'draw': 0})

    def test_formulas(self) -> None:
        from torch.distributions import Bernoulli, Normal, kl_divergence

        p, q = Normal(1.0, 2.0), Normal(0.0, 1.0)
        self.assertAlmostEqual(kl_divergence(p, q).item(), math.log(1 / 2) + (4 + 1) / 2 - 0.5)
        self.assertAlmostEqual(p.log_prob(3.0).item(), -0.5 - math.log(2) - 0.5 * math.log(2 * math.pi))
        self.assertAlmostEqual(Bernoulli(probs=torch.tensor(0.25)).log_prob(1.0).item(), math.log(0.25))

    def test_others_are_refused(self) -> None:
        with self.assertRaisesRegex(UnsupportedOp, 'Dirichlet'):
            torch.distributions.Dirichlet(torch.ones(3))


class Norms(unittest.TestCase):
    def test_linalg(self) -> None:
        x = torch.tensor([[3.0, 4.0], [0.0, 5.0]])
        self.assertEqual(torch.linalg.norm(x, dim=1).tolist(), [5.0, 5.0])
        self.assertAlmostEqual(torch.linalg.norm(x).item(), math.sqrt(50))
        with self.assertRaisesRegex(UnsupportedOp, 'svd'):
            torch.linalg.svd(x)


class Fixed(unittest.TestCase):
    def test_positional_table_of_five_thousand_rows(self) -> None:
        """The table of the PyTorch tutorial: only the rows in use are worked out."""
        graph = traced(
            """
            import math
            class Net(nn.Module):
                def __init__(self, d_model=64, max_len=5000):
                    super().__init__()
                    position = torch.arange(max_len).unsqueeze(1)
                    div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
                    pe = torch.zeros(max_len, 1, d_model)
                    pe[:, 0, 0::2] = torch.sin(position * div_term)
                    pe[:, 0, 1::2] = torch.cos(position * div_term)
                    self.register_buffer('pe', pe)
                def forward(self, x):
                    return x + self.pe[:x.size(0)]
            """,
            (7, 2, 64),
        )
        self.assertEqual(ops(graph), ['add'])
        values = node(graph, 'constant')['attributes']['values']
        self.assertEqual(len(values), 7 * 64)
        self.assertAlmostEqual(values[3 * 64], math.sin(3))
        self.assertAlmostEqual(values[3 * 64 + 3], math.cos(3 * 10000 ** (-2 / 64)))

    def test_stochastic_depth_schedule(self) -> None:
        rates = [x.item() for x in torch.linspace(0, 0.3, 4)]
        self.assertAlmostEqual(rates[1], 0.1)


if __name__ == '__main__':
    unittest.main()
