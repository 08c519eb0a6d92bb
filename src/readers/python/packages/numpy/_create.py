"""Makes arrays."""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Iterable
from typing import Any

from gradient_lens.errors import BadType
from gradient_lens.inert import Inert, first_inert

from ._array import MOST_ELEMENTS, ndarray
from ._types import KINDS, convert, dtype, kind_of, kind_of_dtype


def _typed(shape: Iterable[int], kind: str, elements: list[Any] | None, of: Any) -> ndarray:
    if of is None:
        return ndarray._make(shape, kind, elements)
    wanted = kind_of_dtype(of)
    held = None if elements is None else [convert(value, wanted) for value in elements]
    return ndarray._make(shape, wanted, held, dtype(of))


def _flat(value: Any) -> tuple[tuple[int, ...], list[Any] | None, str]:
    """Shape, elements and kind of nested lists."""
    if isinstance(value, ndarray):
        return value.shape, value._elements, value._kind
    if hasattr(value, 'shape') and hasattr(value, 'numpy'):
        return _flat(value.detach().cpu().numpy() if hasattr(value, 'detach') else value.numpy())
    if isinstance(value, (list, tuple, range, set, frozenset)):
        row = _numbers(value)
        if row is not None:
            return row
        # Lists that stand in many places (`[[0] * 9] * 10`) are read once.
        known: dict[int, tuple[tuple[int, ...], list[Any] | None, str]] = {}
        for item in value:
            if id(item) not in known:
                known[id(item)] = _flat(item)
        parts = [known[id(item)] for item in value]
        if not parts:
            return (0,), [], 'float'
        shape = parts[0][0]
        if any(part[0] != shape for part in parts):
            raise ValueError('setting an array element with a sequence. The requested array has an inhomogeneous shape')
        kind = KINDS[max(KINDS.index(part[2]) for part in parts)]
        if any(part[1] is None for part in parts) or len(parts) * math.prod(shape) > MOST_ELEMENTS:
            return (len(parts), *shape), None, kind
        return (len(parts), *shape), [item for part in parts for item in part[1] or []], kind
    return (), [value], kind_of(value)


_ROW = {
    frozenset((builtins.bool,)): 'bool', frozenset((builtins.int,)): 'int', frozenset((builtins.float,)): 'float',
    frozenset((builtins.int, builtins.float)): 'float',
}  # fmt: skip


def _numbers(value: Iterable[Any]) -> tuple[tuple[int, ...], list[Any] | None, str] | None:
    """The same for a list of nothing but plain numbers, which is most of what tables are made of."""
    items = list(value)
    kind = _ROW.get(frozenset(map(type, items)))
    if kind is None:
        return None
    return (len(items),), items, kind


def array(object: Any, dtype: Any = None, *arguments: Any, **options: Any) -> Any:
    unknown = first_inert(object)
    if unknown is not None:
        return unknown
    if not isinstance(object, ndarray) and '_array_shape' in dir(type(object)):
        # A picture: height, width, channels.
        shape = object._array_shape()
        return Inert('numpy.array(picture)') if shape is None else _typed(shape, 'int', None, dtype or 'uint8')
    if hasattr(object, '__iter__') and not isinstance(object, (list, tuple, range, set, ndarray, str)):
        object = object if hasattr(object, 'shape') else list(object)
    shape, elements, kind = _flat(object)
    if elements and any(not isinstance(item, (builtins.int, builtins.float)) for item in elements):
        return Inert('numpy.array(objects)')
    return _typed(shape, kind, None if elements is None else list(elements), dtype)


asarray = ascontiguousarray = asanyarray = copy = array


def frombuffer(*arguments: Any, **options: Any) -> Any:
    return Inert('numpy.frombuffer(...)')


def _shape(shape: Any) -> tuple[int, ...] | Inert:
    unknown = first_inert(shape, 1)
    if unknown is not None:
        return unknown
    return (operator.index(shape),) if not isinstance(shape, Iterable) else tuple(operator.index(n) for n in shape)


def full(shape: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    sizes = _shape(shape)
    if isinstance(sizes, Inert):
        return sizes
    count = math.prod(sizes)
    known = count <= MOST_ELEMENTS and not isinstance(fill_value, Inert)
    kind = 'float' if isinstance(fill_value, Inert) else kind_of(fill_value)
    return _typed(sizes, kind, [fill_value] * count if known else None, dtype)


def zeros(shape: Any, dtype: Any = None, **options: Any) -> Any:
    return full(shape, 0.0, dtype)


def ones(shape: Any, dtype: Any = None, **options: Any) -> Any:
    return full(shape, 1.0, dtype)


def empty(shape: Any, dtype: Any = None, **options: Any) -> Any:
    return full(shape, 0.0, dtype)


def full_like(a: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    return a if isinstance(a, Inert) else full(array(a).shape, fill_value, dtype)


def zeros_like(a: Any, dtype: Any = None, **options: Any) -> Any:
    return full_like(a, 0.0, dtype)


def ones_like(a: Any, dtype: Any = None, **options: Any) -> Any:
    return full_like(a, 1.0, dtype)


empty_like = zeros_like


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    unknown = first_inert((start, stop, step))
    if unknown is not None:
        return unknown
    if stop is None:
        start, stop = 0, start
    count = max(0, math.ceil((stop - start) / step))
    kind = 'int' if all(isinstance(item, builtins.int) for item in (start, stop, step)) else 'float'
    elements = [start + i * step for i in range(count)] if count <= MOST_ELEMENTS else None
    return _typed((count,), kind, elements, dtype)


def linspace(start: Any, stop: Any, num: Any = 50, endpoint: bool = True, dtype: Any = None, **options: Any) -> Any:
    unknown = first_inert((start, stop, num))
    if unknown is not None:
        return unknown
    if not hasattr(num, '__index__'):
        # `1e6` points: numpy refuses them as well.
        raise BadType(f"{type(num).__name__!r} object cannot be interpreted as an integer")
    count = operator.index(num)
    step = (stop - start) / max(1, count - 1 if endpoint else count)
    elements = [start + i * step for i in range(count)] if count <= MOST_ELEMENTS else None
    if elements and endpoint and count > 1:
        elements[-1] = builtins.float(stop)
    return _typed((count,), 'float', elements, dtype)


def logspace(start: Any, stop: Any, num: Any = 50, base: Any = 10.0, **options: Any) -> Any:
    return base ** linspace(start, stop, num)


def eye(N: Any, M: Any = None, k: int = 0, dtype: Any = None) -> Any:
    rows, columns = _shape(N), _shape(M if M is not None else N)
    if isinstance(rows, Inert) or isinstance(columns, Inert):
        return rows if isinstance(rows, Inert) else columns
    n, m = rows[0], columns[0]
    elements = [1.0 if j - i == k else 0.0 for i in range(n) for j in range(m)] if n * m <= MOST_ELEMENTS else None
    return _typed((n, m), 'float', elements, dtype)


identity = eye


def meshgrid(*arrays: Any, indexing: str = 'xy', **options: Any) -> Any:
    unknown = first_inert(arrays)
    if unknown is not None:
        return unknown
    held = [array(item) for item in arrays]
    sizes = [item.size for item in held]
    order = [1, 0, *range(2, len(held))] if indexing == 'xy' and len(held) > 1 else list(range(len(held)))
    shape = tuple(sizes[i] for i in order)
    grids: list[ndarray] = []
    for number, item in enumerate(held):
        place = order.index(number)
        single = [1] * len(held)
        single[place] = sizes[number]
        grids.append(item.reshape(single) + zeros(shape))
    return grids
