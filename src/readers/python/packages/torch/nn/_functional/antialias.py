"""Resizing with a filter as wide as the step, so that nothing between the samples is lost (as Pillow does it)."""

from __future__ import annotations

import math
from collections.abc import Callable

from gradient_lens import primitives as p
from gradient_lens.value import Value, constant


def _triangle(x: float) -> float:
    return max(0.0, 1.0 - abs(x))


def _cubic(x: float) -> float:
    """Keys 1981, with a = -0.5."""
    x = abs(x)
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    return ((-0.5 * x + 2.5) * x - 4) * x + 2 if x < 2 else 0.0


_FILTERS: dict[str, tuple[Callable[[float], float], float]] = {'bilinear': (_triangle, 1.0), 'bicubic': (_cubic, 2.0)}


def _shares(size: int, wanted: int, mode: str, scale: float) -> Value:
    """[wanted, size]: what each old cell gives to each new one."""
    law, reach = _FILTERS[mode]
    stretch = max(scale, 1.0)
    table: list[float] = []
    for place in range(wanted):
        centre = scale * (place + 0.5)
        first = max(int(centre - reach * stretch + 0.5), 0)
        last = min(int(centre + reach * stretch + 0.5), size)
        row = [law((cell - centre + 0.5) / stretch) if first <= cell < last else 0.0 for cell in range(size)]
        whole = sum(row)
        table += [share / whole for share in row]
    return constant(table, (wanted, size), 'float')


def smoothed(value: Value, wanted: list[int], mode: str, align_corners: bool, scales: list[float] | None) -> Value:
    """[N, C, H, W] to [N, C, *wanted]."""

    def scale(axis: int) -> float:
        size = value.shape[2 + axis]
        if align_corners:
            return (size - 1) / (wanted[axis] - 1) if wanted[axis] > 1 else 0.0
        return scales[axis] if scales is not None else size / wanted[axis]

    down, across = (_shares(value.shape[2 + axis], wanted[axis], mode, scale(axis)) for axis in (0, 1))
    lead = math.prod(value.shape[:2])
    rows = p.matmul(p.reshape(value, (lead * value.shape[2], value.shape[3])), across, transpose_b=True)
    turned = p.swap(p.reshape(rows, (lead, value.shape[2], wanted[1])), 1, 2)
    done = p.matmul(p.reshape(turned, (lead * wanted[1], value.shape[2])), down, transpose_b=True)
    return p.reshape(p.swap(p.reshape(done, (lead, wanted[1], wanted[0])), 1, 2), (*value.shape[:2], *wanted))
