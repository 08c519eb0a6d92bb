"""Reshaping, moving, joining and splitting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument
from gradient_lens.shapes import reshaped
from gradient_lens.value import Value, emit

from .._tensor import Tensor, operation, value_of, wrap
from .common import axis_of, number, sizes


@operation
def reshape(x: Any, newshape: Any = None, name: str | None = None, *, shape: Any = None) -> Tensor:
    value = value_of(x)
    return wrap(p.reshape(value, reshaped(value.shape, sizes(newshape if newshape is not None else shape))))


@operation
def transpose(x: Any, axes: Any = None, name: str | None = None, *, perm: Any = None) -> Tensor:
    value = value_of(x)
    order = axes if axes is not None else perm
    if order is None:
        return wrap(p.permute(value, range(len(value.shape))[::-1]))
    return wrap(p.permute(value, [axis_of(item, len(value.shape)) for item in sizes(order)]))


@operation
def expand_dims(x: Any, axis: Any = -1, name: str | None = None) -> Tensor:
    value = value_of(x)
    places = sizes(axis)
    shape = list(value.shape)
    rank = len(shape) + len(places)
    for place in sorted(item % rank for item in places):
        shape.insert(place, 1)
    return wrap(p.reshape(value, shape))


@operation
def squeeze(x: Any, axis: Any = None, name: str | None = None) -> Tensor:
    value = value_of(x)
    rank = len(value.shape)
    if axis is None or axis == []:
        gone = [i for i, n in enumerate(value.shape) if n == 1]
    else:
        gone = [axis_of(item, rank) for item in sizes(axis)]
        for place in gone:
            if value.shape[place] != 1:
                raise BadArgument(f'Cannot squeeze axis={place} of shape {list(value.shape)}: its size is not 1')
    return wrap(p.reshape(value, [n for i, n in enumerate(value.shape) if i not in gone]))


@operation
def concatenate(xs: Any, axis: int = 0, name: str | None = None) -> Tensor:
    values = [value_of(item) for item in xs]
    return wrap(p.concat(values, axis_of(number(axis), len(values[0].shape))))


def stacked(values: Sequence[Value], axis: int) -> Value:
    rank = len(values[0].shape) + 1
    place = axis % rank
    return p.concat([p.reshape(v, (*v.shape[:place], 1, *v.shape[place:])) for v in values], place)


@operation
def stack(x: Any, axis: int = 0, name: str | None = None) -> Tensor:
    return wrap(stacked([value_of(item) for item in x], axis))


@operation
def unstack(x: Any, num: int | None = None, axis: int = 0, name: str | None = None) -> list[Tensor]:
    value = value_of(x)
    place = axis_of(axis, len(value.shape))
    shape = value.shape[:place] + value.shape[place + 1 :]
    return [wrap(p.reshape(p.narrow(value, place, i, i + 1), shape)) for i in range(value.shape[place])]


@operation
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Tensor]:
    """keras.ops.split: a number of equal parts, or the places where to cut."""
    value = value_of(x)
    place = axis_of(axis, len(value.shape))
    size = value.shape[place]
    if isinstance(indices_or_sections, int):
        if size % indices_or_sections:
            raise BadArgument(f'an axis of size {size} cannot be split into {indices_or_sections} equal parts')
        step = size // indices_or_sections
        cuts = list(range(0, size + 1, step))
    else:
        cuts = [0, *sizes(indices_or_sections), size]
    return [wrap(p.narrow(value, place, a, b)) for a, b in zip(cuts, cuts[1:])]


def split_by_sizes(value: Any, num_or_size_splits: Any, axis: int = 0, num: Any = None, name: str | None = None) -> list[Tensor]:
    """tf.split: a number of equal parts, or their sizes."""
    if isinstance(num_or_size_splits, int):
        return split(value, num_or_size_splits, axis)
    parts = sizes(num_or_size_splits)
    shape = value_of(value).shape
    if -1 in parts:
        parts[parts.index(-1)] = shape[axis_of(axis, len(shape))] - sum(n for n in parts if n != -1)
    cuts = [sum(parts[: i + 1]) for i in range(len(parts) - 1)]
    return split(value, cuts, axis)


@operation
def repeat(x: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:
    value = value_of(x)
    if axis is None:
        value, axis = p.reshape(value, (value.size,)), 0
    place = axis_of(axis, len(value.shape))
    times = number(repeats)
    wide = p.broadcast_to(
        p.reshape(value, (*value.shape[: place + 1], 1, *value.shape[place + 1 :])),
        (*value.shape[: place + 1], times, *value.shape[place + 1 :]),
    )
    return wrap(p.reshape(wide, (*value.shape[:place], value.shape[place] * times, *value.shape[place + 1 :])))


@operation
def tile(x: Any, repeats: Any, name: str | None = None) -> Tensor:
    value = value_of(x)
    times = sizes(repeats)
    rank = max(len(times), len(value.shape))
    times = [1] * (rank - len(times)) + times
    value = p.reshape(value, (1,) * (rank - len(value.shape)) + value.shape)
    if all(n == 1 for n in times):
        return wrap(value)
    return wrap(emit('tile', {'repeats': times}, (value,), [n * t for n, t in zip(value.shape, times)], value.dtype))


@operation
def flip(x: Any, axis: Any = None, name: str | None = None) -> Tensor:
    value = value_of(x)
    places = list(range(len(value.shape))) if axis is None else [axis_of(i, len(value.shape)) for i in sizes(axis)]
    return wrap(p.same('flip', value, {'axes': places}))


@operation
def roll(x: Any, shift: Any, axis: Any = None, name: str | None = None) -> Tensor:
    value = value_of(x)
    if axis is None:
        flat = p.same('roll', p.reshape(value, (value.size,)), {'shifts': sizes(shift), 'axes': [0]})
        return wrap(p.reshape(flat, value.shape))
    places = [axis_of(i, len(value.shape)) for i in sizes(axis)]
    return wrap(p.same('roll', value, {'shifts': sizes(shift), 'axes': places}))


def pad_value(value: Value, pads: Sequence[Sequence[int]], mode: str = 'constant', fill: float = 0.0) -> Value:
    if all(a == 0 and b == 0 for a, b in pads):
        return value
    shape = [n + a + b for n, (a, b) in zip(value.shape, pads)]
    attributes = {'pads': [list(item) for item in pads], 'mode': mode, 'value': fill}
    return emit('pad', attributes, (value,), shape, value.dtype)


@operation
def pad(x: Any, pad_width: Any, mode: str = 'constant', constant_values: Any = None, name: str | None = None) -> Tensor:
    value = value_of(x)
    widths = [sizes(item) for item in pad_width] if not isinstance(pad_width, int) else [[pad_width, pad_width]] * len(value.shape)
    names = {'edge': 'replicate', 'wrap': 'circular'}
    mode = mode.lower()
    return wrap(pad_value(value, widths, names.get(mode, mode), constant_values or 0.0))


@operation
def broadcast_to(x: Any, shape: Any, name: str | None = None) -> Tensor:
    return wrap(p.broadcast_to(value_of(x), sizes(shape)))


@operation
def swapaxes(x: Any, axis1: int, axis2: int) -> Tensor:
    value = value_of(x)
    return wrap(p.swap(value, axis_of(axis1, len(value.shape)), axis_of(axis2, len(value.shape))))


@operation
def moveaxis(x: Any, source: Any, destination: Any) -> Tensor:
    value = value_of(x)
    rank = len(value.shape)
    sources = [axis_of(i, rank) for i in sizes(source)]
    targets = [axis_of(i, rank) for i in sizes(destination)]
    order = [i for i in range(rank) if i not in sources]
    for target, origin in sorted(zip(targets, sources)):
        order.insert(target, origin)
    return wrap(p.permute(value, order))


@operation
def ravel(x: Any) -> Tensor:
    return wrap(p.reshape(value_of(x), (math.prod(value_of(x).shape),)))


def _triangle(op: str) -> Any:
    def run(x: Any, k: int = 0) -> Tensor:
        return wrap(p.same(op, value_of(x), {'diagonal': k}))

    run.__name__ = op
    return operation(run)


FUNCTIONS: dict[str, Any] = {
    'reshape': reshape, 'transpose': transpose, 'expand_dims': expand_dims, 'squeeze': squeeze, 'concatenate': concatenate,
    'stack': stack, 'unstack': unstack, 'split': split, 'repeat': repeat, 'tile': tile, 'flip': flip, 'roll': roll,
    'pad': pad, 'broadcast_to': broadcast_to, 'swapaxes': swapaxes, 'moveaxis': moveaxis, 'ravel': ravel,
    'tril': _triangle('tril'), 'triu': _triangle('triu'),
}  # fmt: skip
