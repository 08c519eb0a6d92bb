"""Elementwise rules of static values. Where C gives inf or nan and Python raises, they give what C gives."""

import math
import operator
from typing import Any, Callable

from .value import Node

type Elements = list[Any]


def expand(elements: Elements, shape: tuple[int, ...], wanted: tuple[int, ...]) -> Elements:
    """Broadcasts elements in C order to the shape `wanted`."""
    if shape == wanted:
        return elements
    size = math.prod(wanted)
    if len(elements) == 1:
        return elements * size
    shape = (1,) * (len(wanted) - len(shape)) + shape
    inner = 1
    for axis in range(len(wanted) - 1, -1, -1):
        if shape[axis] != wanted[axis]:
            blocks = [elements[at : at + inner] for at in range(0, len(elements), inner)]
            elements = [item for block in blocks for _ in range(wanted[axis]) for item in block]
        inner *= wanted[axis]
    return elements


def _guarded(function: Callable[[float], float], pole: Callable[[float], float]) -> Callable[[float], float]:
    def apply(x: float) -> float:
        try:
            return function(x)
        except (ValueError, OverflowError, ZeroDivisionError):
            return pole(x)

    return apply


def _nan(_: float) -> float:
    return math.nan


def _log_pole(x: float) -> float:
    return -math.inf if x == 0 else math.nan


def _infinite(_: float) -> float:
    return math.inf


def _round(x: float) -> float:
    return float(round(x)) if math.isfinite(x) else x


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _sign(x: float) -> float:
    return (x > 0) - (x < 0)


UNARY: dict[str, Callable[[Any], Any]] = {
    'identity': lambda x: x,
    'detach': lambda x: x,
    'neg': operator.neg,
    'abs': abs,
    'sign': _sign,
    'exp': _guarded(math.exp, _infinite),
    'expm1': _guarded(math.expm1, _infinite),
    'log': _guarded(math.log, _log_pole),
    'log1p': _guarded(math.log1p, lambda x: -math.inf if x == -1 else math.nan),
    'sqrt': _guarded(math.sqrt, _nan),
    'rsqrt': _guarded(lambda x: 1 / math.sqrt(x), lambda x: math.inf if x == 0 else math.nan),
    'square': lambda x: x * x,
    'reciprocal': _guarded(lambda x: 1 / x, _infinite),
    'sin': _guarded(math.sin, _nan),
    'cos': _guarded(math.cos, _nan),
    'tan': _guarded(math.tan, _nan),
    'asin': _guarded(math.asin, _nan),
    'acos': _guarded(math.acos, _nan),
    'atan': math.atan,
    'sinh': _guarded(math.sinh, lambda x: math.copysign(math.inf, x)),
    'cosh': _guarded(math.cosh, _infinite),
    'tanh': math.tanh,
    'erf': math.erf,
    'floor': lambda x: float(math.floor(x)) if isinstance(x, float) and math.isfinite(x) else x,
    'ceil': lambda x: float(math.ceil(x)) if isinstance(x, float) and math.isfinite(x) else x,
    'round': _round,
    'relu': lambda x: x if x > 0 else x * 0,
    'sigmoid': _sigmoid,
    'softPlus': _softplus,
    'logicalNot': operator.not_,
    'isNan': math.isnan,
}


def _divide(a: float, b: float) -> float:
    if b == 0:
        if a == 0 or math.isnan(a):
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)
    return a / b


def _floor_divide(a: float, b: float) -> float:
    return a // b if b != 0 else _divide(a, b)


def _mod(a: float, b: float) -> float:
    return a % b if b != 0 else math.nan


def _power(a: float, b: float) -> float:
    try:
        result = a**b
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return math.nan if isinstance(result, complex) else result


def _maximum(a: float, b: float) -> float:
    return math.nan if a != a or b != b else max(a, b)


def _minimum(a: float, b: float) -> float:
    return math.nan if a != a or b != b else min(a, b)


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    'add': operator.add,
    'sub': operator.sub,
    'mul': operator.mul,
    'div': _divide,
    'floorDiv': _floor_divide,
    'mod': _mod,
    'pow': _power,
    'maximum': _maximum,
    'minimum': _minimum,
    'atan2': math.atan2,
    'equal': operator.eq,
    'notEqual': operator.ne,
    'less': operator.lt,
    'lessEqual': operator.le,
    'greater': operator.gt,
    'greaterEqual': operator.ge,
    'logicalAnd': lambda a, b: bool(a) and bool(b),
    'logicalOr': lambda a, b: bool(a) or bool(b),
    'logicalXor': lambda a, b: bool(a) != bool(b),
}


def _unary_rule(function: Callable[[Any], Any]) -> Callable[[Node, list[Elements]], list[Elements]]:
    return lambda node, inputs: [list(map(function, inputs[0]))]


def _binary_rule(function: Callable[[Any, Any], Any]) -> Callable[[Node, list[Elements]], list[Elements]]:
    def rule(node: Node, inputs: list[Elements]) -> list[Elements]:
        shape = node.outputs[0].shape
        a, b = (expand(part, source.shape, shape) for part, source in zip(inputs, node.inputs))
        return [list(map(function, a, b))]

    return rule


def _where(node: Node, inputs: list[Elements]) -> list[Elements]:
    shape = node.outputs[0].shape
    condition, a, b = (expand(part, source.shape, shape) for part, source in zip(inputs, node.inputs))
    return [[x if c else y for c, x, y in zip(condition, a, b)]]


def convert(elements: Elements, dtype: str) -> Elements:
    """Elements of another kind, truncated toward zero as C does."""
    if dtype == 'float':
        return [float(x) for x in elements]
    if dtype == 'bool':
        return [bool(x) for x in elements]
    return [int(x) if math.isfinite(x) else 0 for x in elements]


def _cast(node: Node, inputs: list[Elements]) -> list[Elements]:
    return [convert(inputs[0], node.outputs[0].dtype)]


def _clip(node: Node, inputs: list[Elements]) -> list[Elements]:
    low, high = (float(node.attributes[key]) for key in ('min', 'max'))
    return [[x if x != x else min(max(x, low), high) for x in inputs[0]]]


def _broadcast(node: Node, inputs: list[Elements]) -> list[Elements]:
    return [expand(inputs[0], node.inputs[0].shape, node.outputs[0].shape)]


RULES: dict[str, Callable[[Node, list[Elements]], list[Elements]]] = {
    **{name: _unary_rule(function) for name, function in UNARY.items()},
    **{name: _binary_rule(function) for name, function in BINARY.items()},
    'where': _where,
    'cast': _cast,
    'clip': _clip,
    'broadcast': _broadcast,
}

__all__ = ['RULES', 'convert', 'expand']
