"""Turns what the user's code hands to an op into values of one kind."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any, Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadType, UnsupportedOp
from gradient_lens.inert import Inert, inert_label
from gradient_lens.value import Value, constant

from ._tensor import Tensor, read, wrap
from ._types import DEFAULT, dtype, promote

Number = (bool, int, float)
#: Numbers of Python itself, which need no conversion of their own.
_PLAIN = frozenset(Number)


def flat_python(data: Any) -> tuple[list[Any], tuple[int, ...]]:
    """Elements in C order and shape of nested sequences."""
    if isinstance(data, Tensor):
        elements = data.tolist()
        return flat_python(elements) if data.shape else ([elements], ())
    if isinstance(data, (list, tuple, range)):
        if not data:
            return [], (0,)
        if _PLAIN.issuperset(map(type, data)):
            return list(data), (len(data),)
        parts = [flat_python(item) for item in data]
        inner = parts[0][1]
        if any(shape != inner for _, shape in parts):
            raise BadType(f'expected sequence of length {inner[0] if inner else 1} at every place of the nested list')
        return list(chain.from_iterable(elements for elements, _ in parts)), (len(data), *inner)
    if isinstance(data, Inert):
        raise UnsupportedOp(f'a tensor made from `{inert_label(data)}`', 'its contents are not known')
    if hasattr(data, 'item') and not isinstance(data, Number):
        data = data.item()
    if not isinstance(data, Number):
        raise BadType(f'could not convert {type(data).__name__} to a tensor')
    return [data], ()


def constant_of(data: Any, of: dtype | None = None) -> tuple[Value, dtype]:
    """A known tensor from Python data, with PyTorch's inference of its dtype."""
    elements, shape = flat_python(data)
    types = set(map(type, elements))
    kind = 'bool' if elements and types == {bool} else 'int'
    if not elements or any(issubclass(item, float) for item in types):
        kind = 'float'
    result = of or DEFAULT[kind]
    convert = {'float': float, 'int': _integer, 'bool': bool}[result.kind]
    whole = len(types) == 1 and convert in types
    return constant(elements if whole else list(map(convert, elements)), shape, result.kind), result


def _integer(number: Any) -> int:
    return int(number) if math.isfinite(number) else 0


def is_operand(other: Any) -> bool:
    return isinstance(other, (Tensor, *Number)) or hasattr(other, '__array__') or hasattr(other, '__gradient_lens__')


def as_tensor(data: Any, of: dtype | None = None) -> Tensor:
    """A tensor for Python data, an array of the NumPy stand-in, or a tensor itself."""
    if isinstance(data, Tensor):
        return data if of is None or data.dtype is of else wrap(p.cast(read(data), of.kind), of)
    own = getattr(data, '__gradient_lens__', None)
    if own is not None:
        value = own()
        return wrap(p.cast(value, of.kind) if of else value, of)
    if hasattr(data, 'tolist') and hasattr(data, 'shape'):
        data = data.tolist()
    value, found = constant_of(data, of)
    return wrap(value, found)


def pair(a: Any, b: Any) -> tuple[Value, Value, dtype]:
    """Operands of one kind and the dtype of the result, by PyTorch's promotion of tensors and Python numbers.

    Of tensors with dims, those without, and numbers, a later group counts only where its kind is the wider.
    """
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.dtype is b.dtype:
            return read(a), read(b), a.dtype
        result = promote(a.dtype, b.dtype)
        if bool(a.shape) != bool(b.shape):
            dimmed, other = (a, b) if a.shape else (b, a)
            result = dimmed.dtype if p.wider(dimmed.dtype.kind, other.dtype.kind) == dimmed.dtype.kind else other.dtype
        return p.cast(read(a), result.kind), p.cast(read(b), result.kind), result
    if isinstance(a, Tensor):
        value, number, result = _with_number(a, b)
        return value, number, result
    if isinstance(b, Tensor):
        value, number, result = _with_number(b, a)
        return number, value, result
    return pair(as_tensor(a), as_tensor(b))


def _with_number(tensor: Tensor, other: Any) -> tuple[Value, Value, dtype]:
    if not isinstance(other, Number):
        a, b, result = pair(tensor, as_tensor(other))
        return a, b, result
    kind = p.wider(tensor.dtype.kind, p.kind_of(other))
    result = tensor.dtype if kind == tensor.dtype.kind else DEFAULT[kind]
    return p.cast(read(tensor), kind), p.fill(other, (), kind), result


def float_dtype(of: dtype) -> dtype:
    return of if of.kind == 'float' else DEFAULT['float']


def sizes(args: Sequence[Any]) -> tuple[int, ...]:
    """Sizes given one by one or as one sequence."""
    if len(args) == 1 and isinstance(args[0], (tuple, list)):
        args = args[0]
    return tuple(size(item) for item in args)


def size(item: Any) -> int:
    """A whole number that tells a size."""
    if isinstance(item, bool) or isinstance(item, float):
        way_out = '; write `//` for `/`, or `int(...)`' if isinstance(item, float) else ''
        raise BadType(f'a size must be an int, not {type(item).__name__} {item!r}{way_out}')
    return item if type(item) is int else item.__index__()
