"""Ops that copy elements to other places: flips, rolls, windows, triangles, diagonals, pixel shuffles."""

from __future__ import annotations

import math
from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import ShapeMismatch, UnsupportedOp
from gradient_lens.shapes import axis_of
from gradient_lens.value import STATIC_LIMIT, constant, emit

from .._convert import sizes
from .._tensor import Tensor, read, wrap
from .shaping import permute, reshape, transpose, unsqueeze


def flip(input: Tensor, *dims: Any) -> Tensor:
    axes = sorted(axis_of(axis, input.ndim) for axis in sizes(dims))
    return wrap(p.same('flip', read(input), {'axes': axes}), input.dtype)


def fliplr(input: Tensor) -> Tensor:
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    return flip(input, 0)


def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    a, b = dims
    turns = k % 4
    if turns == 2:
        return flip(input, a, b)
    if turns == 0:
        return wrap(read(input), input.dtype)
    return flip(transpose(input, a, b), a if turns == 1 else b)


def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    moves = list(shifts) if isinstance(shifts, (tuple, list)) else [shifts]
    if dims is None:
        flat = reshape(input, -1)
        return reshape(roll(flat, moves, [0]), *input.shape)
    axes = list(dims) if isinstance(dims, (tuple, list)) else [dims]
    attributes = {'shifts': [int(n) for n in moves], 'axes': [axis_of(axis, input.ndim) for axis in axes]}
    return wrap(p.same('roll', read(input), attributes), input.dtype)


def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    return wrap(p.same('tril', read(input), {'diagonal': int(diagonal)}), input.dtype)


def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    return wrap(p.same('triu', read(input), {'diagonal': int(diagonal)}), input.dtype)


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Windows along one axis, as a new last axis."""
    axis = axis_of(dimension, input.ndim)
    count = (input.shape[axis] - size) // step + 1
    if count < 1:
        raise ShapeMismatch(f'maximum size for tensor at dimension {axis} is {input.shape[axis]} but size is {size}')
    if count * size > STATIC_LIMIT and input.dtype.kind == 'float':
        return _many_windows(input, axis, size, step, count)
    rows = [start * step + k for start in range(count) for k in range(size)]
    value = p.gather(read(input), constant(rows, (count, size), 'int'), axis)
    rank = len(value.shape)
    order = [i for i in range(rank) if i != axis + 1] + [axis + 1]
    return wrap(p.permute(value, order), input.dtype)


def _many_windows(input: Tensor, axis: int, size: int, step: int, count: int) -> Tensor:
    """As im2col of pictures of one row, which needs no table of places."""
    value = read(input)
    last = len(value.shape) - 1
    order = [i for i in range(last + 1) if i != axis] + [axis]
    moved = p.permute(value, order)
    lead = moved.shape[:-1]
    flat = p.reshape(moved, (math.prod(lead), 1, 1, moved.shape[-1]))
    attributes = {'kernel': [1, size], 'stride': [1, step], 'pads': [[0, 0], [0, 0]], 'dilation': [1, 1]}
    columns = emit('unfold', attributes, (flat,), (flat.shape[0], size, count), 'float')
    windows = p.reshape(p.swap(columns, 1, 2), (*lead, count, size))
    back = [*range(axis), last, *range(axis, last), last + 1]
    return wrap(p.permute(windows, back), input.dtype)


def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonal of two axes, as a new last axis."""
    a, b = axis_of(dim1, input.ndim), axis_of(dim2, input.ndim)
    rows, columns = input.shape[a], input.shape[b]
    places = [i * columns + i + offset for i in range(rows) if 0 <= i + offset < columns]
    rest = [axis for axis in range(input.ndim) if axis not in (a, b)]
    value = p.permute(read(input), [*rest, a, b])
    outer = value.shape[:-2]
    flat = p.reshape(value, (*outer, rows * columns))
    return wrap(p.gather(flat, constant(places, (len(places),), 'int'), len(outer)), input.dtype)


_diagonal = diagonal


def diag_embed(input: Tensor, offset: int = 0) -> Tensor:
    """A matrix with the last axis on its diagonal (offset 0): the row times the identity."""
    from .creation import eye

    if offset:
        raise UnsupportedOp('diag_embed with an offset')
    n = input.shape[-1]
    return unsqueeze(input, -1) * eye(n)


def diag(input: Tensor, diagonal: int = 0) -> Tensor:
    if input.ndim == 1:
        return diag_embed(input, diagonal)
    return _diagonal(input, diagonal)


def trace(input: Tensor) -> Tensor:
    return diagonal(input).sum()


def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """[*, C r^2, H, W] -> [*, C, H r, W r] (Shi et al. 2016)."""
    r = upscale_factor
    *lead, channels, height, width = input.shape
    if channels % (r * r):
        raise ShapeMismatch(
            f'pixel_shuffle expects its input\'s \'channel\' dimension to be divisible by the square of upscale_factor, '
            f'but input.size(-3)={channels} is not divisible by {r * r}'
        )
    c = channels // (r * r)
    outer = math.prod(lead)
    split_up = reshape(input, outer, c, r, r, height, width)
    return reshape(permute(split_up, 0, 1, 4, 2, 5, 3), *lead, c, height * r, width * r)


def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    r = downscale_factor
    *lead, channels, height, width = input.shape
    if height % r or width % r:
        raise ShapeMismatch(f'pixel_unshuffle expects height and width to be divisible by {r}, but got {height}x{width}')
    outer = math.prod(lead)
    split_up = reshape(input, outer, channels, height // r, r, width // r, r)
    return reshape(permute(split_up, 0, 1, 3, 5, 2, 4), *lead, channels * r * r, height // r, width // r)


def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    n, channels, *spatial = input.shape
    split_up = reshape(input, n, groups, channels // groups, *spatial)
    return reshape(transpose(split_up, 1, 2), n, channels, *spatial)
