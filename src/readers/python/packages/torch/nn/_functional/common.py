"""Small helpers of functional ops."""

from __future__ import annotations

from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadType, ShapeMismatch
from gradient_lens.value import Value

from ..._convert import size
from ..._tensor import Tensor, assign, read, wrap


def tuple_of(value: Any, count: int) -> tuple[int, ...]:
    """One number for all dims, or one each."""
    if isinstance(value, (tuple, list)):
        sizes = tuple(size(n) for n in value)
        if len(sizes) == 1:
            return sizes * count
        if len(sizes) != count:
            raise BadType(f'expected {count} numbers, one for each spatial dim, but got {list(sizes)}')
        return sizes
    return (size(value),) * count


def floating(input: Tensor, what: str) -> Value:
    """The value of a floating-point input; PyTorch refuses integers in layers with weights."""
    value = read(input)
    if value.dtype != 'float':
        raise ShapeMismatch(f'{what} expects floating-point numbers, but its input is of type {input.dtype}')
    return value


def optional(tensor: Tensor | None) -> Value | None:
    return None if tensor is None else read(tensor)


def deliver(input: Tensor, value: Value, inplace: bool) -> Tensor:
    """The result, written into the input where the layer works in place."""
    return assign(input, value) if inplace else wrap(value, input.dtype)


def batched(value: Value, spatial: int, what: str) -> tuple[Value, bool]:
    """A value with a batch dim: [N, C, ...spatial]; the second tells whether one was put in."""
    rank = len(value.shape)
    if rank == spatial + 2:
        return value, False
    if rank == spatial + 1:
        return p.reshape(value, (1, *value.shape)), True
    raise ShapeMismatch(
        f'Expected {spatial + 1}D (unbatched) or {spatial + 2}D (batched) input to {what}, but got input of size: '
        f'{list(value.shape)}'
    )


def unbatched(value: Value, put_in: bool) -> Value:
    return p.reshape(value, value.shape[1:]) if put_in else value


def times(shape: Sequence[int]) -> str:
    return 'x'.join(map(str, shape))
