"""Tensors put together: concatenation, stacks, grids."""

from __future__ import annotations

import math
from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadState, ShapeMismatch
from gradient_lens.shapes import axis_of, broadcast_all

from .._convert import as_tensor
from .._tensor import Tensor, read, wrap
from .._types import promote
from .shaping import flatten


def _listed(tensors: Any) -> list[Tensor]:
    parts = [as_tensor(part) for part in tensors]
    if not parts:
        raise BadState('expected a non-empty list of Tensors')
    return parts


def _dtype(parts: Sequence[Tensor]) -> Any:
    result = parts[0].dtype
    for part in parts[1:]:
        result = promote(result, part.dtype)
    return result


def cat(tensors: Any, dim: int = 0, *, axis: int | None = None) -> Tensor:
    parts = _listed(tensors)
    # PyTorch lets one-dimensional empty tensors pass, whatever the others are.
    full = [part for part in parts if tuple(part.shape) != (0,)] or parts[:1]
    place = axis_of(dim if axis is None else axis, full[0].ndim)
    return wrap(p.concat([read(part) for part in full], place), _dtype(parts))


concat = concatenate = cat


def stack(tensors: Any, dim: int = 0) -> Tensor:
    parts = _listed(tensors)
    first = tuple(parts[0].shape)
    for number, part in enumerate(parts):
        if tuple(part.shape) != first:
            raise ShapeMismatch(
                f'stack expects each tensor to be equal size, but got {list(first)} at entry 0 and {list(part.shape)} at '
                f'entry {number}'
            )
    place = axis_of(dim, len(first) + 1)
    shape = (*first[:place], 1, *first[place:])
    return wrap(p.concat([p.reshape(read(part), shape) for part in parts], place), _dtype(parts))


def hstack(tensors: Any) -> Tensor:
    parts: list[Any] = [part if part.shape else part.reshape(1) for part in _listed(tensors)]
    return cat(parts, 0 if parts[0].ndim == 1 else 1)


def vstack(tensors: Any) -> Tensor:
    return cat([part.reshape(1, -1) if part.ndim < 2 else part for part in _listed(tensors)], 0)


row_stack = vstack


def dstack(tensors: Any) -> Tensor:
    parts: list[Tensor] = []
    for part in _listed(tensors):
        if part.ndim < 2:
            part = part.reshape(1, -1)
        parts.append(part.unsqueeze(2) if part.ndim == 2 else part)
    return cat(parts, 2)


def column_stack(tensors: Any) -> Tensor:
    return cat([part.reshape(-1, 1) if part.ndim < 2 else part for part in _listed(tensors)], 1)


def meshgrid(*tensors: Any, indexing: str = 'ij') -> tuple[Tensor, ...]:
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tuple(tensors[0])
    parts: list[Any] = [part if part.shape else part.reshape(1) for part in tensors]
    shape: list[int] = [part.shape[0] for part in parts]
    swap = indexing == 'xy' and len(parts) > 1
    if swap:
        shape[0], shape[1] = shape[1], shape[0]
    grids: list[Tensor] = []
    for place, part in enumerate(parts):
        at = {0: 1, 1: 0}.get(place, place) if swap else place
        line = [1] * len(parts)
        line[at] = part.shape[0]
        grids.append(part.reshape(*line).expand(*shape))
    return tuple(grids)


def cartesian_prod(*tensors: Any) -> Tensor:
    parts = list(tensors)
    return stack([flatten(grid) for grid in meshgrid(*parts)], 1) if len(parts) > 1 else parts[0]


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    shape = broadcast_all(tuple(part.shape) for part in tensors)
    return tuple(part.expand(*shape) for part in tensors)


def block_diag(*tensors: Any) -> Tensor:
    from .creation import zeros

    columns = sum(part.shape[-1] for part in tensors)
    rows: list[Tensor] = []
    at = 0
    for part in tensors:
        n, m = part.shape
        rows.append(cat([zeros(n, at), part, zeros(n, columns - at - m)], 1))
        at += m
    return cat(rows, 0)


def numel(input: Tensor) -> int:
    return math.prod(input.shape)
