"""Patterns of einops on known numbers."""

import unittest

import torch
from einops import einsum, pack, parse_shape, rearrange, reduce, repeat, unpack
from einops.layers.torch import Rearrange
from gradient_lens.errors import BadArgument, ShapeMismatch
from tests.support import ops, traced


def grid(*shape: int) -> torch.Tensor:
    total = 1
    for n in shape:
        total *= n
    return torch.arange(total).reshape(*shape)


class Patterns(unittest.TestCase):
    def test_patches(self) -> None:
        x = grid(1, 1, 4, 4)
        patches = rearrange(x, 'b c (h p1) (w p2) -> b (h w) (p1 p2 c)', p1=2, p2=2)
        self.assertEqual(patches.shape, (1, 4, 4))
        self.assertEqual(patches[0].tolist(), [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]])

    def test_single_axes_and_ellipsis(self) -> None:
        self.assertEqual(rearrange(grid(2, 3), 'a b -> b 1 a').shape, (3, 1, 2))
        self.assertEqual(rearrange(grid(2, 1, 3), 'a 1 b -> (a b)').shape, (6,))
        self.assertEqual(rearrange(grid(2, 3, 4, 5), 'b ... d -> b (...) d').shape, (2, 12, 5))
        self.assertEqual(rearrange(grid(2, 3, 4), '... d -> d ...').shape, (4, 2, 3))
        self.assertEqual(rearrange([grid(2), grid(2)], 'n d -> d n').tolist(), [[0, 0], [1, 1]])

    def test_reduce_and_repeat(self) -> None:
        self.assertEqual(reduce(grid(2, 4), 'a (b c) -> a b', 'max', c=2).tolist(), [[1, 3], [5, 7]])
        self.assertEqual(reduce(grid(2, 3).float(), 'a b -> 1 b', 'mean').tolist(), [[1.5, 2.5, 3.5]])
        self.assertEqual(repeat(grid(2), 'd -> n d', n=2).tolist(), [[0, 1], [0, 1]])
        self.assertEqual(repeat(grid(2), 'd -> (d n)', n=2).tolist(), [0, 0, 1, 1])
        self.assertEqual(repeat(grid(1, 3), '1 d -> b d', b=2).shape, (2, 3))

    def test_einsum_pack_and_shapes(self) -> None:
        self.assertEqual(einsum(grid(2, 3), grid(4, 3), 'row inner, column inner -> row column').shape, (2, 4))
        packed, shapes = pack([grid(2, 3), grid(2, 4, 5)], 'b *')
        self.assertEqual((packed.shape, shapes), ((2, 23), [(3,), (4, 5)]))
        self.assertEqual([part.shape for part in unpack(packed, shapes, 'b *')], [(2, 3), (2, 4, 5)])
        self.assertEqual(parse_shape(grid(2, 3, 4), 'b _ d'), {'b': 2, 'd': 4})

    def test_what_does_not_fit(self) -> None:
        with self.assertRaisesRegex(ShapeMismatch, 'not divisible by 3'):
            rearrange(grid(2, 4), 'a (b c) -> a b c', c=3)
        with self.assertRaisesRegex(ShapeMismatch, 'expects 3 axes'):
            rearrange(grid(2, 4), 'a b c -> a b c')
        with self.assertRaisesRegex(BadArgument, 'differ'):
            rearrange(grid(2, 4), 'a b -> a')

    def test_layer(self) -> None:
        self.assertEqual(Rearrange('a (b c) -> c a b', b=2)(grid(2, 4)).shape, (2, 2, 2))
        graph = traced(
            'from einops import rearrange\nclass Net(nn.Module):\n    def forward(self, x):\n'
            "        return rearrange(x, 'a b -> b a')\n",
            (2, 3),
        )
        self.assertEqual(ops(graph), ['permute'])


if __name__ == '__main__':
    unittest.main()
