"""What a file says about how its parameters start (`nn.init`, `.data`, `no_grad`), with PyTorch's formulas."""

import math
import unittest

from gradient_lens.errors import BadArgument
from tests.support import parameters, run, traced


def started(statement: str, layer: str = 'nn.Linear(8, 4)') -> dict:
    """The parameters of a layer after a statement about `layer`."""
    text = f'def make():\n    layer = {layer}\n    {statement}\n    return layer\n'
    namespace = run('import torch\nfrom torch import nn\n' + text)
    from gradient_lens.extraction import _parameter

    return {name: _parameter(name, p._record, None) for name, p in namespace['make']().named_parameters()}


def weight(statement: str, layer: str = 'nn.Linear(8, 4)') -> dict:
    return started(statement, layer)['weight']['initialiser']


class Schemes(unittest.TestCase):
    def test_defaults(self) -> None:
        found = started('pass')
        bound = 8**-0.5
        for name in ('weight', 'bias'):
            law = found[name]['initialiser']
            self.assertEqual(law['kind'], 'uniform')
            self.assertAlmostEqual(law['low'], -bound)
            self.assertAlmostEqual(law['high'], bound)
        self.assertEqual(found['weight']['initialiserOrigin'], 'default')
        self.assertIsNone(found['weight']['initialiserSpan'])

    def test_origin_and_place(self) -> None:
        found = started('nn.init.zeros_(layer.bias)')
        self.assertEqual(found['bias']['initialiserOrigin'], 'file')
        self.assertEqual(found['bias']['initialiserSpan']['range']['start'], {'line': 4, 'character': 4})
        self.assertEqual(found['weight']['initialiserOrigin'], 'default')
        self.assertEqual(started('layer.reset_parameters()')['weight']['initialiserOrigin'], 'default')

    def test_he(self) -> None:
        self.assertAlmostEqual(weight("nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')")['std'], math.sqrt(2 / 8))
        self.assertAlmostEqual(weight("nn.init.kaiming_normal_(layer.weight, mode='fan_out')")['std'], math.sqrt(2 / 4))
        self.assertAlmostEqual(weight('nn.init.kaiming_uniform_(layer.weight, a=5 ** 0.5)')['high'], 8**-0.5)
        convolution = weight("nn.init.kaiming_normal_(layer.weight, mode='fan_out')", 'nn.Conv2d(3, 6, 5, groups=3)')
        self.assertAlmostEqual(convolution['std'], math.sqrt(2 / (6 * 25)))

    def test_glorot(self) -> None:
        self.assertAlmostEqual(weight('nn.init.xavier_uniform_(layer.weight)')['high'], math.sqrt(6 / 12))
        gain = "gain=nn.init.calculate_gain('tanh')"
        self.assertAlmostEqual(weight(f'nn.init.xavier_normal_(layer.weight, {gain})')['std'], 5 / 3 * math.sqrt(2 / 12))

    def test_others(self) -> None:
        self.assertEqual(weight('nn.init.orthogonal_(layer.weight, 1.4)'), {'kind': 'orthogonal', 'gain': 1.4, 'rows': 4})
        self.assertEqual(weight('nn.init.eye_(layer.weight)'), {'kind': 'identity', 'gain': 1})
        self.assertEqual(weight('nn.init.sparse_(layer.weight, 0.9)'), {'kind': 'sparse', 'sparsity': 0.9, 'std': 0.01})
        self.assertEqual(weight('nn.init.dirac_(layer.weight, 2)', 'nn.Conv1d(4, 4, 3)'), {'kind': 'dirac', 'groups': 2})
        self.assertEqual(
            weight('nn.init.trunc_normal_(layer.weight, std=0.02)'),
            {'kind': 'truncatedNormal', 'mean': 0.0, 'std': 0.02, 'low': -2.0, 'high': 2.0},
        )
        self.assertEqual(weight('nn.init.constant_(layer.weight, 0.3)'), {'kind': 'constant', 'value': 0.3})

    def test_gains(self) -> None:
        import torch

        gain = torch.nn.init.calculate_gain
        self.assertAlmostEqual(gain('leaky_relu', 0.2), math.sqrt(2 / 1.04))
        self.assertEqual((gain('sigmoid'), gain('tanh'), gain('selu')), (1.0, 5 / 3, 0.75))
        with self.assertRaises(BadArgument):
            gain('gelu')

    def test_fans_of_a_vector(self) -> None:
        with self.assertRaisesRegex(BadArgument, 'fewer than 2 dimensions'):
            started('nn.init.xavier_uniform_(layer.bias)')


class ByHand(unittest.TestCase):
    def test_data(self) -> None:
        self.assertEqual(weight('layer.weight.data.normal_(0, 0.01)'), {'kind': 'normal', 'mean': 0.0, 'std': 0.01})
        self.assertEqual(weight('layer.weight.data.uniform_(-0.1, 0.1)'), {'kind': 'uniform', 'low': -0.1, 'high': 0.1})
        self.assertEqual(weight('layer.weight.data.fill_(2)'), {'kind': 'constant', 'value': 2.0})
        self.assertAlmostEqual(weight('layer.weight.data *= 0.5')['high'], 0.5 * 8**-0.5)
        self.assertAlmostEqual(weight('layer.weight.data.mul_(2).sub_(1)')['low'], -2 * 8**-0.5 - 1)
        self.assertEqual(weight('layer.weight.data = torch.randn(4, 8) * 3'), {'kind': 'normal', 'mean': 0.0, 'std': 3.0})
        self.assertEqual(weight('layer.weight.data.copy_(torch.zeros(8))'), {'kind': 'constant', 'value': 0.0})

    def test_without_gradients(self) -> None:
        text = 'torch.set_grad_enabled(False); layer.weight.zero_(); layer.bias.normal_(); torch.set_grad_enabled(True)'
        found = started(text)
        self.assertEqual(found['weight']['initialiser'], {'kind': 'constant', 'value': 0.0})
        self.assertEqual(found['bias']['initialiser'], {'kind': 'normal', 'mean': 0.0, 'std': 1.0})

    def test_the_forget_gate(self) -> None:
        found = started('layer.bias_ih_l0.data[4:8].fill_(1)', 'nn.LSTM(3, 4)')['bias_ih_l0']
        law = found['initialiser']
        self.assertEqual(law['kind'], 'regions')
        self.assertEqual(law['base'], {'kind': 'uniform', 'low': -0.5, 'high': 0.5})
        self.assertEqual(law['regions'], [{'start': [4], 'stop': [8], 'fill': {'kind': 'constant', 'value': 1.0}}])
        self.assertEqual(found['initialiserOrigin'], 'file')

    def test_init_of_a_part(self) -> None:
        law = weight('nn.init.zeros_(layer.weight.data[1:3])')
        self.assertEqual(law['regions'][0]['start'], [1, 0])

    def test_rows_of_an_embedding(self) -> None:
        law = weight('layer.weight.data[0].zero_()', 'nn.Embedding(5, 2)')
        self.assertEqual(law['regions'], [{'start': [0, 0], 'stop': [1, 2], 'fill': {'kind': 'constant', 'value': 0.0}}])

    def test_weights_from_elsewhere_are_never_judged(self) -> None:
        found = started("layer.load_state_dict(torch.load('best.pt'))")
        self.assertEqual(found['weight']['initialiserOrigin'], 'checkpoint')
        self.assertEqual(found['weight']['initialiser']['kind'], 'unknown')
        self.assertEqual(found['weight']['initialiser']['assumed']['kind'], 'uniform')

    def test_state_from_another_module_is_taken_over(self) -> None:
        found = started('other = nn.Linear(8, 4); nn.init.ones_(other.weight); layer.load_state_dict(other.state_dict())')
        self.assertEqual(found['weight']['initialiser'], {'kind': 'constant', 'value': 1.0})

    def test_keys_that_do_not_fit(self) -> None:
        with self.assertRaisesRegex(RuntimeError, r'Missing key\(s\)'):
            started("layer.load_state_dict({'w': torch.zeros(1)})")

    def test_apply(self) -> None:
        graph = traced(
            """
            def init_weights(m):
                if isinstance(m, nn.Linear):
                    torch.nn.init.xavier_uniform_(m.weight)
                    m.bias.data.fill_(0.01)
            class Net(nn.Sequential):
                pass
            def make():
                net = Net(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))
                net.apply(init_weights)
                return net
            """,
            (2, 4),
            entry='make()',
        )
        self.assertEqual(parameters(graph)['0.bias']['initialiser'], {'kind': 'constant', 'value': 0.01})
        self.assertAlmostEqual(parameters(graph)['2.weight']['initialiser']['high'], 1.0)

    def test_weight_norm(self) -> None:
        found = started("torch.nn.utils.weight_norm(layer)")
        self.assertEqual(list(found), ['bias', 'weight_g', 'weight_v'])
        self.assertEqual(found['weight_g']['shape'], [4, 1])
        # ||v|| of eight draws from U(-1/sqrt(8), 1/sqrt(8)): sqrt(8 / (3 * 8)).
        self.assertAlmostEqual(found['weight_g']['initialiser']['value'], math.sqrt(1 / 3))


if __name__ == '__main__':
    unittest.main()
