"""Complex tensors as pairs of real ones, and Fourier transforms as linear maps, against what PyTorch itself gives."""

import math
import unittest
from typing import Any

import torch
from gradient_lens.errors import UnsupportedOp

from ..support import ops, output_shapes, parameters, traced
from .complex_facts import FACTS


def _names() -> dict[str, Any]:
    def data(*shape: int) -> Any:
        n = math.prod(shape)
        return torch.tensor([((7 * i * i + 3 * i + 5) % 23) / 10 - 1.05 for i in range(n)]).reshape(*shape)

    x, y, z, w = data(3, 4, 2), data(3, 8), data(12), data(2, 3, 5, 6)
    c = torch.complex(data(3, 4), data(4, 3).T.reshape(3, 4) * 0.5 + 0.2)
    d = torch.complex(data(4, 3) * 0.3, data(4, 3) - 0.4)

    def assign(c: Any) -> Any:
        out = torch.zeros(4, 5, dtype=torch.cfloat)
        out[:3, :4] = c
        out[3, 0] = 2.0
        out[:, 4] += 1j * torch.ones(4)
        return out

    def scaled(c: Any) -> Any:
        e = c.clone()
        e *= 1 + 1j
        e.add_(1)
        e[0].mul_(2)
        e.real[1, 1] = 7.0
        return e

    def views(x: Any) -> Any:
        pair = x.clone()
        z = torch.view_as_complex(pair)
        back = torch.view_as_real(z)
        z *= 1j
        pair[0, 0, 0] = 9.0
        return z + torch.view_as_complex(back)

    def spectral(w: Any) -> Any:
        ft = torch.fft.rfft2(w)
        out = torch.zeros(2, 4, 5, 4, dtype=torch.cfloat)
        weight = torch.complex(data(3, 4, 2, 3), data(3, 4, 2, 3) * 0.5)
        out[:, :, :2, :3] = torch.einsum('bixy,ioxy->boxy', ft[:, :, :2, :3], weight)
        out[:, :, -2:, :3] = torch.einsum('bixy,ioxy->boxy', ft[:, :, -2:, :3], weight)
        return torch.fft.irfft2(out, s=(5, 6))

    def rotary(x: Any) -> Any:
        freqs = 1.0 / (100.0 ** (torch.arange(0, 4, 2)[:2].float() / 4))
        table = torch.outer(torch.arange(3), freqs).float()
        cis = torch.polar(torch.ones_like(table), table)
        xq = torch.view_as_complex(x.float().reshape(*x.shape[:-2], 4, 2)[:, :2].reshape(3, 2, 2))
        return torch.view_as_real(xq * cis).flatten(1)

    return {
        'torch': torch, 'x': x, 'y': y, 'z': z, 'w': w, 'c': c, 'd': d, 'long': data, 'assign': assign, 'scaled': scaled,
        'views': views, 'spectral': spectral, 'rotary': rotary,
    }  # fmt: skip


def _numbers(value: Any) -> list[float]:
    flat = value.reshape(-1)
    count = flat.shape[0]
    weights = torch.tensor([((5 * i + 2) % 11) / 10 for i in range(count)])
    return [float(flat[i]) for i in sorted({i * (count - 1) // 7 for i in range(8)})] + [float((flat * weights).sum())]


class ComplexTest(unittest.TestCase):
    def test_expressions_are_what_pytorch_gives(self) -> None:
        lines = FACTS.strip().splitlines()
        self.assertGreater(len(lines), 75)
        for line in lines:
            expression, shape, numbers = line.split(' ; ')
            with self.subTest(expression):
                value = eval(expression, _names())
                if value.is_complex():
                    value = torch.view_as_real(value)
                self.assertEqual(list(value.shape), [int(n) for n in shape.split()])
                wanted = [float(n) for n in numbers.split()]
                for got, expected in zip(_numbers(value), wanted, strict=True):
                    self.assertAlmostEqual(got, expected, delta=2e-5 * max(1, *map(abs, wanted)))

    def test_rotary_embedding(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.q = nn.Linear(8, 8, bias=False)
                    angles = torch.outer(torch.arange(16).float(), 1.0 / 10000 ** (torch.arange(0, 8, 2).float() / 8))
                    self.register_buffer('freqs_cis', torch.polar(torch.ones_like(angles), angles), persistent=False)

                def forward(self, x):
                    q = torch.view_as_complex(self.q(x).float().reshape(*x.shape[:-1], -1, 2))
                    return torch.view_as_real(q * self.freqs_cis[: x.shape[1]]).flatten(-2).type_as(x)
            """,
            (2, 5, 8),
        )
        self.assertEqual(output_shapes(graph), [[2, 5, 8]])
        self.assertEqual(sorted(set(ops(graph))), ['add', 'concat', 'linear', 'mul', 'reshape', 'slice', 'sub'])

    def test_filters_in_the_frequency_domain(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.weight = nn.Parameter(torch.randn(6, 4, 3, 2) * 0.02)

                def forward(self, x):
                    x = torch.fft.rfft2(x, dim=(1, 2), norm='ortho') * torch.view_as_complex(self.weight)
                    return torch.fft.irfft2(x, s=(6, 6), dim=(1, 2), norm='ortho')
            """,
            (2, 6, 6, 3),
        )
        self.assertEqual(output_shapes(graph), [[2, 6, 6, 3]])
        self.assertEqual(parameters(graph)['weight']['shape'], [6, 4, 3, 2])

    def test_long_transforms_stay_small(self) -> None:
        graph = traced(
            """
            class Net(nn.Module):
                def forward(self, x):
                    return torch.fft.fft(x).abs()
            """,
            (2, 4096),
        )
        written = sum(len(node['attributes']['values']) for node in graph['nodes'] if node['op'] == 'constant')
        self.assertLess(written, 30000)

    def test_what_is_not_followed_is_refused(self) -> None:
        bodies = {
            'torch.fft.fft(x)': 'gives complex numbers',
            'torch.fft.fft(x).sigmoid()': 'complex numbers',
            'torch.fft.fft(x).to(torch.float32)': 'made real',
            'torch.fft.fft(x).max()': 'complex numbers',
            'torch.relu(torch.fft.fft(x)).real': 'complex numbers',
            'nn.functional.linear(torch.fft.fft(x), torch.ones(3, 8)).real': 'complex numbers',
            'torch.view_as_real(torch.fft.fft(x)).mul_(2)': 'in-place',
            'torch.fft.hfft(x)': 'hfft',
            'x.new_zeros(3, dtype=torch.cfloat).sort()[0].real': 'complex numbers',
            'x * torch.fft.fft(x).pow(-0.5).real': 'a power of complex numbers',
        }
        for body, part in bodies.items():
            with self.subTest(body), self.assertRaises(UnsupportedOp) as raised:
                traced(f'class Net(nn.Module):\n    def forward(self, x):\n        return {body}', (2, 8))
            self.assertIn(part, raised.exception.message)


if __name__ == '__main__':
    unittest.main()
