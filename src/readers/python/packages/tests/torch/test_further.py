"""Rarer functions of `torch`, against what PyTorch 1.13 gives."""

import math
import unittest
from typing import Any

import torch

FACTS = r"""
torch.cummax(rep, 0).indices ; 0 1 2 2 2 5
torch.cummin(rep, 0).indices ; 0 0 0 3 4 4
torch.cummax(rep, 0).values ; 1 2 2 2 2 2
torch.trapezoid(y, torch.tensor([0., 1., 3.]), dim=0) ; 1.565 0.915 0.0700001 2.02
torch.trapezoid(y, x.abs().cumsum(0), dim=0) ; 0.50975 0.36025 0.17825 0.2725
torch.trapezoid(y, torch.tensor([0., 1., 3., 4.]), dim=1) ; 1.22 0.31 2.195
torch.trapz(y, dx=0.5) ; 0.2625 0.295 0.815
torch.quantile(x, 0.75, keepdim=True) ; 0.575
torch.quantile(x, torch.tensor([0.25, 0.5]), dim=1) ; -0.325 -0.2 -0.2 0.1 0.2 0.35
torch.quantile(x, 0.3) ; -0.16
torch.aminmax(x, dim=1).max ; 0.55 1.15 1.15
torch.nn.functional.pdist(x) ; 1.34907 1.96214 1.44568
torch.cdist(x, y, p=1.0) ; 2.65 4.89 2.48 1.85 5.69 1.92 3.62 5.39 1.62
torch.matrix_power(sq, 3) ; -0.210125 0.082125 0.472125 -0.150375 0.118375 0.000374999 1.07287 -0.949875 0.827125
torch.copysign(x, y) ; -0.55 -0.45 0.55 -0.25 0.35 0.05 -1.15 0.95 0.65 0.95 1.15 0.05
torch.searchsorted(torch.tensor([1.0, 2.0]), rep, side='right') ; 1 2 2 1 0 2
torch.combinations(z[:3], 2, with_replacement=True) ; 0.35 0.35 0.35 0.05 0.35 1.15 0.05 0.05 0.05 1.15 1.15 1.15
torch.select_scatter(x, z[:3], 1, 2) ; -0.55 0.45 0.35 -0.25 0.35 0.05 0.05 -0.95 0.65 -0.95 1.15 0.05
x.sinc() ; 0.57162 0.698647 0.57162 0.900316 0.810332 0.995893 -0.125661 0.0524154 0.436333 0.0524154 -0.125661 0.995893
torch.logaddexp2(x, y) ; 0.422762 1.15548 2.17186 0.377844 1.53279 1.33036 1.42096 1.83171 1.74015 0.719487 2.05579 1.11385
torch.linalg.norm(z, 3) ; 1.7184
torch.msort(x) ; -0.55 -0.95 0.55 -0.95 0.35 0.05 1.15 -0.25 0.65 0.45 1.15 0.05
"""


def _data(*shape: int) -> Any:
    return torch.tensor([((7 * i * i + 3 * i + 5) % 23) / 10 - 1.05 for i in range(math.prod(shape))]).reshape(*shape)  # type: ignore[attr-defined]


class Further(unittest.TestCase):
    def test_expressions_are_what_pytorch_gives(self) -> None:
        names = {
            'torch': torch,
            'x': _data(3, 4),
            'y': _data(4, 3).T.reshape(3, 4) * 1.3 + 0.11,
            'z': _data(12)[4:],
            'sq': _data(3, 3),
            'rep': torch.tensor([1.0, 2.0, 2.0, 1.0, 0.0, 2.0]),
        }
        lines = FACTS.strip().splitlines()
        self.assertEqual(len(lines), 22)
        for line in lines:
            expression, numbers = line.split(' ; ')
            with self.subTest(expression):
                found = eval(expression, names).reshape(-1).tolist()
                for got, wanted in zip(found, map(float, numbers.split()), strict=True):
                    self.assertAlmostEqual(got, wanted, delta=1e-4 * max(1, abs(wanted)))

    def test_kept_axes(self) -> None:
        self.assertEqual(tuple(torch.quantile(_data(3, 4), 0.75, keepdim=True).shape), (1, 1))
        self.assertEqual(tuple(torch.quantile(_data(3, 4), torch.tensor([0.25, 0.5]), dim=1).shape), (2, 3))


if __name__ == '__main__':
    unittest.main()
