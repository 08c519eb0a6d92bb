"""Broadcasting pairs: sums, products, powers, extremes, comparisons, logic."""

from __future__ import annotations

from typing import Any, Callable

from gradient_lens import primitives as p
from gradient_lens.errors import BadType, UnsupportedOp

from .._convert import Number, as_tensor, float_dtype, pair
from .._tensor import Tensor, read, wrap
from .._types import bool_


def _scaled(other: Any, alpha: Any) -> Any:
    return other if alpha == 1 else mul(other, alpha) if isinstance(other, Tensor) else other * alpha


def _plain(op: str, a: Any, b: Any) -> Tensor:
    left, right, result = pair(a, b)
    return wrap(p.binary(op, left, right), result)


def add(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    left, right, result = pair(input, _scaled(other, alpha))
    if result is bool_:
        return wrap(p.binary('logicalOr', left, right), bool_)
    return wrap(p.binary('add', left, right), result)


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    left, right, result = pair(input, _scaled(other, alpha))
    if result is bool_:
        raise BadType('Subtraction, the `-` operator, with a bool tensor is not supported. Use `~` or logical_not().')
    return wrap(p.binary('sub', left, right), result)


def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    return sub(other, _scaled(input, alpha))


def mul(input: Any, other: Any) -> Tensor:
    left, right, result = pair(input, other)
    return wrap(p.binary('logicalAnd' if result is bool_ else 'mul', left, right), result)


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Tensor:
    left, right, result = pair(input, other)
    if rounding_mode == 'floor':
        return wrap(p.binary('floorDiv', left, right), result)
    quotient = wrap(p.binary('div', left, right, 'float'), float_dtype(result))
    if rounding_mode is None:
        return quotient
    if rounding_mode != 'trunc':
        raise BadType(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found {rounding_mode!r}")
    from .elementwise import trunc

    return wrap(p.cast(read(trunc(quotient)), result.kind), result)


def floor_divide(input: Any, other: Any) -> Tensor:
    return _plain('floorDiv', input, other)


def remainder(input: Any, other: Any) -> Tensor:
    """Python's modulo: the sign of the divisor."""
    return _plain('mod', input, other)


def fmod(input: Any, other: Any) -> Tensor:
    """C's modulo: the sign of the dividend."""
    return sub(input, mul(div(input, other, rounding_mode='trunc'), other))


def pow(input: Any, exponent: Any) -> Tensor:
    if isinstance(exponent, Number) and isinstance(input, Tensor):
        if exponent == 2:
            return wrap(p.same('square', read(input)), input.dtype)
        if exponent == 1:
            return wrap(p.same('identity', read(input)), input.dtype)
        if exponent == 0.5:
            return wrap(p.unary('sqrt', read(input)), float_dtype(input.dtype))
        if exponent == -0.5:
            return wrap(p.unary('rsqrt', read(input)), float_dtype(input.dtype))
        if exponent == -1:
            return wrap(p.unary('reciprocal', read(input)), float_dtype(input.dtype))
    return _plain('pow', input, exponent)


float_power = pow


def maximum(input: Any, other: Any) -> Tensor:
    return _plain('maximum', input, other)


def minimum(input: Any, other: Any) -> Tensor:
    return _plain('minimum', input, other)


fmax, fmin = maximum, minimum


def atan2(input: Any, other: Any) -> Tensor:
    left, right, result = pair(input, other)
    return wrap(p.binary('atan2', left, right, 'float'), float_dtype(result))


arctan2 = atan2


def hypot(input: Any, other: Any) -> Tensor:
    return pow(add(pow(input, 2), pow(other, 2)), 0.5)


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    return add(input, mul(sub(end, input), weight))


def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    return add(input, mul(_scaled(tensor1, value), tensor2))


def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: Any = 1) -> Tensor:
    return add(input, div(_scaled(tensor1, value), tensor2))


def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """max(a, b) + log1p(exp(-|a - b|)): does not overflow."""
    from .elementwise import abs, exp, log1p, neg

    return add(maximum(input, other), log1p(exp(neg(abs(sub(input, other))))))


def _comparison(op: str) -> Callable[[Any, Any], Tensor]:
    def compare(input: Any, other: Any) -> Tensor:
        left, right, _ = pair(input, other)
        return wrap(p.binary(op, left, right, result='bool'), bool_)

    return compare


eq = _comparison('equal')
ne = not_equal = _comparison('notEqual')
lt = less = _comparison('less')
le = less_equal = _comparison('lessEqual')
gt = greater = _comparison('greater')
ge = greater_equal = _comparison('greaterEqual')


def _logic(op: str) -> Callable[[Any, Any], Tensor]:
    def function(input: Any, other: Any) -> Tensor:
        left, right = as_tensor(input), as_tensor(other)
        return wrap(p.binary(op, read(left), read(right), 'bool'), bool_)

    return function


logical_and = _logic('logicalAnd')
logical_or = _logic('logicalOr')
logical_xor = _logic('logicalXor')


def _bitwise(name: str, logic: Callable[[Any, Any], Tensor]) -> Callable[[Any, Any], Tensor]:
    def function(input: Any, other: Any) -> Tensor:
        if as_tensor(input).dtype.kind != 'bool' or as_tensor(other).dtype.kind != 'bool':
            raise UnsupportedOp(f'{name} of integers')
        return logic(input, other)

    return function


bitwise_and = _bitwise('bitwise_and', logical_and)
bitwise_or = _bitwise('bitwise_or', logical_or)
bitwise_xor = _bitwise('bitwise_xor', logical_xor)


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    if input is None and other is None:
        return condition.nonzero(as_tuple=True)
    left, right, result = pair(input, other)
    return wrap(p.where(read(condition), left, right), result)


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """`value` where the mask is true."""
    filling = read(value) if isinstance(value, Tensor) else p.fill(value, (), input.dtype.kind)
    return wrap(p.where(read(mask), p.cast(filling, input.dtype.kind), read(input)), input.dtype)


def isclose(input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Tensor:
    from .elementwise import abs

    return le(abs(sub(input, other)), add(mul(abs(other), rtol), atol))


def equal(input: Tensor, other: Tensor) -> bool:
    from .reductions import all

    return tuple(input.shape) == tuple(other.shape) and bool(all(eq(input, other)))


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
    from .reductions import all

    return bool(all(isclose(input, other, rtol, atol, equal_nan)))


subtract, multiply, divide, true_divide, floor_div = sub, mul, div, div, floor_divide
