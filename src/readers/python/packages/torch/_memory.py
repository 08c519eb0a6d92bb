"""Shared memory of tensors: views, and in-place changes that reach whoever shares.

A view knows its base and how to be made again from it (`derive`) and how a change of it changes the base (`restore`), so
whoever reads a view after its memory was changed sees the change.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Callable, NamedTuple

from gradient_lens import primitives as p
from gradient_lens.errors import ShapeMismatch, UnsupportedOp
from gradient_lens.session import session
from gradient_lens.value import Value, cut

if TYPE_CHECKING:
    from ._tensor import Tensor


class Memory:
    """What a tensor and its views share: counts the in-place changes."""

    __slots__ = ('version',)

    def __init__(self) -> None:
        self.version = 0


class View(NamedTuple):
    """How a view hangs on its base."""

    base: Tensor
    derive: Callable[[Value], Value]
    #: (base value, new value of the view) -> new base value.
    restore: Callable[[Value, Value], Value]
    #: Whether gradients are cut between the two (`detach()`, `.data`).
    detached: bool


def detached(value: Value) -> Value:
    return cut(value) if value.live else value


def replace(_: Value, new: Value) -> Value:
    return new


def attach(tensor: Tensor, view: View, strides: tuple[int, ...] | None) -> None:
    """Makes a tensor a view of another."""
    base = view.base
    memory = base._memory
    if memory is None:
        memory = base._memory = Memory()
    tensor._view = view
    tensor._memory = memory
    tensor._seen = memory.version
    tensor._strides = strides


def read(tensor: Tensor) -> Value:
    """The value a tensor has now."""
    record = tensor._record
    if record is not None:
        return record.read()
    view = tensor._view
    if view is not None:
        memory = tensor._memory
        if memory is not None and tensor._seen != memory.version:
            tensor._value = view.derive(read(view.base))
            if tensor._seen >= 0:
                tensor._seen = memory.version
    return tensor._value


def touch(tensor: Tensor) -> None:
    """Notes that a tensor's memory has changed: its views are made again when read."""
    memory = tensor._memory
    if memory is not None:
        memory.version += 1
        if tensor._seen >= 0:
            tensor._seen = memory.version


#: References to a tensor that only a view of it knows, as `sys.getrefcount` counts them: the view's, and its own argument.
_HELD_BY_ITS_VIEW = 2


def assign(tensor: Tensor, value: Value, detached: bool = False) -> Tensor:
    """Changes a tensor in place, and with it what it is a view of."""
    if value.shape != tensor.shape:
        raise ShapeMismatch(
            f'output with shape {list(tensor.shape)} doesn\'t match the broadcast shape {list(value.shape)}'
        )
    value = p.cast(value, tensor.dtype.kind)
    record, view = tensor._record, tensor._view
    if record is not None:
        if not detached:
            record.guard_in_place()
        record.write(value)
    elif view is not None:
        cut_off = detached or view.detached
        if cut_off and session.recording and (tensor._value.live or read(view.base).live):
            if sys.getrefcount(view.base) <= _HELD_BY_ITS_VIEW:
                # `x.clone().detach()`: nobody else can see the memory, so that it is the tensor's own.
                tensor._view, tensor._value = None, value
                touch(tensor)
                return tensor
            raise UnsupportedOp('an in-place change through .data or detach() in the forward pass')
        base = view.base
        if base._record is not None:
            old = base._record.contents if not session.recording else read(base)
            assign(base, view.restore(old, value), cut_off)
        else:
            assign(base, view.restore(read(base), value), cut_off)
        tensor._value = value
    else:
        tensor._value = value
    touch(tensor)
    return tensor
