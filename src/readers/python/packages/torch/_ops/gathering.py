"""Gathers, scatters and selections by index tensors."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import DataDependent, ShapeMismatch, UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.shapes import axis_of, broadcast
from gradient_lens.value import emit

from .._tensor import Tensor, read, wrap
from .arithmetic import ne
from .indexing import getitem, mask_places, wrapped
from .joining import stack


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    axis = axis_of(dim, input.ndim)
    return wrap(p.gather(read(input), wrapped(read(index), input.shape[axis], axis), axis), input.dtype)


def take(input: Tensor, index: Tensor) -> Tensor:
    return index_select(input.reshape(-1), 0, index.reshape(-1)).reshape(index.shape)


def gather(input: Tensor, dim: int, index: Tensor, *, sparse_grad: bool = False) -> Tensor:
    axis = axis_of(dim, input.ndim)
    if input.ndim != index.ndim:
        raise ShapeMismatch('Index tensor must have the same number of dimensions as input tensor')
    source = read(input)
    if any(i != axis and m < n for i, (m, n) in enumerate(zip(input.shape, index.shape))):
        raise ShapeMismatch(
            f'Size does not match at dimension {axis} expected index {list(index.shape)} to be no larger than self '
            f'{list(input.shape)} apart from dimension {axis}'
        )
    for i, n in enumerate(index.shape):
        if i != axis and source.shape[i] != n:
            source = p.narrow(source, i, 0, n)
    return wrap(emit('gatherElements', {'axis': axis}, (source, p.cast(read(index), 'int')), index.shape, source.dtype), input.dtype)


def take_along_dim(input: Tensor, indices: Tensor, dim: int) -> Tensor:
    axis = axis_of(dim, input.ndim)
    a = [1 if i == axis else n for i, n in enumerate(input.shape)]
    b = [1 if i == axis else n for i, n in enumerate(indices.shape)]
    common = list(broadcast(tuple(a), tuple(b)))
    wide = [input.shape[axis] if i == axis else n for i, n in enumerate(common)]
    picks = [indices.shape[axis] if i == axis else n for i, n in enumerate(common)]
    return gather(input.expand(*wide), axis, indices.expand(*picks))


def _scattered(input: Tensor, dim: int, index: Tensor, source: Any, accumulate: bool) -> Tensor:
    axis = axis_of(dim, input.ndim)
    if isinstance(source, Tensor):
        updates = p.cut_out(read(source), [0] * index.ndim, index.shape, [1] * index.ndim)
    else:
        updates = p.fill(source, index.shape, input.dtype.kind)
    attributes = {'axis': axis, 'accumulate': accumulate}
    inputs = (read(input), p.cast(read(index), 'int'), p.cast(updates, input.dtype.kind))
    return wrap(emit('scatterElements', attributes, inputs, input.shape, input.dtype.kind), input.dtype)


def scatter(input: Tensor, dim: int, index: Tensor, src: Any = None, value: Any = None, *, reduce: str | None = None) -> Tensor:
    if reduce not in (None, 'add'):
        raise UnsupportedOp(f'scatter with reduce={reduce!r}')
    return _scattered(input, dim, index, src if src is not None else value, reduce == 'add')


def scatter_add(input: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    return _scattered(input, dim, index, src, True)


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *, alpha: Any = 1) -> Tensor:
    axis = axis_of(dim, input.ndim)
    shape = [1] * source.ndim
    shape[axis] = -1
    wide = index.reshape(*shape).expand(*source.shape)
    return _scattered(input, axis, wide, source if alpha == 1 else source * alpha, True)


def index_copy(input: Tensor, dim: int, index: Tensor, source: Tensor) -> Tensor:
    axis = axis_of(dim, input.ndim)
    shape = [1] * source.ndim
    shape[axis] = -1
    return _scattered(input, axis, index.reshape(*shape).expand(*source.shape), source, False)


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    return getitem(input, mask.expand(*input.shape))


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    try:
        places = mask_places(ne(input, 0))
    except DataDependent:
        if session.recording:
            raise
        return Inert('tensor.nonzero()')
    return tuple(places) if as_tuple else stack(places, 1)
