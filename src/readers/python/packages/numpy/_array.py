"""The array: a shape, a kind of number, and the numbers where they are known and few."""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from gradient_lens.inert import Inert
from gradient_lens.value import Value, constant, source
from gradient_lens.work import worked

from ._shapes import Shape, broadcast_shapes, pick, strides_of
from ._types import KINDS, convert, dtype, float64, int64, bool_, kind_of, kind_of_dtype, scalar

#: Larger arrays have a shape only.
MOST_ELEMENTS = 65_536


class ndarray:
    """An array. `_elements` is a flat list in C order, or None where the numbers are not known."""

    _shape: Shape
    _kind: str
    _elements: list[Any] | None
    _dtype: dtype

    @classmethod
    def _make(cls, shape: Iterable[int], kind: str, elements: list[Any] | None, of: dtype | None = None) -> ndarray:
        array = object.__new__(ndarray)
        array._shape = tuple(int(size) for size in shape)
        array._kind = kind
        array._elements = elements if elements is not None and len(elements) <= MOST_ELEMENTS else None
        array._dtype = of or dtype({'float': float64, 'int': int64, 'bool': bool_}[kind])
        return array

    shape = property(lambda self: self._shape)
    dtype = property(lambda self: self._dtype)
    ndim = property(lambda self: len(self._shape))
    size = property(lambda self: math.prod(self._shape))
    nbytes = property(lambda self: self.size * self._dtype.itemsize)
    T = property(lambda self: self.transpose())
    flat = property(lambda self: iter(self.ravel()))
    real = property(lambda self: self)

    # ---- reading ----

    def __len__(self) -> int:
        if not self._shape:
            raise TypeError('len() of unsized object')
        return self._shape[0]

    def __iter__(self) -> Iterator[Any]:
        for index in range(len(self)):
            yield self[index]

    def _scalar(self) -> Any:
        if self.size != 1:
            raise ValueError('The truth value of an array with more than one element is ambiguous')
        return Inert('numpy array element') if self._elements is None else self._elements[0]

    def item(self, *place: int) -> Any:
        return self[place]._scalar() if place and isinstance(self[place], ndarray) else self._scalar()

    def tolist(self) -> Any:
        if self._elements is None:
            return Inert('numpy array.tolist()')
        elements: Any = list(self._elements)
        for size in reversed(self._shape[1:]):
            elements = [elements[at : at + size] for at in range(0, len(elements), size)] if size else []
        return elements if self._shape else elements[0]

    def __bool__(self) -> bool:
        return builtins.bool(self._scalar())

    def __int__(self) -> int:
        return builtins.int(self._scalar())

    def __index__(self) -> int:
        return operator.index(self._scalar())

    def __float__(self) -> float:
        return builtins.float(self._scalar())

    def __repr__(self) -> str:
        return f'array({self.tolist()!r})' if self._elements is not None else f'array(shape={self._shape})'

    def __format__(self, specification: str) -> str:
        return format(self._scalar(), specification) if self.size == 1 else repr(self)

    def __array__(self, *arguments: Any, **options: Any) -> ndarray:
        return self

    def __gradient_lens__(self) -> Value:
        """The value that a tensor made of this array has."""
        if self._elements is None:
            return source('input', {'index': 0}, self._shape, self._kind, owner=None, live=False)
        return constant(list(self._elements), self._shape, self._kind)

    # ---- indexing ----

    def _selection(self, key: Any) -> tuple[Shape, list[int]] | None:
        """The shape of `self[key]` and the flat places of its elements; None where the numbers in `key` are not known."""
        keys = list(key) if isinstance(key, tuple) else [key]
        used = sum(1 for item in keys if item is not None and item is not Ellipsis)
        if Ellipsis not in [item for item in keys if item is None or item is Ellipsis]:
            keys.append(Ellipsis)
        at = next(i for i, item in enumerate(keys) if item is Ellipsis)
        keys[at : at + 1] = [slice(None)] * (len(self._shape) - used)
        shape: list[int] = []
        places = [0]
        axis, steps = 0, strides_of(self._shape)
        listed = False
        chosen: Sequence[int]
        for item in keys:
            if item is None:
                shape.append(1)
                continue
            if axis >= len(self._shape):
                raise IndexError('too many indices for array')
            size, step = self._shape[axis], steps[axis]
            axis += 1
            if isinstance(item, slice):
                chosen = range(size)[item]
                shape.append(len(chosen))
            elif isinstance(item, (list, ndarray, range)):
                held = item if isinstance(item, ndarray) else _from(item)
                if held._elements is None or listed or len(held._shape) != 1:
                    return None
                chosen = _chosen(held, size)
                shape.append(len(chosen))
                listed = True
            else:
                number = operator.index(item)
                if not -size <= number < size:
                    raise IndexError(f'index {number} is out of bounds for axis {axis - 1} with size {size}')
                chosen = [number % size]
            if self._elements is None or math.prod(shape) > MOST_ELEMENTS:
                places = []
            places = [place + i * step for place in places for i in chosen]
        return tuple(shape), places

    def __getitem__(self, key: Any) -> Any:
        worked()
        if isinstance(key, Inert) or (isinstance(key, tuple) and any(isinstance(item, Inert) for item in key)):
            return Inert('numpy array[...]')
        if isinstance(key, ndarray) and key._kind == 'bool' and key._shape == self._shape and self._elements is not None:
            if key._elements is not None:
                kept = [value for value, keep in zip(self._elements, key._elements) if keep]
                return ndarray._make((len(kept),), self._kind, kept, self._dtype)
        found = self._selection(key)
        if found is None:
            return Inert('numpy array[...]')
        shape, places = found
        if self._elements is None or math.prod(shape) > MOST_ELEMENTS:
            return ndarray._make(shape, self._kind, None, self._dtype) if shape else Inert('numpy array element')
        elements = [self._elements[place] for place in places]
        return ndarray._make(shape, self._kind, elements, self._dtype) if shape else scalar(elements[0], self._kind)

    def __setitem__(self, key: Any, value: Any) -> None:
        worked()
        found = None if isinstance(key, Inert) or self._elements is None else self._selection_or_mask(key)
        held: Any = None if isinstance(value, Inert) else _from(value)
        if found is None or self._elements is None or held is None or isinstance(held, Inert) or held._elements is None:
            self._elements = None
            return
        shape, places = found
        source = pick(held._shape, shape)
        for place, origin in zip(places, source):
            self._elements[place] = convert(held._elements[origin], self._kind)

    def _selection_or_mask(self, key: Any) -> tuple[Shape, list[int]] | None:
        if isinstance(key, ndarray) and key._kind == 'bool' and key._shape == self._shape:
            if key._elements is None:
                return None
            places = [place for place, keep in enumerate(key._elements) if keep]
            return (len(places),), places
        return self._selection(key)

    # ---- shape ----

    def reshape(self, *shape: Any, order: str = 'C') -> ndarray:
        wanted = list(shape[0]) if len(shape) == 1 and not isinstance(shape[0], builtins.int) else list(shape)
        wanted = [operator.index(size) for size in wanted]
        if -1 in wanted:
            rest = math.prod(size for size in wanted if size != -1)
            wanted[wanted.index(-1)] = self.size // rest if rest else 0
        if math.prod(wanted) != self.size:
            raise ValueError(f'cannot reshape array of size {self.size} into shape {tuple(wanted)}')
        return ndarray._make(wanted, self._kind, self._elements, self._dtype)

    def ravel(self, *arguments: Any) -> ndarray:
        return self.reshape(-1)

    flatten = ravel

    def squeeze(self, axis: Any = None) -> ndarray:
        drop = [axis % self.ndim] if isinstance(axis, int) else [i for i, n in enumerate(self._shape) if n == 1]
        return self.reshape([size for i, size in enumerate(self._shape) if i not in drop])

    def transpose(self, *axes: Any) -> ndarray:
        order = list(axes[0]) if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else list(axes)
        order = [axis % self.ndim for axis in order] if order else list(range(self.ndim))[::-1]
        shape = [self._shape[axis] for axis in order]
        if self._elements is None:
            return ndarray._make(shape, self._kind, None, self._dtype)
        steps = strides_of(self._shape)
        elements = [
            self._elements[sum(i * steps[axis] for i, axis in zip(place, order))] for place in product(*map(range, shape))
        ]
        return ndarray._make(shape, self._kind, elements, self._dtype)

    def swapaxes(self, one: int, other: int) -> ndarray:
        order = list(range(self.ndim))
        order[one], order[other] = order[other], order[one]
        return self.transpose(order)

    def astype(self, of: Any, *arguments: Any, **options: Any) -> Any:
        kind = kind_of_dtype(of)
        elements = None if self._elements is None else [convert(value, kind) for value in self._elements]
        return ndarray._make(self._shape, kind, elements, dtype(of))

    def copy(self, *arguments: Any) -> ndarray:
        elements = None if self._elements is None else list(self._elements)
        return ndarray._make(self._shape, self._kind, elements, self._dtype)

    view = __copy__ = copy

    def fill(self, value: Any) -> None:
        self[...] = value

    # ---- arithmetic ----

    def _with(self, other: Any, function: Callable[[Any, Any], Any], kind: str | None, swap: bool) -> Any:
        if isinstance(other, Inert):
            return other
        if not isinstance(other, (ndarray, builtins.int, builtins.float, list, tuple)):
            return NotImplemented
        one, two = self, _from(other)
        shape = broadcast_shapes(one._shape, two._shape)
        kind = kind or KINDS[max(KINDS.index(one._kind), KINDS.index(two._kind))]
        of = one._dtype if kind == one._kind else None
        if one._elements is None or two._elements is None or math.prod(shape) > MOST_ELEMENTS:
            worked()
            return ndarray._make(shape, kind, None, of)
        worked(math.prod(shape))
        pairs = zip(
            (one._elements[i] for i in pick(one._shape, shape)), (two._elements[i] for i in pick(two._shape, shape))
        )
        elements = [convert(_safe(function, *((b, a) if swap else (a, b))), kind) for a, b in pairs]
        return ndarray._make(shape, kind, elements, of)

    def __neg__(self) -> Any:
        return self._with(-1, operator.mul, None, False)

    def __abs__(self) -> Any:
        elements = None if self._elements is None else [abs(value) for value in self._elements]
        return ndarray._make(self._shape, self._kind, elements, self._dtype)

    def __invert__(self) -> Any:
        return self._with(True, lambda a, b: a != b, 'bool', False)

    def __matmul__(self, other: Any) -> Any:
        return self.dot(other)

    def dot(self, other: Any) -> Any:
        if isinstance(other, Inert):
            return other
        two = _from(other)
        if not self._shape or not two._shape or self._shape[-1] != two._shape[max(0, len(two._shape) - 2)]:
            raise ValueError(f'shapes {self._shape} and {two._shape} not aligned')
        shape = (*self._shape[:-1], *two._shape[:-2], *two._shape[-1:]) if len(two._shape) > 1 else self._shape[:-1]
        return ndarray._make(shape, 'float', None)

    def __hash__(self) -> int:
        return id(self)

    def __contains__(self, item: object) -> bool:
        return self._elements is not None and item in self._elements

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_'):
            raise AttributeError(name)
        return Inert(f'numpy array.{name}')


def _safe(function: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    """Numpy gives infinities and nan where Python raises."""
    try:
        return function(one, other)
    except ZeroDivisionError:
        return math.nan if one == 0 else math.copysign(math.inf, one)
    except OverflowError:
        return math.inf


def _from(value: Any) -> ndarray:
    if isinstance(value, ndarray):
        return value
    if isinstance(value, (list, tuple, range)):
        from ._create import array

        return array(value)
    return ndarray._make((), kind_of(value), [value])


def _chosen(index: ndarray, size: int) -> list[int]:
    elements = index._elements or []
    if index._kind == 'bool':
        return [place for place, keep in enumerate(elements) if keep]
    return [builtins.int(place) % size for place in elements]
