"""Padding and resizing."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import BadArgument, ShapeMismatch
from gradient_lens.scalars import scalar
from gradient_lens.value import Value, emit

from ..._tensor import Tensor, read, wrap
from .antialias import smoothed
from .pooling import _adapted

_MODES = {'reflect': 'reflect', 'replicate': 'replicate', 'circular': 'circular', 'constant': 'constant'}


def pad(input: Tensor, pad: Any, mode: str = 'constant', value: float | None = None) -> Tensor:
    """Pads from the last dim backward: (left, right, top, bottom, ...)."""
    from ..._convert import sizes

    amounts = sizes((tuple(pad) if isinstance(pad, (tuple, list)) else pad,))
    rank = input.ndim
    if len(amounts) % 2 or len(amounts) // 2 > rank:
        raise ShapeMismatch(f'Padding length should be even and at most twice the input\'s {rank} dims, but got {len(amounts)}')
    if mode not in _MODES:
        raise BadArgument(f"Unrecognised padding mode '{mode}'")
    pads = [[0, 0] for _ in range(rank)]
    for place in range(len(amounts) // 2):
        pads[rank - 1 - place] = [amounts[2 * place], amounts[2 * place + 1]]
    return wrap(pad_value(read(input), pads, mode, 0.0 if value is None else value), input.dtype)


def pad_value(value: Value, pads: list[list[int]], mode: str, fill: float = 0.0) -> Value:
    """Pads each axis by [before, after]; negative ones crop."""
    if not any(n for pair in pads for n in pair):
        return value
    shape = [n + before + after for n, (before, after) in zip(value.shape, pads)]
    if any(n < 0 for n in shape):
        raise ShapeMismatch(f'The input of shape {list(value.shape)} cannot be cropped by {pads}')
    for n, (before, after) in zip(value.shape, pads):
        if (mode == 'reflect' and max(before, after) >= n) or (mode == 'circular' and max(before, after) > n):
            raise ShapeMismatch(
                f'Padding size should be less than the corresponding input dimension, but got padding {[before, after]} '
                f'at a dimension of size {n}'
            )
    attributes = {'pads': pads, 'mode': _MODES[mode], 'value': scalar(fill)}
    return emit('pad', attributes, (value,), shape, value.dtype)


def interpolate(
    input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = 'nearest', align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None, antialias: bool = False,
) -> Tensor:  # fmt: skip
    """Resizes the spatial dims of [N, C, ...spatial]."""
    value = read(input)
    count = len(value.shape) - 2
    if count < 1:
        raise ShapeMismatch(f'Input Error: Only 3D, 4D and 5D input Tensors supported (got {len(value.shape)}D)')
    if (size is None) == (scale_factor is None):
        raise BadArgument('only one of size or scale_factor should be defined')
    if antialias and (mode not in ('bilinear', 'bicubic') or count != 2):
        raise BadArgument('Anti-alias option is only supported for bilinear and bicubic modes')
    scales: list[float] | None = None
    if size is not None:
        wanted = [int(n) for n in size] if isinstance(size, (tuple, list)) else [int(size)] * count
    else:
        factors = list(scale_factor) if isinstance(scale_factor, (tuple, list)) else [scale_factor] * count
        wanted = [math.floor(n * float(factor)) for n, factor in zip(value.shape[2:], factors)]
        if not recompute_scale_factor:
            scales = [1.0 / float(factor) for factor in factors]
    if len(wanted) != count:
        raise ShapeMismatch(
            f'Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of '
            f'{list(value.shape[2:])} and output size of {wanted}.'
        )
    if any(n < 1 for n in wanted):
        raise ShapeMismatch(f'Input and output sizes should be greater than 0, but got {list(value.shape[2:])} to {wanted}')
    if antialias:
        return wrap(smoothed(value, wanted, mode, bool(align_corners), scales), input.dtype)
    if mode == 'area':
        return wrap(_adapted('adaptiveAvgPool', value, wanted), input.dtype)
    kind, coordinates = _resize_kind(mode, count, bool(align_corners))
    if coordinates == 'alignCorners':
        scales = None
    attributes = {'size': wanted, 'mode': kind, 'coordinates': coordinates, 'scale': scales, 'layout': 'channelsFirst'}
    return wrap(emit('resize', attributes, (value,), (*value.shape[:2], *wanted), 'float'), input.dtype)


_LINEAR = {'linear': 1, 'bilinear': 2, 'trilinear': 3, 'bicubic': 2}


def _resize_kind(mode: str, count: int, align_corners: bool) -> tuple[str, str]:
    if mode in ('nearest', 'nearest-exact'):
        if align_corners:
            raise BadArgument('align_corners option can only be set with the interpolating modes')
        return 'nearest', 'asymmetric' if mode == 'nearest' else 'halfPixel'
    if mode not in _LINEAR:
        raise BadArgument(f"interpolate: unknown mode '{mode}'")
    if _LINEAR[mode] != count:
        raise BadArgument(f'Got {count + 2}D input, but {mode} mode needs {_LINEAR[mode] + 2}D input')
    return ('cubic' if mode == 'bicubic' else 'linear'), ('alignCorners' if align_corners else 'halfPixel')


def upsample(input: Tensor, size: Any = None, scale_factor: Any = None, mode: str = 'nearest', align_corners: bool | None = None) -> Tensor:
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    return interpolate(input, size, scale_factor, 'nearest')


def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    return interpolate(input, size, scale_factor, 'bilinear', True)
