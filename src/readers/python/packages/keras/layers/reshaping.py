"""Layers that move elements about."""

from __future__ import annotations

import math
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, ShapeMismatch
from gradient_lens.shapes import reshaped

from .._ops import neural
from .._ops.joining import pad_value, repeat
from .._tensor import value_of, wrap
from .layer import Layer


class Flatten(Layer):
    def __init__(self, data_format: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = data_format

    def call(self, inputs: Any) -> Any:
        value = value_of(inputs)
        batch, *sizes = value.shape
        if self.data_format == 'channels_first' and len(sizes) > 1:
            value = p.permute(value, [0, *range(2, len(sizes) + 1), 1])
        return wrap(p.reshape(value, (batch, math.prod(sizes))))


class Reshape(Layer):
    def __init__(self, target_shape: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape: list[Any] = [target_shape] if isinstance(target_shape, int) else list(target_shape)

    def call(self, inputs: Any) -> Any:
        value = value_of(inputs)
        wanted = [-1 if n is None else int(n) for n in self.target_shape]
        return wrap(p.reshape(value, (value.shape[0], *reshaped(value.shape[1:], wanted))))


class Permute(Layer):
    """Dims count from 1, the batch is left out."""

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise BadArgument(f'Invalid permutation argument `dims` for Permute Layer: {dims}')

    def call(self, inputs: Any) -> Any:
        return wrap(p.permute(value_of(inputs), [0, *self.dims]))


class RepeatVector(Layer):
    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = int(n)

    def call(self, inputs: Any) -> Any:
        value = value_of(inputs)
        return wrap(p.broadcast_to(p.reshape(value, (value.shape[0], 1, *value.shape[1:])), (value.shape[0], self.n, *value.shape[1:])))


def _pairs(size: Any, count: int) -> list[list[int]]:
    """Cells before and after, for each spatial dim."""
    if isinstance(size, int):
        return [[size, size]] * count
    if count == 1 and len(size) == 2 and all(isinstance(n, int) for n in size):
        return [list(size)]
    if len(size) != count:
        raise BadArgument(f'padding or cropping should have {count} elements. Received: {size}')
    return [[item, item] if isinstance(item, int) else list(item) for item in size]


class _Border(Layer):
    """Pads (or crops) the spatial dims."""

    count = 2
    sign = 1

    def __init__(self, padding: Any = None, data_format: Any = None, cropping: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        amount = cropping if cropping is not None else padding
        default: Any = 1 if self.sign > 0 or self.count == 1 else 0
        self.border = _pairs(default if amount is None else amount, self.count)
        self.data_format = data_format

    def call(self, inputs: Any) -> Any:
        value = value_of(inputs)
        if len(value.shape) != self.count + 2:
            raise ShapeMismatch(f'{type(self).__name__} expects {self.count + 2} axes, found shape {list(value.shape)}')
        inner = [[self.sign * a, self.sign * b] for a, b in self.border]
        last = neural.layout_of(self.data_format) == neural.LAST
        pads = [[0, 0], *inner, [0, 0]] if last else [[0, 0], [0, 0], *inner]
        if self.sign > 0:
            return wrap(pad_value(value, pads))
        start = [-a for a, _ in pads]
        stop = [n + b for n, (_, b) in zip(value.shape, pads)]
        return wrap(p.cut_out(value, start, stop, [1] * len(start)))


def _border(name: str, count: int, sign: int) -> Any:
    return type(name, (_Border,), {'count': count, 'sign': sign, '__module__': __name__, '__doc__': _Border.__doc__})


ZeroPadding1D, ZeroPadding2D, ZeroPadding3D = (_border(f'ZeroPadding{n}D', n, 1) for n in (1, 2, 3))
Cropping1D, Cropping2D, Cropping3D = (_border(f'Cropping{n}D', n, -1) for n in (1, 2, 3))


class UpSampling1D(Layer):
    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = int(size)

    def call(self, inputs: Any) -> Any:
        return repeat(inputs, self.size, 1)


class UpSampling2D(Layer):
    """Nearest or bilinear, half-pixel centres."""

    def __init__(self, size: Any = 2, data_format: Any = None, interpolation: str = 'nearest', **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size, self.data_format = neural.tuple_of(size, 2), data_format
        self.interpolation = interpolation.lower()

    def call(self, inputs: Any) -> Any:
        layout = neural.layout_of(self.data_format)
        value = value_of(inputs)
        size = [n * k for n, k in zip(neural.spatial_of(value.shape, layout), self.size)]
        return wrap(resized(value, size, self.interpolation, layout))


def resized(value: Any, size: list[int], method: str, layout: str) -> Any:
    """TensorFlow's `resize` without antialiasing."""
    from gradient_lens.errors import UnsupportedOp

    modes = {'nearest': ('nearest', 'asymmetric'), 'bilinear': ('linear', 'halfPixel')}
    if method not in modes:
        raise UnsupportedOp(f"interpolation by '{method}'")
    spatial = neural.spatial_of(value.shape, layout)
    if method == 'nearest' and any(big % small for big, small in zip(size, spatial)):
        raise UnsupportedOp('nearest interpolation to a size that is no multiple')
    return neural.resize(value, size, *modes[method], layout)


class UpSampling3D(Layer):
    def __init__(self, size: Any = 2, data_format: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size, self.data_format = neural.tuple_of(size, 3), data_format

    def call(self, inputs: Any) -> Any:
        first = 1 if neural.layout_of(self.data_format) == neural.LAST else 2
        for axis, times in enumerate(self.size):
            inputs = repeat(inputs, times, first + axis)
        return inputs


class Resizing(Layer):
    def __init__(self, height: int, width: int, interpolation: str = 'bilinear', data_format: Any = None, **kwargs: Any) -> None:
        for option in ('crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'fill_mode', 'fill_value', 'antialias'):
            kwargs.pop(option, None)
        super().__init__(**kwargs)
        self.target, self.interpolation, self.data_format = [int(height), int(width)], interpolation, data_format

    def call(self, inputs: Any) -> Any:
        layout = neural.layout_of(self.data_format)
        return wrap(resized(value_of(inputs), self.target, self.interpolation, layout))


class CenterCrop(Layer):
    def __init__(self, height: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height, self.width = int(height), int(width)

    def call(self, inputs: Any) -> Any:
        value = value_of(inputs)
        top, left = (value.shape[-3] - self.height) // 2, (value.shape[-2] - self.width) // 2
        rank = len(value.shape)
        return wrap(p.narrow(p.narrow(value, rank - 3, top, top + self.height), rank - 2, left, left + self.width))
