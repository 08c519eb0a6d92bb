"""Functions of arrays. What is not computed here is unknown, never wrong."""

from __future__ import annotations

import builtins
import functools
import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

from gradient_lens.inert import Inert, first_inert

from ._array import MOST_ELEMENTS, ndarray
from ._create import array
from ._shapes import broadcast_shapes, pick, strides_of
from ._types import convert, scalar


def _elementwise(function: Callable[[float], Any], kind: str | None = 'float') -> Callable[..., Any]:
    def ufunc(x: Any, *arguments: Any, **options: Any) -> Any:
        if isinstance(x, Inert):
            return x
        if isinstance(x, (builtins.int, builtins.float)):
            return scalar(_guarded(function, x), kind or ('int' if isinstance(x, builtins.int) else 'float'))
        held = array(x)
        if isinstance(held, Inert):
            return held
        elements = None if held._elements is None else [_guarded(function, value) for value in held._elements]
        return ndarray._make(held.shape, kind or held._kind, elements)

    return ufunc


def _guarded(function: Callable[[float], Any], value: float) -> Any:
    try:
        return function(value)
    except OverflowError:
        return math.inf
    except ValueError:
        return -math.inf if value == 0 else math.nan


sqrt, exp, log, log2, log10, log1p = map(_elementwise, (math.sqrt, math.exp, math.log, math.log2, math.log10, math.log1p))
sin, cos, tan, tanh, sinh, cosh = map(_elementwise, (math.sin, math.cos, math.tan, math.tanh, math.sinh, math.cosh))
arcsin, arccos, arctan, expm1 = map(_elementwise, (math.asin, math.acos, math.atan, math.expm1))
floor, ceil, rint, trunc = map(_elementwise, (math.floor, math.ceil, builtins.round, math.trunc))
deg2rad = radians = _elementwise(math.radians)
square = _elementwise(lambda value: value * value, None)
abs = absolute = fabs = _elementwise(builtins.abs, None)
sign = _elementwise(lambda value: (value > 0) - (value < 0), None)
isnan, isinf, isfinite = (_elementwise(f, 'bool') for f in (math.isnan, math.isinf, math.isfinite))


def round(a: Any, decimals: int = 0, *arguments: Any) -> Any:
    return _elementwise(lambda value: builtins.round(value, decimals), None)(a)


around = round


def _pairwise(function: Callable[[Any, Any], Any], kind: str | None = None) -> Callable[..., Any]:
    def ufunc(a: Any, b: Any, *arguments: Any, **options: Any) -> Any:
        unknown = first_inert((a, b))
        if unknown is not None:
            return unknown
        return array(a)._with(array(b), function, kind, False)

    return ufunc


add = _pairwise(lambda a, b: a + b)
subtract = _pairwise(lambda a, b: a - b)
multiply = _pairwise(lambda a, b: a * b)
divide = true_divide = _pairwise(lambda a, b: a / b, 'float')
power = _pairwise(lambda a, b: a**b)
maximum = _pairwise(builtins.max)
minimum = _pairwise(builtins.min)
mod = _pairwise(lambda a, b: a % b)
arctan2 = _pairwise(math.atan2, 'float')


def _reduction(function: Callable[[list[Any]], Any], kind: str | None) -> Callable[..., Any]:
    def reduce(a: Any, axis: Any = None, *arguments: Any, keepdims: bool = False, **options: Any) -> Any:
        held = array(a)
        if isinstance(held, Inert):
            return held
        result = kind or held._kind
        if axis is None:
            if held._elements is None:
                return Inert('a number that numpy computes')
            return scalar(function(held._elements), result)
        axes = {item % held.ndim for item in ((axis,) if isinstance(axis, builtins.int) else axis)}
        shape = [size for i, size in enumerate(held.shape) if i not in axes]
        shown = [1 if i in axes else size for i, size in enumerate(held.shape)] if keepdims else shape
        if held._elements is None:
            return ndarray._make(shown, result, None)
        groups: list[list[Any]] = [[] for _ in range(math.prod(shape))]
        for place, value in zip(_group_places(held.shape, axes), held._elements):
            groups[place].append(value)
        return ndarray._make(shown, result, [convert(function(group), result) for group in groups])

    return reduce


def _group_places(shape: tuple[int, ...], axes: set[int]) -> list[int]:
    kept = [1 if i in axes else size for i, size in enumerate(shape)]
    return pick(tuple(kept), shape) if strides_of(shape) else [0]


def _mean(values: list[Any]) -> float:
    return math.fsum(values) / len(values) if values else math.nan


def _variance(values: list[Any]) -> float:
    centre = _mean(values)
    return _mean([(value - centre) ** 2 for value in values])


sum = _reduction(builtins.sum, None)
prod = _reduction(math.prod, None)
mean = average = _reduction(_mean, 'float')
var = _reduction(_variance, 'float')
std = _reduction(lambda values: math.sqrt(_variance(values)), 'float')
max = amax = _reduction(builtins.max, None)
min = amin = _reduction(builtins.min, None)
argmax = _reduction(lambda values: values.index(builtins.max(values)), 'int')
argmin = _reduction(lambda values: values.index(builtins.min(values)), 'int')
all = _reduction(builtins.all, 'bool')
any = _reduction(builtins.any, 'bool')
median = _reduction(lambda values: _mean(sorted(values)[(len(values) - 1) // 2 : len(values) // 2 + 1]), 'float')


def clip(a: Any, low: Any, high: Any, *arguments: Any, **options: Any) -> Any:
    return minimum(maximum(a, low), high) if low is not None and high is not None else a


def _running(name: str, step: Callable[[Any, Any], Any]) -> Any:
    def run(a: Any, axis: Any = None, *arguments: Any, **options: Any) -> Any:
        held = array(a)
        if isinstance(held, Inert) or (axis is not None and held.ndim != 1):
            return Inert(f'numpy.{name}(...)')
        if held._elements is None:
            return ndarray._make((held.size,), held._kind, None)
        made = list(itertools.accumulate(held._elements, step))
        return ndarray._make((len(made),), held._kind, made)

    run.__name__ = name
    return run


cumsum, cumprod = _running('cumsum', operator.add), _running('cumprod', operator.mul)


def concatenate(arrays: Any, axis: Any = 0, **options: Any) -> Any:
    unknown = first_inert(arrays)
    if unknown is not None:
        return unknown
    held = [array(item) for item in arrays]
    place = axis % held[0].ndim
    shape = list(held[0].shape)
    shape[place] = builtins.sum(item.shape[place] for item in held)
    known = [item._elements for item in held]
    if place == 0 and builtins.all(item is not None for item in known):
        return ndarray._make(shape, held[0]._kind, [value for item in known for value in item or []])
    return ndarray._make(shape, held[0]._kind, None)


def stack(arrays: Any, axis: int = 0, **options: Any) -> Any:
    unknown = first_inert(arrays)
    if unknown is not None:
        return unknown
    held = [array(item) for item in arrays]
    if axis == 0:
        return array(held)
    shape = list(held[0].shape)
    shape.insert(axis % (len(shape) + 1), len(held))
    return ndarray._make(shape, held[0]._kind, None)


def vstack(arrays: Any) -> Any:
    return concatenate([expand_dims(item, 0) if array(item).ndim == 1 else item for item in arrays], 0)


def hstack(arrays: Any) -> Any:
    held = list(arrays)
    return concatenate(held, 0 if array(held[0]).ndim == 1 else 1)


def reshape(a: Any, shape: Any, *arguments: Any) -> Any:
    return a if isinstance(a, Inert) else array(a).reshape(shape)


def transpose(a: Any, axes: Any = None) -> Any:
    return a if isinstance(a, Inert) else array(a).transpose(*([axes] if axes is not None else []))


def squeeze(a: Any, axis: Any = None) -> Any:
    return a if isinstance(a, Inert) else array(a).squeeze(axis)


def ravel(a: Any, *arguments: Any) -> Any:
    return a if isinstance(a, Inert) else array(a).ravel()


def expand_dims(a: Any, axis: int) -> Any:
    if isinstance(a, Inert):
        return a
    held = array(a)
    shape = list(held.shape)
    shape.insert(axis % (len(shape) + 1), 1)
    return held.reshape(shape)


def dot(a: Any, b: Any) -> Any:
    return first_inert((a, b)) or array(a).dot(array(b))


matmul = dot


def where(condition: Any, *branches: Any) -> Any:
    held = array(condition)
    unknown = first_inert((held, branches))
    if unknown is not None:
        return unknown
    if len(branches) == 2:
        a, b = (array(item) for item in branches)
        shape = broadcast_shapes(held.shape, a.shape, b.shape)
        kind = 'float' if 'float' in (a._kind, b._kind) else a._kind
        if held._elements is None or a._elements is None or b._elements is None or math.prod(shape) > MOST_ELEMENTS:
            return ndarray._make(shape, kind, None)
        parts = [[item._elements[i] for i in pick(item.shape, shape)] for item in (held, a, b)]
        return ndarray._make(shape, kind, [x if c else y for c, x, y in zip(*parts)])
    if held._elements is None or held.ndim != 1:
        return tuple(Inert('numpy.where(...)') for _ in range(held.ndim))
    return (ndarray._make((n := builtins.sum(map(bool, held._elements)),), 'int',
                          [i for i, keep in enumerate(held._elements) if keep][:n]),)  # fmt: skip


def unique(ar: Any, *arguments: Any, **options: Any) -> Any:
    held = array(ar)
    if isinstance(held, Inert) or held._elements is None or options or arguments:
        return Inert('numpy.unique(...)')
    found = sorted(set(held._elements))
    return ndarray._make((len(found),), held._kind, found)


def triu(m: Any, k: int = 0) -> Any:
    held = array(m)
    if isinstance(held, Inert) or held._elements is None or held.ndim != 2:
        return held
    columns = held.shape[1]
    kept = [value if i % columns - i // columns >= k else convert(0, held._kind) for i, value in enumerate(held._elements)]
    return ndarray._make(held.shape, held._kind, kept)


def tril(m: Any, k: int = 0) -> Any:
    held = array(m)
    if isinstance(held, Inert) or held._elements is None or held.ndim != 2:
        return held
    columns = held.shape[1]
    kept = [value if i % columns - i // columns <= k else convert(0, held._kind) for i, value in enumerate(held._elements)]
    return ndarray._make(held.shape, held._kind, kept)


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def method(self: ndarray, *arguments: Any, **options: Any) -> Any:
        return function(self, *arguments, **options)

    return method


for _name in (
    'sum', 'prod', 'mean', 'var', 'std', 'max', 'min', 'argmax', 'argmin', 'all', 'any', 'clip', 'round', 'cumsum', 'cumprod',
):  # fmt: skip
    setattr(ndarray, _name, _method(globals()[_name]))
