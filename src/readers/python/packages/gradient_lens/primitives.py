"""Ops on values, shapes worked out and no-ops left away: the vocabulary that the frameworks' stand-ins speak."""

from __future__ import annotations

import math
from typing import Any, Sequence

from . import shapes
from .errors import ShapeMismatch
from .value import Shape, Value, constant, emit

KINDS = ('bool', 'int', 'float')
_CONVERT = {'bool': bool, 'int': int, 'float': float}


def kind_of(number: Any) -> str:
    if isinstance(number, bool):
        return 'bool'
    return 'int' if isinstance(number, int) else 'float'


def wider(a: str, b: str) -> str:
    """The kind that holds both."""
    return KINDS[max(KINDS.index(a), KINDS.index(b))]


def fill(number: Any, shape: Sequence[int], kind: str) -> Value:
    """A tensor filled with one number."""
    return constant([_CONVERT[kind](number)], shape, kind)


def cast(value: Value, kind: str) -> Value:
    return value if value.dtype == kind else emit('cast', {}, (value,), value.shape, kind)


def unary(op: str, value: Value, attributes: dict[str, Any] | None = None) -> Value:
    """An op on floating-point numbers that keeps the shape."""
    return emit(op, attributes or {}, (cast(value, 'float'),), value.shape, 'float')


def same(op: str, value: Value, attributes: dict[str, Any] | None = None) -> Value:
    """An op that keeps shape and kind."""
    return emit(op, attributes or {}, (value,), value.shape, value.dtype)


def binary(op: str, a: Value, b: Value, kind: str | None = None, result: str | None = None) -> Value:
    """A broadcasting pair op on operands of one kind (`kind`, else the wider)."""
    kind = kind or wider(a.dtype, b.dtype)
    a, b = cast(a, kind), cast(b, kind)
    return emit(op, {}, (a, b), shapes.broadcast(a.shape, b.shape), result or kind)


def where(condition: Value, a: Value, b: Value) -> Value:
    kind = wider(a.dtype, b.dtype)
    inputs = (cast(condition, 'bool'), cast(a, kind), cast(b, kind))
    return emit('where', {}, inputs, shapes.broadcast_all(value.shape for value in inputs), kind)


def reshape(value: Value, shape: Sequence[int]) -> Value:
    shape = tuple(shape)
    return value if value.shape == shape else emit('reshape', {}, (value,), shape, value.dtype)


def permute(value: Value, order: Sequence[int]) -> Value:
    order = list(order)
    if order == list(range(len(order))):
        return value
    return emit('permute', {'order': order}, (value,), [value.shape[axis] for axis in order], value.dtype)


def swap(value: Value, a: int, b: int) -> Value:
    order = list(range(len(value.shape)))
    order[a], order[b] = order[b], order[a]
    return permute(value, order)


def broadcast_to(value: Value, shape: Sequence[int]) -> Value:
    shape = tuple(shape)
    return value if value.shape == shape else emit('broadcast', {}, (value,), shape, value.dtype)


def cut_out(value: Value, start: Sequence[int], stop: Sequence[int], step: Sequence[int]) -> Value:
    """The region [start, stop) by `step`."""
    shape = [len(range(a, b, s)) for a, b, s in zip(start, stop, step)]
    if tuple(shape) == value.shape:
        return value
    attributes = {'start': list(start), 'stop': list(stop), 'step': list(step)}
    return emit('slice', attributes, (value,), shape, value.dtype)


def narrow(value: Value, axis: int, start: int, stop: int, step: int = 1) -> Value:
    """The region [start, stop) of one axis."""
    rank = len(value.shape)
    return cut_out(
        value,
        [start if i == axis else 0 for i in range(rank)],
        [stop if i == axis else n for i, n in enumerate(value.shape)],
        [step if i == axis else 1 for i in range(rank)],
    )


def put(value: Value, start: Sequence[int], stop: Sequence[int], step: Sequence[int], patch: Value) -> Value:
    """The value with a region replaced; the patch has the region's shape."""
    if all(a == 0 and b == n and s == 1 for a, b, s, n in zip(start, stop, step, value.shape)):
        return patch
    attributes = {'start': list(start), 'stop': list(stop), 'step': list(step)}
    return emit('assignRegion', attributes, (value, cast(patch, value.dtype)), value.shape, value.dtype)


def concat(parts: Sequence[Value], axis: int) -> Value:
    if len(parts) == 1:
        return parts[0]
    kind = parts[0].dtype
    for part in parts[1:]:
        kind = wider(kind, part.dtype)
    first = parts[0].shape
    for number, part in enumerate(parts):
        if len(part.shape) != len(first) or any(
            m != n for i, (m, n) in enumerate(zip(part.shape, first)) if i != axis
        ):
            raise ShapeMismatch(
                f'Sizes of tensors must match except in dimension {axis}. Expected the shape {list(first)} of the first '
                f'tensor but got {list(part.shape)} for tensor number {number} in the list.'
            )
    shape = list(first)
    shape[axis] = sum(part.shape[axis] for part in parts)
    return emit('concat', {'axis': axis}, tuple(cast(part, kind) for part in parts), shape, kind)


def reduce(op: str, value: Value, axes: Sequence[int], keep: bool, extra: dict[str, Any] | None = None) -> Value:
    attributes = {'axes': list(axes), 'keepDims': keep, **(extra or {})}
    return emit(op, attributes, (value,), shapes.reduced(value.shape, axes, keep), value.dtype)


def matmul(a: Value, b: Value, transpose_a: bool = False, transpose_b: bool = False) -> Value:
    """Product of the last two dims; ranks of two and more."""
    kind = wider(a.dtype, b.dtype)
    a, b = cast(a, kind), cast(b, kind)
    left = a.shape[:-2] + (a.shape[-1], a.shape[-2]) if transpose_a else a.shape
    right = b.shape[:-2] + (b.shape[-1], b.shape[-2]) if transpose_b else b.shape
    attributes = {'transposeA': transpose_a, 'transposeB': transpose_b}
    return emit('matmul', attributes, (a, b), shapes.matmul_shape(left, right), kind)


def gather(value: Value, indices: Value, axis: int) -> Value:
    """Whole slices along an axis; the indices' shape takes its place."""
    shape = value.shape[:axis] + indices.shape + value.shape[axis + 1 :]
    return emit('gather', {'axis': axis}, (value, cast(indices, 'int')), shape, value.dtype)


def linear(x: Value, weight: Value, bias: Value | None, layout: str = 'outIn') -> Value:
    """x @ weight.T + bias ('outIn') or x @ weight + bias ('inOut')."""
    out, fan_in = weight.shape if layout == 'outIn' else weight.shape[::-1]
    if not x.shape or x.shape[-1] != fan_in:
        rows = math.prod(x.shape[:-1])
        last = x.shape[-1] if x.shape else 1
        raise ShapeMismatch(
            f'mat1 and mat2 shapes cannot be multiplied ({rows}x{last} and {fan_in}x{out})', fan_in, last
        )
    inputs = (x, weight) if bias is None else (x, weight, bias)
    return emit('linear', {'weightLayout': layout}, inputs, x.shape[:-1] + (out,), 'float')


def flatten_shape(shape: Shape, start: int, end: int) -> Shape:
    return shape[:start] + (math.prod(shape[start : end + 1]),) + shape[end + 1 :]
