"""Reductions: sums, means, extremes, norms, and what runs along an axis."""

from __future__ import annotations

import builtins
from typing import Any, Callable, NamedTuple, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadState, UnsupportedOp
from gradient_lens.scalars import scalar
from gradient_lens.shapes import axes_of, axis_of, reduced
from gradient_lens.value import Value, emit

from .._convert import as_tensor, float_dtype
from .._tensor import Tensor, read, wrap
from .._types import bool_, int64
from .._types import dtype as Dtype


class ValuesIndices(NamedTuple):
    """What `max(dim)`, `sort`, `topk` and the like give."""

    values: Tensor
    indices: Tensor


def _axes(dim: Any, axis: Any, rank: int) -> list[int]:
    chosen = dim if dim is not None else axis
    if isinstance(chosen, Tensor):
        chosen = int(chosen)
    return axes_of(chosen, rank)


def _reduced(op: str, value: Value, axes: list[int], keep: bool, extra: dict[str, Any] | None = None) -> Value:
    return p.reduce(op, value, axes, keep, extra) if axes or value.shape else value


def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Dtype | None = None, axis: Any = None) -> Tensor:
    result = dtype or (int64 if input.dtype.kind != 'float' else input.dtype)
    value = p.cast(read(input), result.kind)
    return wrap(_reduced('sum', value, _axes(dim, axis, input.ndim), keepdim), result)


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Dtype | None = None) -> Tensor:
    from .arithmetic import masked_fill
    from .elementwise import isnan

    return sum(masked_fill(input, isnan(input), 0.0), dim, keepdim, dtype=dtype)


def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *, dtype: Dtype | None = None, axis: Any = None) -> Tensor:
    if input.dtype.kind != 'float' and dtype is None:
        raise BadState(f'mean(): could not infer output dtype. Input dtype must be floating point, got {input.dtype}')
    value = p.cast(read(input), 'float')
    return wrap(_reduced('mean', value, _axes(dim, axis, input.ndim), keepdim), dtype or input.dtype)


def prod(input: Tensor, dim: int | None = None, keepdim: bool = False, *, dtype: Dtype | None = None) -> Tensor:
    result = dtype or (int64 if input.dtype.kind != 'float' else input.dtype)
    return wrap(_reduced('prod', p.cast(read(input), result.kind), axes_of(dim, input.ndim), keepdim), result)


def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    value = p.cast(read(input), 'float')
    return wrap(_reduced('logSumExp', value, axes_of(dim, input.ndim), keepdim), float_dtype(input.dtype))


def _spread(op: str, input: Tensor, dim: Any, unbiased: Any, keepdim: bool, correction: Any) -> Tensor:
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    free = correction if correction is not None else (1 if unbiased is None or unbiased else 0)
    axes = axes_of(dim, input.ndim)
    return wrap(p.reduce(op, p.cast(read(input), 'float'), axes, keepdim, {'correction': free}), input.dtype)


def var(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Tensor:
    return _spread('variance', input, dim, unbiased, keepdim, correction)


def std(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> Tensor:
    return _spread('standardDeviation', input, dim, unbiased, keepdim, correction)


def var_mean(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> tuple[Tensor, Tensor]:
    return var(input, dim, unbiased, keepdim, correction=correction), mean(input, dim, keepdim)


def std_mean(
    input: Tensor, dim: Any = None, unbiased: Any = None, keepdim: bool = False, *, correction: Any = None
) -> tuple[Tensor, Tensor]:
    return std(input, dim, unbiased, keepdim, correction=correction), mean(input, dim, keepdim)


def norm(input: Tensor, p: Any = 'fro', dim: Any = None, keepdim: bool = False, dtype: Dtype | None = None) -> Tensor:
    """(sum |x|^p)^(1/p); the Frobenius norm is p = 2."""
    from gradient_lens import primitives

    if p == 'nuc':
        raise UnsupportedOp('the nuclear norm')
    order = 2.0 if p in ('fro', None) else p
    value = primitives.cast(read(input), 'float')
    return wrap(
        primitives.reduce('norm', value, axes_of(dim, input.ndim), keepdim, {'p': scalar(order)}), dtype or input.dtype
    )


def amax(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    return wrap(_reduced('max', read(input), axes_of(dim, input.ndim), keepdim), input.dtype)


def amin(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    return wrap(_reduced('min', read(input), axes_of(dim, input.ndim), keepdim), input.dtype)


class MinMax(NamedTuple):
    min: Tensor
    max: Tensor


def aminmax(input: Tensor, *, dim: Any = None, keepdim: bool = False) -> MinMax:
    return MinMax(amin(input, dim, keepdim), amax(input, dim, keepdim))


def _position(op: str, input: Tensor, dim: int | None, keepdim: bool) -> Tensor:
    value = read(input)
    if dim is None:
        value = p.reshape(value, (value.size,))
        dim = 0
        keepdim = False
    axis = axis_of(dim, len(value.shape))
    shape = reduced(value.shape, [axis], keepdim)
    return wrap(emit(op, {'axis': axis, 'keepDims': keepdim}, (value,), shape, 'int'), int64)


def argmax(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return _position('argMax', input, dim, keepdim)


def argmin(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return _position('argMin', input, dim, keepdim)


def _extreme(
    every: Callable[..., Tensor], place: Callable[..., Tensor], pairwise: str
) -> Callable[..., Any]:
    def function(input: Tensor, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
        if isinstance(dim, Tensor):
            other = dim
        if other is not None:
            from . import arithmetic

            return getattr(arithmetic, pairwise)(input, other)
        if dim is None:
            return every(input)
        return ValuesIndices(every(input, dim, keepdim), place(input, dim, keepdim))

    return function


max = _extreme(amax, argmax, 'maximum')
min = _extreme(amin, argmin, 'minimum')


def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    value = p.cast(read(input), 'bool')
    return wrap(_reduced('any', value, axes_of(dim, input.ndim), keepdim), bool_)


def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    value = p.cast(read(input), 'bool')
    return wrap(_reduced('all', value, axes_of(dim, input.ndim), keepdim), bool_)


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    from .arithmetic import ne

    return sum(ne(input, 0), dim)


def _running(op: str) -> Callable[..., Tensor]:
    def function(input: Tensor, dim: int, *, dtype: Dtype | None = None) -> Tensor:
        result = dtype or (int64 if input.dtype.kind != 'float' else input.dtype)
        return wrap(p.same(op, p.cast(read(input), result.kind), {'axis': axis_of(dim, input.ndim)}), result)

    return function


cumsum = _running('cumSum')
cumprod = _running('cumProd')


def sort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> ValuesIndices:
    from gradient_lens.value import emit_many

    value = read(input)
    attributes = {'axis': axis_of(dim, input.ndim), 'descending': bool(descending)}
    values, indices = emit_many(
        'sort', attributes, (value,), ((value.shape, value.dtype), (value.shape, 'int'))
    )
    return ValuesIndices(wrap(values, input.dtype), wrap(indices, int64))


def argsort(input: Tensor, dim: int = -1, descending: bool = False, stable: bool = False) -> Tensor:
    return sort(input, dim, descending).indices


def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> ValuesIndices:
    from gradient_lens.value import emit_many

    value = read(input)
    axis = axis_of(dim, input.ndim)
    k = int(k)
    if k > value.shape[axis]:
        raise BadState('selected index k out of range')
    shape = value.shape[:axis] + (k,) + value.shape[axis + 1 :]
    values, indices = emit_many(
        'topK', {'axis': axis, 'k': k, 'largest': largest}, (value,), ((shape, value.dtype), (shape, 'int'))
    )
    return ValuesIndices(wrap(values, input.dtype), wrap(indices, int64))


def kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    ordered = sort(input, dim)
    parts = [part.select(dim, k - 1) for part in ordered]
    return ValuesIndices(*(part.unsqueeze(dim) if keepdim else part for part in parts))


def median(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
    """The lower of the two middle elements, as PyTorch takes."""
    if dim is None:
        flat = input.reshape(-1)
        return sort(flat, 0).values[(flat.shape[0] - 1) // 2]
    return kthvalue(input, (input.shape[dim] - 1) // 2 + 1, dim, keepdim)


def diff(input: Tensor, n: int = 1, dim: int = -1) -> Tensor:
    axis = axis_of(dim, input.ndim)
    value = read(input)
    for _ in builtins.range(n):
        size = value.shape[axis]
        value = p.binary('sub', p.narrow(value, axis, 1, size), p.narrow(value, axis, 0, size - 1))
    return wrap(value, input.dtype)


def normalize_axes(dim: Any, rank: int) -> Sequence[int]:
    return axes_of(dim, rank)


def dist(input: Tensor, other: Tensor, p: Any = 2) -> Tensor:
    from .arithmetic import sub

    return norm(sub(input, as_tensor(other)), p)
