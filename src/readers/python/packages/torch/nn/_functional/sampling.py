"""Maps read at places that the model works out (Jaderberg et al. 2015, arXiv:1506.02025)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

from gradient_lens.errors import BadArgument, ShapeMismatch, UnsupportedOp

from ..._ops.creation import linspace, ones
from ..._ops.joining import stack
from ..._tensor import Tensor


def _axis(size: int, align_corners: bool) -> Any:
    """Centres of the cells from -1 to 1; with `align_corners` the outermost lie on the ends."""
    if size == 1:
        return linspace(0, 0, 1)
    end = 1.0 if align_corners else (size - 1) / size
    return linspace(-end, end, size)


def affine_grid(theta: Any, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """theta [N, d, d + 1] and a size (N, C, ...) to places [N, ..., d]."""
    batch, _, *spatial = (int(n) for n in size)
    count = len(spatial)
    if tuple(theta.shape) != (batch, count, count + 1):
        raise ShapeMismatch(
            f'Expected a batch of {count}D affine matrices of shape {[batch, count, count + 1]} for size {list(size)}. '
            f'Got {list(theta.shape)}.'
        )
    axes: list[Any] = []
    for place, n in enumerate(spatial):
        shape = [1] * count
        shape[place] = n
        axes.append(_axis(n, bool(align_corners)).reshape(*shape).expand(*spatial))
    # x comes first: the last dim of the map.
    base: Any = stack([*reversed(axes), ones(*spatial)], -1)
    flat = base.reshape(1, math.prod(spatial), count + 1).expand(batch, -1, -1)
    return flat.matmul(theta.transpose(1, 2)).reshape(batch, *spatial, count)


def _cells(places: Any, size: int, align_corners: bool) -> Any:
    """From [-1, 1] to cells."""
    return (places + 1) * ((size - 1) / 2) if align_corners else ((places + 1) * size - 1) / 2


def _reflected(x: Any, low: float, high: float) -> Any:
    """Folded back at both ends, as often as needed."""
    if low == high:
        return x * 0
    span = high - low
    away = (x - low).abs()
    times = (away / span).floor()
    rest = away - times.detach() * span
    return (times.detach() % 2 == 0).float() * (rest * 2 - span) + (span - rest) + low


def _bounded(x: Any, size: int, padding: str, align_corners: bool) -> Any:
    if padding == 'zeros':
        return x
    if padding == 'reflection':
        x = _reflected(x, 0.0, size - 1.0) if align_corners else _reflected(x, -0.5, size - 0.5)
    return x.clamp(0, size - 1)


def grid_sample(
    input: Any, grid: Any, mode: str = 'bilinear', padding_mode: str = 'zeros', align_corners: bool | None = None
) -> Tensor:
    """input [N, C, ...] read at grid [N, ..., d], x first: [N, C, ...]."""
    if mode not in ('bilinear', 'nearest', 'bicubic') or padding_mode not in ('zeros', 'border', 'reflection'):
        raise BadArgument(f'grid_sample: mode {mode!r} with padding_mode {padding_mode!r} is not known')
    if mode == 'bicubic':
        raise UnsupportedOp("grid_sample with mode='bicubic'", "'bilinear' and 'nearest' are followed")
    batch, channels, *spatial = input.shape
    count = len(spatial)
    if count not in (2, 3) or grid.ndim != input.ndim or grid.shape[0] != batch or grid.shape[-1] != count:
        raise ShapeMismatch(
            f'grid_sampler(): expected grid to have size {count} in last dimension and the batch size of input, but got '
            f'input of shape {list(input.shape)} and grid of shape {list(grid.shape)}'
        )
    corners = bool(align_corners)
    places = [
        _bounded(_cells(grid[..., count - 1 - axis], n, corners), n, padding_mode, corners) for axis, n in enumerate(spatial)
    ]
    flat = input.reshape(batch, channels, math.prod(spatial))
    wanted = tuple(grid.shape[1:-1])
    if mode == 'nearest':
        return _read(flat, [place.detach().round() for place in places], spatial, wanted)
    lows = [place.detach().floor() for place in places]
    total: Any = None
    for steps in itertools.product((0, 1), repeat=count):
        weight: Any = None
        for place, low, step in zip(places, lows, steps):
            near = (place - low) if step else (low + 1 - place)
            weight = near if weight is None else weight * near
        part: Any = _read(flat, [low + step for low, step in zip(lows, steps)], spatial, wanted) * weight.unsqueeze(1)
        total = part if total is None else total + part
    return total


def _read(flat: Any, cells: list[Any], spatial: Sequence[int], wanted: tuple[int, ...]) -> Any:
    """Whole cells; nought outside."""
    batch, channels, _ = flat.shape
    inside: Any = None
    index: Any = None
    for cell, n in zip(cells, spatial):
        fits = (cell >= 0) & (cell <= n - 1)
        held = cell.clamp(0, n - 1)
        inside = fits if inside is None else inside & fits
        index = held if index is None else index * n + held
    picks = index.long().reshape(batch, 1, math.prod(wanted)).expand(-1, channels, -1)
    found = flat.gather(2, picks).reshape(batch, channels, *wanted)
    return found * inside.unsqueeze(1).float()
