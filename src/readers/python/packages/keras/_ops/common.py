"""What operations share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.shapes import axes_of, axis_of
from gradient_lens.value import Value

from .._tensor import Tensor, read, value_of, wrap

__all__ = ['axes_of', 'axis_of', 'number', 'pair', 'sizes', 'unary', 'wrap']


def unary(op: str, x: Any, attributes: dict[str, Any] | None = None) -> Tensor:
    return wrap(p.unary(op, value_of(x), attributes))


def pair(a: Any, b: Any) -> tuple[Value, Value]:
    """Operands of one kind; a Python number takes that of the tensor beside it unless it is the wider."""
    left, right = value_of(a), value_of(b)
    kind = p.wider(left.dtype, right.dtype)
    return p.cast(left, kind), p.cast(right, kind)


def number(item: Any) -> int:
    """A whole number, also from a tensor whose elements are known."""
    return item if type(item) is int else item.__index__() if hasattr(item, '__index__') else int(item)


def sizes(shape: Any) -> list[int]:
    if isinstance(shape, Tensor) and read(shape).shape:
        return [int(item) for item in shape]
    if isinstance(shape, Sequence) and not isinstance(shape, str):
        return [-1 if item is None else number(item) for item in shape]
    listed = getattr(shape, 'tolist', None)
    if listed is not None:
        return sizes(listed())
    return [number(shape)]
