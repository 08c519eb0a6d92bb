"""Elementwise functions of one tensor."""

from __future__ import annotations

import math
from typing import Any, Callable

from gradient_lens import primitives as p
from gradient_lens.scalars import scalar
from gradient_lens.value import emit

from .._convert import Number, float_dtype
from .._tensor import Tensor, read, wrap
from .._types import bool_


def _floating(op: str) -> Callable[[Tensor], Tensor]:
    """A function of floating-point numbers; integers are cast first."""

    def function(input: Tensor) -> Tensor:
        return wrap(p.unary(op, read(input)), float_dtype(input.dtype))

    function.__name__ = op
    return function


def _keeping(op: str) -> Callable[[Tensor], Tensor]:
    """A function that keeps the kind of number."""

    def function(input: Tensor) -> Tensor:
        return wrap(p.same(op, read(input)), input.dtype)

    function.__name__ = op
    return function


exp = _floating('exp')
expm1 = _floating('expm1')
log = _floating('log')
log1p = _floating('log1p')
sqrt = _floating('sqrt')
rsqrt = _floating('rsqrt')
reciprocal = _floating('reciprocal')
sin = _floating('sin')
cos = _floating('cos')
tan = _floating('tan')
asin = arcsin = _floating('asin')
acos = arccos = _floating('acos')
atan = arctan = _floating('atan')
sinh = _floating('sinh')
cosh = _floating('cosh')
tanh = _floating('tanh')
sigmoid = expit = _floating('sigmoid')
erf = _floating('erf')
neg = negative = _keeping('neg')
abs = absolute = _keeping('abs')
sign = sgn = _keeping('sign')
square = _keeping('square')
relu = _keeping('relu')


def _rounding(op: str) -> Callable[[Tensor], Tensor]:
    def function(input: Tensor) -> Tensor:
        return input if input.dtype.kind == 'int' else wrap(p.unary(op, read(input)), float_dtype(input.dtype))

    return function


floor = _rounding('floor')
ceil = _rounding('ceil')


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    if decimals:
        factor = 10.0**decimals
        return _scaled(round(_scaled(input, factor)), 1 / factor)
    return input if input.dtype.kind == 'int' else wrap(p.unary('round', read(input)), float_dtype(input.dtype))


def trunc(input: Tensor) -> Tensor:
    """Toward zero: the floor of the size, with the sign."""
    if input.dtype.kind == 'int':
        return input
    value = read(input)
    return wrap(p.binary('mul', p.unary('sign', value), p.unary('floor', p.unary('abs', value))), input.dtype)


fix = trunc


def frac(input: Tensor) -> Tensor:
    return wrap(p.binary('sub', read(input), read(trunc(input))), input.dtype)


def _scaled(input: Tensor, factor: float) -> Tensor:
    return wrap(p.binary('mul', read(input), p.fill(factor, (), 'float')), float_dtype(input.dtype))


def exp2(input: Tensor) -> Tensor:
    return exp(_scaled(input, math.log(2)))


def log2(input: Tensor) -> Tensor:
    return _scaled(log(input), 1 / math.log(2))


def log10(input: Tensor) -> Tensor:
    return _scaled(log(input), 1 / math.log(10))


def erfc(input: Tensor) -> Tensor:
    return wrap(p.binary('sub', p.fill(1.0, (), 'float'), read(erf(input))), float_dtype(input.dtype))


def deg2rad(input: Tensor) -> Tensor:
    return _scaled(input, math.pi / 180)


def rad2deg(input: Tensor) -> Tensor:
    return _scaled(input, 180 / math.pi)


def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """log(x / (1 - x)), x first clipped to [eps, 1 - eps]."""
    value = p.cast(read(input), 'float')
    if eps is not None:
        value = p.unary('clip', value, {'min': eps, 'max': 1 - eps})
    rest = p.binary('sub', p.fill(1.0, (), 'float'), value)
    return wrap(p.unary('log', p.binary('div', value, rest)), float_dtype(input.dtype))


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """Limits to [min, max]; limits may be tensors."""
    if min is None and max is None:
        raise ValueError('torch.clamp: At least one of min or max must not be None')
    value = read(input)
    if all(limit is None or isinstance(limit, Number) for limit in (min, max)):
        kind = value.dtype
        for limit in (min, max):
            if limit is not None:
                kind = p.wider(kind, p.kind_of(limit))
        attributes = {
            'min': '-inf' if min is None else scalar(min),
            'max': 'inf' if max is None else scalar(max),
        }
        return wrap(emit('clip', attributes, (p.cast(value, kind),), value.shape, kind), input.dtype)
    from .arithmetic import maximum, minimum

    result = input
    if min is not None:
        result = maximum(result, min)
    return result if max is None else minimum(result, max)


clip = clamp


def clamp_min(input: Tensor, min: Any) -> Tensor:
    return clamp(input, min=min)


def clamp_max(input: Tensor, max: Any) -> Tensor:
    return clamp(input, max=max)


def logical_not(input: Tensor) -> Tensor:
    value = p.cast(read(input), 'bool')
    return wrap(emit('logicalNot', {}, (value,), value.shape, 'bool'), bool_)


def bitwise_not(input: Tensor) -> Tensor:
    if input.dtype is bool_:
        return logical_not(input)
    value = read(input)
    return wrap(p.binary('sub', p.same('neg', value), p.fill(1, (), 'int')), input.dtype)


def isnan(input: Tensor) -> Tensor:
    value = p.cast(read(input), 'float')
    return wrap(emit('isNan', {}, (value,), value.shape, 'bool'), bool_)


def isinf(input: Tensor) -> Tensor:
    value = p.unary('abs', read(input))
    return wrap(p.binary('equal', value, p.fill(math.inf, (), 'float'), result='bool'), bool_)


def isfinite(input: Tensor) -> Tensor:
    value = p.unary('abs', read(input))
    return wrap(p.binary('less', value, p.fill(math.inf, (), 'float'), result='bool'), bool_)


def nan_to_num(input: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None) -> Tensor:
    value = read(input)
    if value.dtype != 'float':
        return input
    largest = 3.4028234663852886e38
    bound = {'min': -largest if neginf is None else neginf, 'max': largest if posinf is None else posinf}
    cleared = p.where(read(isnan(input)), p.fill(nan, (), 'float'), value)
    return wrap(p.unary('clip', cleared, bound), input.dtype)


def clone(input: Tensor, *, memory_format: Any = None) -> Tensor:
    """A copy with memory of its own."""
    return wrap(read(input), input.dtype)


def positive(input: Tensor) -> Tensor:
    return input


def softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    from gradient_lens.shapes import axis_of

    return wrap(p.unary('softmax', read(input), {'axis': axis_of(dim, input.ndim)}), float_dtype(dtype or input.dtype))


def log_softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    from gradient_lens.shapes import axis_of

    attributes = {'axis': axis_of(dim, input.ndim)}
    return wrap(p.unary('logSoftmax', read(input), attributes), float_dtype(dtype or input.dtype))
