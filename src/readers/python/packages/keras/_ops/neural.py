"""Convolutions, pooling and normalisation on values; padding is TensorFlow's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, ShapeMismatch
from gradient_lens.value import Value, emit

LAST, FIRST = 'channelsLast', 'channelsFirst'


def layout_of(data_format: Any) -> str:
    if data_format in (None, 'channels_last', 'NHWC', 'NWC', 'NDHWC'):
        return LAST
    if data_format in ('channels_first', 'NCHW', 'NCW', 'NCDHW'):
        return FIRST
    raise BadArgument(f'data_format {data_format!r} is neither channels_last nor channels_first')


def spatial_of(shape: Sequence[int], layout: str) -> tuple[int, ...]:
    return tuple(shape[1:-1] if layout == LAST else shape[2:])


def with_spatial(batch: int, channels: int, spatial: Sequence[int], layout: str) -> tuple[int, ...]:
    return (batch, *spatial, channels) if layout == LAST else (batch, channels, *spatial)


def tuple_of(item: Any, count: int, name: str = 'size') -> list[int]:
    if isinstance(item, (list, tuple)):
        if len(item) != count:
            raise BadArgument(f'The `{name}` argument must be a tuple of {count} integers. Received {tuple(item)}')
        return [int(n) for n in item]
    return [int(item)] * count


def window(
    spatial: Sequence[int], kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int], padding: str
) -> tuple[list[int], list[list[int]]]:
    """Output sizes and pads. 'same': ceil(n / stride) cells, the odd pad on the far side; 'causal' pads the near side only."""
    padding = padding.lower()
    sizes: list[int] = []
    pads: list[list[int]] = []
    for n, k, s, d in zip(spatial, kernel, stride, dilation):
        reach = (k - 1) * d + 1
        if padding == 'same':
            out = -(-n // s)
            total = max((out - 1) * s + reach - n, 0)
            pads.append([total // 2, total - total // 2])
        elif padding == 'causal':
            out = (n - 1) // s + 1
            pads.append([reach - 1, 0])
        elif padding == 'valid':
            out = (n - reach) // s + 1
            pads.append([0, 0])
        else:
            raise BadArgument(f"padding {padding!r} is none of 'valid', 'same' and 'causal'")
        if out < 1:
            raise ShapeMismatch(f'Computed output size would be negative: an input of size {n}, a window of {reach}')
        sizes.append(out)
    return sizes, pads


def _check_rank(x: Value, count: int, what: str) -> None:
    if len(x.shape) != count + 2:
        raise ShapeMismatch(
            f'{what} expects an input of {count + 2} axes, found {len(x.shape)}: shape {list(x.shape)}'
        )


def conv(
    x: Value, kernel: Value, bias: Value | None, strides: Any, padding: Any, dilation: Any, groups: int, layout: str
) -> Value:
    """Kernel [...kernel, in/groups, out]."""
    count = len(kernel.shape) - 2
    x = p.cast(x, 'float')
    _check_rank(x, count, f'Conv{count}D')
    channels = x.shape[-1] if layout == LAST else x.shape[1]
    if channels != kernel.shape[-2] * groups:
        raise ShapeMismatch(
            f'The convolution takes {kernel.shape[-2] * groups} channels, its input has {channels} (shape {list(x.shape)})',
            kernel.shape[-2] * groups,
            channels,
        )
    stride, gaps = tuple_of(strides, count, 'strides'), tuple_of(dilation, count, 'dilation_rate')
    if isinstance(padding, str):
        sizes, pads = window(spatial_of(x.shape, layout), kernel.shape[:-2], stride, gaps, padding)
    else:
        pads = [list(item) for item in padding]
        padded = [n + a + b for n, (a, b) in zip(spatial_of(x.shape, layout), pads)]
        sizes, _ = window(padded, kernel.shape[:-2], stride, gaps, 'valid')
    attributes = {
        'stride': stride, 'pads': pads, 'dilation': gaps, 'groups': groups, 'layout': layout, 'weightLayout': 'kernelInOut',
    }  # fmt: skip
    inputs = (x, kernel) if bias is None else (x, kernel, bias)
    return emit('conv', attributes, inputs, with_spatial(x.shape[0], kernel.shape[-1], sizes, layout), 'float')


def depthwise(
    x: Value, kernel: Value, bias: Value | None, strides: Any, padding: Any, dilation: Any, layout: str
) -> Value:
    """Kernel [...kernel, channels, multiplier]: a convolution with one group a channel."""
    *size, channels, multiplier = kernel.shape
    if (x.shape[-1] if layout == LAST else x.shape[1]) != channels:
        raise ShapeMismatch(f'The depthwise convolution takes {channels} channels, its input has shape {list(x.shape)}')
    grouped = p.reshape(kernel, (*size, 1, channels * multiplier))
    return conv(x, grouped, bias, strides, padding, dilation, channels, layout)


def conv_transpose(
    x: Value, kernel: Value, bias: Value | None, strides: Any, padding: str, output_padding: Any, dilation: Any, layout: str
) -> Value:
    """Kernel [...kernel, out, in]; sizes as Keras' `compute_conv_transpose_output_length`."""
    count = len(kernel.shape) - 2
    x = p.cast(x, 'float')
    _check_rank(x, count, f'Conv{count}DTranspose')
    channels = x.shape[-1] if layout == LAST else x.shape[1]
    if channels != kernel.shape[-1]:
        raise ShapeMismatch(
            f'The transposed convolution takes {kernel.shape[-1]} channels, its input has {channels}', kernel.shape[-1], channels
        )
    stride, gaps = tuple_of(strides, count, 'strides'), tuple_of(dilation, count, 'dilation_rate')
    extra = None if output_padding is None else tuple_of(output_padding, count, 'output_padding')
    sizes: list[int] = []
    pads: list[list[int]] = []
    far: list[int] = []
    for axis, (n, k, s, d) in enumerate(zip(spatial_of(x.shape, layout), kernel.shape, stride, gaps)):
        reach = (k - 1) * d + 1
        if extra is not None:
            out = (n - 1) * s + reach - (2 * (reach // 2) if padding == 'same' else 0) + extra[axis]
        else:
            out = n * s if padding == 'same' else n * s + max(reach - s, 0)
        total = max((n - 1) * s + reach - out, 0) if padding == 'same' else 0
        pads.append([total // 2, total - total // 2])
        far.append(out - ((n - 1) * s + reach - total))
        sizes.append(out)
    attributes = {
        'stride': stride, 'pads': pads, 'outputPads': far, 'dilation': gaps, 'groups': 1, 'layout': layout,
        'weightLayout': 'kernelOutIn',
    }  # fmt: skip
    inputs = (x, kernel) if bias is None else (x, kernel, bias)
    return emit('convTranspose', attributes, inputs, with_spatial(x.shape[0], kernel.shape[-2], sizes, layout), 'float')


def pool(x: Value, kind: str, size: Any, strides: Any, padding: str, count: int, layout: str) -> Value:
    """kind 'max' or 'avg'; padded cells are never counted."""
    _check_rank(x, count, f'Pooling{count}D')
    kernel = tuple_of(size, count, 'pool_size')
    stride = kernel if strides is None else tuple_of(strides, count, 'strides')
    sizes, pads = window(spatial_of(x.shape, layout), kernel, stride, [1] * count, padding)
    channels = x.shape[-1] if layout == LAST else x.shape[1]
    attributes: dict[str, Any] = {'kernel': kernel, 'stride': stride, 'pads': pads, 'layout': layout}
    if kind == 'max':
        attributes['dilation'] = [1] * count
    else:
        attributes |= {'countPads': False, 'divisor': None, 'ceilPads': [0] * count}
    shape = with_spatial(x.shape[0], channels, sizes, layout)
    return emit('maxPool' if kind == 'max' else 'avgPool', attributes, (p.cast(x, 'float'),), shape, 'float')


def normalise(
    op: str, x: Value, attributes: dict[str, Any], gamma: Value | None, beta: Value | None, fixed: Sequence[Value] = ()
) -> Value:
    """`batchNorm`, `batchNormFixed`, `layerNorm`, `groupNorm`."""
    attributes = {**attributes, 'scale': gamma is not None, 'offset': beta is not None}
    inputs = (p.cast(x, 'float'), *fixed, *(item for item in (gamma, beta) if item is not None))
    return emit(op, attributes, inputs, x.shape, 'float')


def resize(x: Value, size: Sequence[int], mode: str, coordinates: str, layout: str) -> Value:
    channels = x.shape[-1] if layout == LAST else x.shape[1]
    attributes = {'size': list(size), 'mode': mode, 'coordinates': coordinates, 'scale': None, 'layout': layout}
    return emit('resize', attributes, (p.cast(x, 'float'),), with_spatial(x.shape[0], channels, size, layout), 'float')
