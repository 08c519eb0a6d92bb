"""The inverse of the error function, and structures taken apart."""

import math
import unittest
from collections import OrderedDict
from typing import Any, NamedTuple

import torch
from gradient_lens.errors import ShapeMismatch, UnsupportedOp
from tests.support import traced
from torch._ops.erfinv import inverse_erf
from torch.utils._pytree import tree_flatten, tree_leaves, tree_map, tree_unflatten


class Pair(NamedTuple):
    left: int
    right: Any


class InverseErrorFunction(unittest.TestCase):
    def test_it_undoes_the_error_function(self) -> None:
        for i in range(-400, 401):
            y = i / 100
            # Where erf is flat, a number next to it in double precision is as far away in y.
            near = 4e-16 / (2 / math.sqrt(math.pi) * math.exp(-y * y)) + 1e-14
            self.assertAlmostEqual(inverse_erf(math.erf(y)), y, delta=near)
        self.assertAlmostEqual(inverse_erf(1e-30) * 1e30, math.sqrt(math.pi) / 2, places=14)
        self.assertEqual((inverse_erf(1.0), inverse_erf(-1.0)), (math.inf, -math.inf))
        self.assertTrue(math.isnan(inverse_erf(1.5)))

    def test_known_tensors(self) -> None:
        x = torch.tensor([[0.0, 0.5], [-0.9, 0.5]])
        for got in (torch.erfinv(x), x.erfinv(), torch.special.erfinv(x)):
            self.assertEqual(tuple(got.shape), (2, 2))
            # What PyTorch 1.13 gives.
            for item, wanted in zip(got.flatten().tolist(), (0.0, 0.4769363, -1.1630871, 0.4769363)):
                self.assertAlmostEqual(item, wanted, places=6)

    def test_what_flows_through_a_model_is_refused(self) -> None:
        with self.assertRaisesRegex(UnsupportedOp, 'erfinv'):
            traced('class Net(nn.Module):\n    def forward(self, x):\n        return torch.erfinv(x)\n', (2, 3))


class Trees(unittest.TestCase):
    def test_apart_and_together(self) -> None:
        tree = {'a': [1, (2, None)], 'b': Pair(3, OrderedDict(c=4)), 'd': ()}
        leaves, spec = tree_flatten(tree)
        self.assertEqual(leaves, [1, 2, None, 3, 4])
        again = tree_unflatten(leaves, spec)
        self.assertEqual(again, tree)
        self.assertIs(type(again['b']), Pair)
        self.assertEqual(spec, tree_flatten(again)[1])
        self.assertNotEqual(spec, tree_flatten([1, 2, 3, 4, 5])[1])
        self.assertEqual(tree_flatten(7)[0], [7])
        with self.assertRaisesRegex(ValueError, 'length 1 .* holds 5 items'):
            tree_unflatten([1], spec)

    def test_maps(self) -> None:
        self.assertEqual(tree_map(lambda a, b: a * b, [1, (2,)], [5, (6,)]), [5, (12,)])
        self.assertEqual(tree_leaves([[1, 2], 3], is_leaf=lambda item: item == [1, 2]), [[1, 2], 3])


class Broadcasting(unittest.TestCase):
    def test_the_last_axis_that_differs_is_named(self) -> None:
        # As PyTorch 1.13 says it.
        wanted = r'tensor a \(1024\) must match the size of tensor b \(64\) at non-singleton dimension 2'
        with self.assertRaisesRegex(ShapeMismatch, wanted):
            torch.add(torch.zeros(8, 64, 1024), torch.zeros(65, 64))
