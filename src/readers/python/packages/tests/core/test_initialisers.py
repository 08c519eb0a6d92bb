"""The law of a parameter's elements, read off the ops that made it."""

import math
import unittest

from gradient_lens.initialisers import affine, fan_in_out
from tests.support import run


def law(expression: str) -> dict:
    """The law of `nn.Parameter(expression)`."""
    from gradient_lens.initialisers import initialiser_of

    namespace = run(f'import math\nimport torch\nfrom torch import nn\np = nn.Parameter({expression})\n')
    return initialiser_of(namespace['p']._record.contents)


class Laws(unittest.TestCase):
    def test_scaled_and_shifted_draws(self) -> None:
        self.assertEqual(law('torch.randn(4, 5) * 0.02'), {'kind': 'normal', 'mean': 0.0, 'std': 0.02})
        self.assertEqual(law('0.5 * torch.randn(4, 5) + 1'), {'kind': 'normal', 'mean': 1.0, 'std': 0.5})
        self.assertEqual(law('torch.rand(4, 5) * 2 - 1'), {'kind': 'uniform', 'low': -1.0, 'high': 1.0})
        self.assertEqual(law('-torch.rand(4, 5) / 4'), {'kind': 'uniform', 'low': -0.25, 'high': 0.0})
        self.assertEqual(law('1 - torch.rand(3, 3)'), {'kind': 'uniform', 'low': 0.0, 'high': 1.0})

    def test_moving_draws_about_keeps_their_law(self) -> None:
        self.assertEqual(law('torch.randn(4, 6).view(2, 12).t()[:3]')['kind'], 'normal')

    def test_known_numbers(self) -> None:
        self.assertEqual(law('torch.zeros(3, 4)'), {'kind': 'constant', 'value': 0.0})
        self.assertEqual(law('torch.full((2, 2), 1e-5)'), {'kind': 'constant', 'value': 1e-5})
        self.assertEqual(law('torch.linspace(0, 1, 3)'), {'kind': 'values', 'values': [0.0, 0.5, 1.0]})
        self.assertEqual(law('torch.tensor(0.5)'), {'kind': 'constant', 'value': 0.5})

    def test_halves_of_different_law_are_regions(self) -> None:
        found = law('torch.cat([torch.zeros(2, 3), torch.randn(1, 3)])')
        self.assertEqual(found['kind'], 'regions')
        self.assertEqual([region['stop'] for region in found['regions']], [[2, 3], [3, 3]])
        self.assertEqual(found['regions'][1]['fill']['kind'], 'normal')

    def test_sum_of_normals(self) -> None:
        self.assertEqual(law('torch.randn(3, 3) * 3 + torch.randn(3, 3) * 4')['std'], 5.0)

    def test_what_cannot_be_followed_says_so(self) -> None:
        found = law('torch.randn(4, 9).exp()')
        self.assertEqual(found['kind'], 'unknown')
        self.assertIn('exp', found['reason'])
        self.assertEqual(found['assumed'], {'kind': 'uniform', 'low': -1 / 3, 'high': 1 / 3})
        self.assertIn('torch.empty', law('torch.empty(4, 9)')['reason'])

    def test_affine_of_what_has_no_simple_form(self) -> None:
        base = {'kind': 'truncatedNormal', 'mean': 0.0, 'std': 1.0, 'low': -2.0, 'high': 2.0}
        once = affine(base, 2.0, 1.0)
        self.assertEqual(affine(once, 3.0, -1.0), {'kind': 'affine', 'scale': 6.0, 'shift': 2.0, 'base': base})

    def test_fans(self) -> None:
        self.assertEqual(fan_in_out((8, 4, 3, 3)), (36, 72))
        self.assertEqual(fan_in_out((8, 4)), (4, 8))

    def test_negative_scale_of_a_normal(self) -> None:
        self.assertTrue(math.isclose(affine({'kind': 'normal', 'mean': 1.0, 'std': 2.0}, -0.5, 0.0)['std'], 1.0))
