"""View ops: each says how the view is made of its base and how a change of it changes the base."""

from __future__ import annotations

from typing import Callable, Sequence

from gradient_lens import primitives as p
from gradient_lens.strides import contiguous_strides, view_strides
from gradient_lens.value import Value

from ._tensor import Tensor, View, attach, read, wrap


def _view(
    base: Tensor,
    derive: Callable[[Value], Value],
    restore: Callable[[Value, Value], Value],
    strides: tuple[int, ...] | None,
) -> Tensor:
    result = wrap(derive(read(base)), base.dtype)
    if base._record is not None and not base.requires_grad:
        result.requires_grad = False
    attach(result, View(base, derive, restore, False), strides)
    return result


def _strides(tensor: Tensor) -> tuple[int, ...]:
    return tensor._strides or contiguous_strides(tensor.shape)


def reshape_view(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """The same elements in another shape; a copy where memory does not allow a view, as in PyTorch."""
    shape = tuple(shape)
    strides: tuple[int, ...] | None = None
    if tensor._strides is not None:
        strides = view_strides(tensor.shape, tensor._strides, shape)
        if strides is None:
            return wrap(p.reshape(read(tensor), shape), tensor.dtype)
    before = tuple(tensor.shape)
    return _view(
        tensor, lambda value: p.reshape(value, shape), lambda _, new: p.reshape(new, before), strides
    )


def permute_view(tensor: Tensor, order: Sequence[int]) -> Tensor:
    order = list(order)
    back = [order.index(axis) for axis in range(len(order))]
    own = _strides(tensor)
    return _view(
        tensor,
        lambda value: p.permute(value, order),
        lambda _, new: p.permute(new, back),
        tuple(own[axis] for axis in order),
    )


def region_view(tensor: Tensor, start: Sequence[int], stop: Sequence[int], step: Sequence[int]) -> Tensor:
    """The region [start, stop) by `step` of each axis."""
    own = _strides(tensor)
    return _view(
        tensor,
        lambda value: p.cut_out(value, start, stop, step),
        lambda base, new: p.put(base, start, stop, step, new),
        tuple(a * b for a, b in zip(own, step)),
    )


def narrow_view(tensor: Tensor, axis: int, start: int, stop: int) -> Tensor:
    rank = len(tensor.shape)
    return region_view(
        tensor,
        [start if i == axis else 0 for i in range(rank)],
        [stop if i == axis else n for i, n in enumerate(tensor.shape)],
        [1] * rank,
    )


def broadcast_view(tensor: Tensor, shape: Sequence[int]) -> Tensor:
    """`expand`; writing into it is refused by PyTorch and here."""
    shape = tuple(shape)
    lead = len(shape) - len(tensor.shape)
    own = (0,) * lead + tuple(
        0 if n == 1 and m != 1 else s for n, m, s in zip(tensor.shape, shape[lead:], _strides(tensor))
    )

    def restore(_: Value, __: Value) -> Value:
        from gradient_lens.errors import BadState

        raise BadState(
            'unsupported operation: more than one element of the written-to tensor refers to a single memory location. '
            'Please clone() the tensor before performing the operation.'
        )

    return _view(tensor, lambda value: p.broadcast_to(value, shape), restore, own)
