"""Convolutions of one to three spatial dims, transposed ones, and im2col."""

from __future__ import annotations

import math
from typing import Any, Sequence

from gradient_lens.errors import BadArgument, ShapeMismatch
from gradient_lens.shapes import window_size
from gradient_lens.value import Value, emit

from ..._tensor import Tensor, read, wrap
from .common import batched, floating, optional, tuple_of, unbatched


def same_pads(kernel: Sequence[int], dilation: Sequence[int]) -> list[list[int]]:
    """Padding that keeps the size at stride 1; an odd cell goes to the far side."""
    totals = [d * (k - 1) for k, d in zip(kernel, dilation)]
    return [[total // 2, total - total // 2] for total in totals]


def _conv(
    count: int, input: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any, dilation: Any, groups: int
) -> Tensor:
    value, put_in = batched(floating(input, f'conv{count}d'), count, f'conv{count}d')
    kernel = read(weight)
    steps, gaps = tuple_of(stride, count), tuple_of(dilation, count)
    if padding == 'same':
        if any(n != 1 for n in steps):
            raise BadArgument("padding='same' is not supported for strided convolutions")
        pads = same_pads(kernel.shape[2:], gaps)
    elif padding == 'valid':
        pads = [[0, 0]] * count
    else:
        pads = [[n, n] for n in tuple_of(padding, count)]
    return wrap(unbatched(conv_value(value, kernel, optional(bias), steps, pads, gaps, groups), put_in), input.dtype)


def conv_value(
    value: Value, kernel: Value, bias: Value | None, stride: Sequence[int], pads: list[list[int]],
    dilation: Sequence[int], groups: int,
) -> Value:  # fmt: skip
    """[N, in, ...spatial] by weight [out, in/groups, ...kernel]."""
    out, fan_channels, *window = kernel.shape
    channels = value.shape[1]
    if channels != fan_channels * groups:
        raise ShapeMismatch(
            f'Given groups={groups}, weight of size {list(kernel.shape)}, expected input{list(value.shape)} to have '
            f'{fan_channels * groups} channels, but got {channels} channels instead',
            fan_channels * groups,
            channels,
        )
    spatial = [
        window_size(n, k, s, before, after, d)
        for n, k, s, (before, after), d in zip(value.shape[2:], window, stride, pads, dilation)
    ]
    if any(n < 1 for n in spatial):
        padded = [n + before + after for n, (before, after) in zip(value.shape[2:], pads)]
        raise ShapeMismatch(
            f'Calculated padded input size per channel: ({" x ".join(map(str, padded))}). Kernel size: '
            f'({" x ".join(map(str, window))}). Kernel size can\'t be greater than actual input size'
        )
    attributes = {
        'stride': list(stride),
        'pads': pads,
        'dilation': list(dilation),
        'groups': groups,
        'layout': 'channelsFirst',
        'weightLayout': 'outInKernel',
    }
    inputs = (value, kernel) if bias is None else (value, kernel, bias)
    return emit('conv', attributes, inputs, (value.shape[0], out, *spatial), 'float')


def conv1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    return _conv(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    return _conv(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1,
    groups: int = 1,
) -> Tensor:  # fmt: skip
    return _conv(3, input, weight, bias, stride, padding, dilation, groups)


def _conv_transpose(
    count: int, input: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any, output_padding: Any,
    groups: int, dilation: Any,
) -> Tensor:  # fmt: skip
    name = f'conv_transpose{count}d'
    value, put_in = batched(floating(input, name), count, name)
    kernel = read(weight)
    steps, pads = tuple_of(stride, count), tuple_of(padding, count)
    extra, gaps = tuple_of(output_padding, count), tuple_of(dilation, count)
    channels, per_group, *window = kernel.shape
    if value.shape[1] != channels:
        raise ShapeMismatch(
            f'Given transposed=1, weight of size {list(kernel.shape)}, expected input{list(value.shape)} to have '
            f'{channels} channels, but got {value.shape[1]} channels instead',
            channels,
            value.shape[1],
        )
    if any(e >= max(s, d) for e, s, d in zip(extra, steps, gaps) if e):
        raise BadArgument('output padding must be smaller than either stride or dilation')
    spatial = [
        (n - 1) * s - 2 * pad + d * (k - 1) + e + 1
        for n, s, pad, d, k, e in zip(value.shape[2:], steps, pads, gaps, window, extra)
    ]
    if any(n < 1 for n in spatial):
        raise ShapeMismatch(f'{name}: an input of spatial size {list(value.shape[2:])} gives no output')
    attributes = {
        'stride': list(steps),
        'pads': [[n, n] for n in pads],
        'outputPads': list(extra),
        'dilation': list(gaps),
        'groups': groups,
        'layout': 'channelsFirst',
        'weightLayout': 'inOutKernel',
    }
    inputs = (value, kernel) if bias is None else (value, kernel, read(bias))
    result = emit('convTranspose', attributes, inputs, (value.shape[0], per_group * groups, *spatial), 'float')
    return wrap(unbatched(result, put_in), input.dtype)


def conv_transpose1d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> Tensor:  # fmt: skip
    return _conv_transpose(1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> Tensor:  # fmt: skip
    return _conv_transpose(2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> Tensor:  # fmt: skip
    return _conv_transpose(3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def unfold(input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1) -> Tensor:
    """im2col: [N, C * k, L]."""
    value, put_in = batched(read(input), 2, 'unfold')
    kernel, gaps, pads, steps = (tuple_of(n, 2) for n in (kernel_size, dilation, padding, stride))
    places = [
        window_size(n, k, s, pad, pad, d) for n, k, s, pad, d in zip(value.shape[2:], kernel, steps, pads, gaps)
    ]
    if any(n < 1 for n in places):
        raise ShapeMismatch(f'unfold: an input of size {list(value.shape[2:])} is smaller than the kernel {list(kernel)}')
    attributes = {'kernel': list(kernel), 'stride': list(steps), 'pads': [[n, n] for n in pads], 'dilation': list(gaps)}
    shape = (value.shape[0], value.shape[1] * math.prod(kernel), math.prod(places))
    return wrap(unbatched(emit('unfold', attributes, (value,), shape, 'float'), put_in), input.dtype)


def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """col2im: [N, C * k, L] to [N, C, ...output_size], overlaps added up."""
    value, put_in = batched(read(input), 1, 'fold')
    size = tuple_of(output_size, 2)
    kernel, gaps, pads, steps = (tuple_of(n, 2) for n in (kernel_size, dilation, padding, stride))
    places = [window_size(n, k, s, pad, pad, d) for n, k, s, pad, d in zip(size, kernel, steps, pads, gaps)]
    if math.prod(places) != value.shape[2] or value.shape[1] % math.prod(kernel):
        raise ShapeMismatch(
            f'fold: an input of shape {list(value.shape)} does not fit output_size={list(size)} and kernel_size={list(kernel)}'
        )
    attributes = {'kernel': list(kernel), 'stride': list(steps), 'pads': [[n, n] for n in pads], 'dilation': list(gaps)}
    shape = (value.shape[0], value.shape[1] // math.prod(kernel), *size)
    return wrap(unbatched(emit('fold', attributes, (value,), shape, 'float'), put_in), input.dtype)
