"""Where a maximum was found, and maps filled from there (Zeiler et al. 2010; SegNet)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradient_lens.errors import ShapeMismatch, UnsupportedOp

from ..._ops.creation import arange, zeros
from ..._tensor import Tensor, read, wrap
from .common import tuple_of
from .convolutions import unfold
from .images import pad_value


def places_of_maxima(
    input: Any, kernel: Sequence[int], stride: Sequence[int], pads: list[list[int]], dilation: Sequence[int]
) -> Tensor:
    """[N, C, H, W] or [N, C, L]: for each window the place of its maximum in the map, counted row by row."""
    if len(kernel) == 1:
        wide = places_of_maxima(
            input.unsqueeze(2), (1, *kernel), (1, *stride), [[0, 0], *pads], (1, *dilation)
        )
        return wide.squeeze(2)  # type: ignore[attr-defined]
    batch, channels, _, width = input.shape
    value = pad_value(read(input.detach()), [[0, 0], [0, 0], *pads], 'constant', -math.inf)
    padded: Any = wrap(value, input.dtype)
    sizes = [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(padded.shape[2:], kernel, stride, dilation)]
    columns: Any = unfold(padded, tuple(kernel), tuple(dilation), 0, tuple(stride))
    cells = columns.reshape(batch, channels, math.prod(kernel), *sizes).argmax(2)
    down, across = cells // kernel[1], cells % kernel[1]
    rows: Any = arange(sizes[0]).reshape(-1, 1) * stride[0] - pads[0][0]
    lanes: Any = arange(sizes[1]) * stride[1] - pads[1][0]
    return (rows + down * dilation[0]) * width + lanes + across * dilation[1]


def _unpool(
    count: int, input: Any, indices: Any, kernel_size: Any, stride: Any, padding: Any, output_size: Any
) -> Tensor:
    """Each number goes where its maximum came from; the rest is nought."""
    if tuple(input.shape) != tuple(indices.shape):
        raise ShapeMismatch('max_unpool: the shape of indices should match the shape of input')
    kernel = tuple_of(kernel_size, count)
    steps = kernel if stride is None else tuple_of(stride, count)
    pads = tuple_of(padding, count)
    lead, spatial = tuple(input.shape[:-count]), tuple(input.shape[-count:])
    size = tuple((n - 1) * s + k - 2 * p for n, s, k, p in zip(spatial, steps, kernel, pads))
    if output_size is not None:
        size = tuple(int(n) for n in tuple(output_size)[-count:])
    flat: Any = zeros(*lead, math.prod(size), dtype=input.dtype)
    filled = flat.scatter(-1, indices.reshape(*lead, -1), input.reshape(*lead, -1))
    return filled.reshape(*lead, *size)


def max_unpool1d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Tensor:
    return _unpool(1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Tensor:
    return _unpool(2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: Tensor, indices: Tensor, kernel_size: Any, stride: Any = None, padding: Any = 0, output_size: Any = None
) -> Tensor:
    raise UnsupportedOp('max_unpool3d')
