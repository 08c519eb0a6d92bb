"""Custom autograd functions: read where their backward pass scales the gradient, else refused with the reason."""

import unittest

from gradient_lens.errors import UnsupportedOp

from ..support import ops, traced

_NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 4)
    def forward(self, x):
        return F.apply(self.layer(x))
"""


def _function(forward: str, backward: str) -> str:
    return f"""
class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return {forward}
    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        {backward}
{_NET}"""


class Custom(unittest.TestCase):
    def test_straight_through(self) -> None:
        graph = traced(_function('x.sign()', 'return g'), (2, 4))
        self.assertEqual(ops(graph)[:1], ['linear'])
        self.assertIn('sign', ops(graph))
        self.assertIn('detach', ops(graph))

    def test_masks_and_slopes(self) -> None:
        for backward in (
            'return g * (x > 0).float()', 'g = g.clone(); g[x < 0] = 0; return g', 'return -0.3 * g',
            's = x.sigmoid(); return g * s * (1 + x * (1 - s))', 'return torch.where(x > 0, g, torch.zeros_like(g))',
        ):  # fmt: skip
            self.assertIn('mul', ops(traced(_function('x * 2', backward), (2, 4))), backward)

    def test_what_is_not_proportional_is_refused(self) -> None:
        for backward in ('return g.clamp(-1, 1)', 'return g.sign()', 'return g.flip(1)', 'return g + 1', 'return g * g'):
            with self.assertRaisesRegex(UnsupportedOp, 'the custom autograd function F.*write it in ops', msg=backward):
                traced(_function('x * 2', backward), (2, 4))

    def test_another_shape_is_refused(self) -> None:
        with self.assertRaisesRegex(UnsupportedOp, 'changes the shape'):
            traced(_function('x.sum(1)', 'return g.unsqueeze(1).expand(2, 4)'), (2, 4))

    def test_transforms_are_refused_by_name(self) -> None:
        for call in ('torch.vmap(torch.tanh)(x)', 'torch.func.grad(torch.sum)(x)', 'torch.fft.hfft(x)'):
            with self.assertRaisesRegex(UnsupportedOp, r'torch\.(vmap|func|fft)'):
                traced(f'class Net(nn.Module):\n    def forward(self, x):\n        return {call}\n', (2, 4))


if __name__ == '__main__':
    unittest.main()
