"""`x[...]` and `x[...] = y`: basic indices are views, index tensors gather, masks choose."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from gradient_lens import primitives as p
from gradient_lens.concrete import known
from gradient_lens.errors import BadType, DataDependent, OutOfRange, ShapeMismatch
from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.shapes import broadcast, broadcast_all
from gradient_lens.value import Value, constant

from .._chosen import ChosenTensor, chosen, chosen_elsewhere
from .._convert import Number, as_tensor
from .._tensor import Tensor, View, assign, attach, read, wrap
from .._types import int64
from .._views import permute_view, region_view, reshape_view
from .creation import empty_value


class _Plan(NamedTuple):
    """An index taken apart: a region, then axes dropped or put in, then index tensors on what remains."""

    start: list[int]
    stop: list[int]
    step: list[int]
    shape: list[int]
    #: (axis after reshaping, index values) of the index tensors.
    advanced: list[tuple[int, Value]]
    #: Whether index tensors stand side by side, so that their result takes their place.
    together: bool


def _is_index_tensor(item: Any) -> bool:
    return isinstance(item, (Tensor, list, range)) or (hasattr(item, 'tolist') and hasattr(item, 'shape'))


def _spelled_out(key: Any, rank: int) -> list[Any]:
    """The index with masks as index tensors, the ellipsis and missing axes as full slices."""
    items = list(key) if isinstance(key, tuple) else [key]
    found: list[Any] = []
    used = 0
    for item in items:
        if _is_index_tensor(item):
            tensor = as_tensor(item)
            if tensor.dtype.kind == 'bool':
                places = mask_places(tensor)
                found.extend(places)
                used += len(places)
                continue
            if not tensor.shape and known(read(tensor)) is not None:
                item = int(tensor)
            else:
                item = tensor
        if isinstance(item, float):
            raise BadType('only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices')
        found.append(item)
        used += item is not None and item is not Ellipsis
    if used > rank:
        raise OutOfRange(f'too many indices for tensor of dimension {rank}')
    filler = [slice(None)] * (rank - used)
    for place, item in enumerate(found):
        if item is Ellipsis:
            return found[:place] + filler + found[place + 1 :]
    return found + filler


def mask_places(mask: Tensor) -> list[Tensor]:
    """Index tensors of the places where a known mask is true."""
    elements = known(read(mask))
    if elements is None:
        raise DataDependent('The shape of x[mask]')
    if len(elements) == 1:
        elements = elements * mask.numel()
    hits = [i for i, hit in enumerate(elements) if hit]
    places: list[Tensor] = []
    inner = mask.numel()
    for n in mask.shape:
        inner //= max(n, 1)
        places.append(wrap(constant([i // inner % n for i in hits], (len(hits),), 'int'), int64))
    return places


def _plan(shape: tuple[int, ...], key: Any) -> _Plan:
    items = _spelled_out(key, len(shape))
    plan = _Plan([], [], [], [], [], True)
    axis = 0
    gap = seen_gap = False
    for item in items:
        if item is None:
            plan.shape.append(1)
            gap = bool(plan.advanced)
            continue
        size = shape[axis]
        if isinstance(item, slice):
            start, stop, step = slice(*(None if n is None else int(n) for n in (item.start, item.stop, item.step))).indices(size)
            if step < 1:
                raise BadType('slice step must be positive')
            stop = max(start, stop)
            plan.shape.append(len(range(start, stop, step)))
            gap = bool(plan.advanced)
        elif isinstance(item, Tensor):
            start, stop, step = 0, size, 1
            plan.advanced.append((len(plan.shape), wrapped(read(item), size, axis)))
            plan.shape.append(size)
            seen_gap = seen_gap or gap
        else:
            if not hasattr(item, '__index__'):
                raise BadType(f'a tensor cannot be indexed with {type(item).__name__} {item!r}')
            index = item.__index__()
            if not -size <= index < size:
                raise OutOfRange(f'index {index} is out of bounds for dimension {axis} with size {size}')
            start = index % size
            stop, step = start + 1, 1
        plan.start.append(start)
        plan.stop.append(stop)
        plan.step.append(step)
        axis += 1
    return plan._replace(together=not seen_gap)


def wrapped(indices: Value, size: int, axis: int) -> Value:
    """Known indices counted from the end are turned round; unknown ones are taken as they are."""
    elements = known(indices)
    if elements is None:
        return p.cast(indices, 'int')
    if any(not -size <= i < size for i in elements):
        raise OutOfRange(f'index out of bounds for dimension {axis} with size {size}')
    if all(i >= 0 for i in elements):
        return p.cast(indices, 'int')
    return constant([i % size for i in elements], indices.shape, 'int')


def getitem(self: Tensor, key: Any) -> Any:
    try:
        plan = _plan(self.shape, key)
    except DataDependent:
        if not session.recording:
            return Inert('tensor[mask]')
        if not isinstance(key, Tensor):
            raise
        return chosen(self, key)
    result = self
    if any((a, b, s) != (0, n, 1) for a, b, s, n in zip(plan.start, plan.stop, plan.step, self.shape)):
        result = region_view(self, plan.start, plan.stop, plan.step)
    if tuple(plan.shape) != tuple(result.shape):
        result = reshape_view(result, plan.shape)
    if plan.advanced:
        return wrap(_gathered(read(result), plan), self.dtype)
    return alias(self) if result is self else result


def alias(tensor: Tensor) -> Tensor:
    """`x[...]`: another tensor on the same memory."""
    result = wrap(read(tensor), tensor.dtype)
    attach(result, View(tensor, lambda value: value, lambda _, new: new, False), tensor._strides)
    return result


def _gathered(value: Value, plan: _Plan) -> Value:
    if len(plan.advanced) == 1:
        axis, indices = plan.advanced[0]
        return p.gather(value, indices, axis)
    axes = [axis for axis, _ in plan.advanced]
    common = broadcast_all(indices.shape for _, indices in plan.advanced)
    rest = [axis for axis in range(len(value.shape)) if axis not in axes]
    moved = p.permute(value, axes + rest)
    linear: Value | None = None
    size = 1
    for axis, indices in plan.advanced:
        n = value.shape[axis]
        size *= n
        linear = indices if linear is None else p.binary('add', p.binary('mul', linear, p.fill(n, (), 'int')), indices)
    assert linear is not None
    rows = p.reshape(moved, (size, *(value.shape[axis] for axis in rest)))
    picked = p.gather(rows, p.broadcast_to(linear, common), 0)
    if not plan.together or axes[0] == 0:
        return picked
    before = axes[0]
    rank = len(common)
    order = [rank + i for i in range(before)] + list(range(rank)) + [rank + i for i in range(before, len(rest))]
    return p.permute(picked, order)


def setitem(self: Tensor, key: Any, value: Any) -> None:
    if isinstance(key, Tensor) and key.dtype.kind == 'bool' and known(read(key)) is None:
        return _set_masked(self, key, value)
    patch = _patch(self, value)
    try:
        plan = _plan(self.shape, key)
        if plan.advanced:
            return _scatter(self, plan, patch)
    except DataDependent:
        if session.recording:
            raise
        # What a script does to its data: the shape stays, and nothing else is known.
        assign(self, empty_value(tuple(self.shape), self.dtype.kind))
        return None
    target = region_view(self, plan.start, plan.stop, plan.step)
    region = tuple(target.shape)
    shaped = _fitted(patch, tuple(plan.shape))
    assign(target, p.reshape(p.cast(shaped, self.dtype.kind), region))


def _patch(self: Tensor, value: Any) -> Value:
    if isinstance(value, Number):
        return p.fill(value, (), self.dtype.kind)
    return p.cast(read(as_tensor(value)), self.dtype.kind)


def _fitted(patch: Value, shape: tuple[int, ...]) -> Value:
    own = patch.shape
    while len(own) > len(shape) and own[0] == 1:
        own = own[1:]
    if broadcast(own, shape) != shape:
        raise ShapeMismatch(f'shape mismatch: value tensor of shape {list(patch.shape)} cannot be broadcast to {list(shape)}')
    return p.broadcast_to(p.reshape(patch, own), shape)


def _set_masked(self: Tensor, mask: Tensor, value: Any) -> None:
    if isinstance(value, ChosenTensor):
        assign(self, p.where(_over_axes(mask, self.ndim), chosen_elsewhere(value, mask, tuple(self.shape), self.dtype.kind), read(self)))
        return
    patch = _patch(self, value)
    row = patch.shape
    while len(row) > self.ndim - mask.ndim and row[0] == 1:
        row = row[1:]
    # What is written to all places alike needs no number of them.
    if len(row) > self.ndim - mask.ndim:
        raise DataDependent('Writing several values by x[mask] = ...')
    assign(self, p.where(_over_axes(mask, self.ndim), p.reshape(patch, row), read(self)))


def _over_axes(mask: Tensor, rank: int) -> Value:
    """A mask over the first axes of a tensor of this rank."""
    return p.reshape(read(mask), tuple(mask.shape) + (1,) * (rank - mask.ndim))


def _scatter(self: Tensor, plan: _Plan, patch: Value) -> None:
    """Known index tensors write by a gather of the old and the new rows put one after the other."""
    target = region_view(self, plan.start, plan.stop, plan.step)
    if tuple(plan.shape) != tuple(target.shape):
        target = reshape_view(target, plan.shape)
    axes = [axis for axis, _ in plan.advanced]
    rest = [axis for axis in range(target.ndim) if axis not in axes]
    target = permute_view(target, axes + rest)
    common = broadcast_all(indices.shape for _, indices in plan.advanced)
    outer, inner = target.shape[: len(axes)], tuple(target.shape[len(axes) :])
    count = math.prod(common)
    linear = [0] * count
    for (_, indices), n in zip(plan.advanced, outer):
        elements = known(p.broadcast_to(indices, common))
        if elements is None:
            raise DataDependent('Where this assignment writes')
        elements = elements * count if len(elements) == 1 else elements
        linear = [at * n + i for at, i in zip(linear, elements)]
    size = math.prod(outer)
    order = list(range(size))
    for place, row in enumerate(linear):
        order[row] = size + place
    new = _fitted_to_rows(patch, common, inner, axes[0] if plan.together else 0)
    both = p.concat([p.reshape(read(target), (size, *inner)), p.reshape(p.cast(new, self.dtype.kind), (count, *inner))], 0)
    assign(target, p.reshape(p.gather(both, constant(order, (size,), 'int'), 0), target.shape))


def _fitted_to_rows(patch: Value, common: tuple[int, ...], inner: tuple[int, ...], before: int) -> Value:
    """The patch in the shape that reading would give, then with the axes of the indices first."""
    fitted = _fitted(patch, inner[:before] + common + inner[before:])
    rank = len(common)
    order = list(range(before, before + rank)) + list(range(before))
    return p.permute(fitted, order + list(range(before + rank, rank + len(inner))))
