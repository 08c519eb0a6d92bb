"""Tables too large to list, written as ops: what hangs on one index is a vector, and vectors are broadcast to the table.

The rule is run once, on symbols in place of its indices. A symbol can be added, multiplied, divided and raised, and cannot
be compared, asked for its truth, hashed, written out or made a number, so that whatever a rule does with an index other than
arithmetic stops it (`is`, which no object can refuse, is looked for). A rule that comes through has therefore one way only,
whatever the indices are, and the ops are that way.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from opcode import opmap
from typing import Any, NoReturn, Protocol

from .shapes import broadcast
from .value import Node, Value, constant

_OPS: dict[Callable[[Any, Any], Any], str] = {operator.add: 'add', operator.sub: 'sub', operator.mul: 'mul', operator.truediv: 'div'}
#: Whole numbers above this are not exact in float64.
_EXACT = 2**53


class Emit(Protocol):
    def __call__(
        self, op: str, attributes: dict[str, Any], inputs: tuple[Value, ...], shape: Sequence[int], dtype: str
    ) -> Value: ...


class _NotArithmetic(Exception):
    """The rule does something that is not written as ops."""


type _Operator = Callable[[Any, Any], _Symbol]


def _forward(function: Callable[[Any, Any], Any]) -> _Operator:
    return lambda self, other: self.table.pair(function, self, other)


def _reflected(function: Callable[[Any, Any], Any]) -> _Operator:
    return lambda self, other: self.table.pair(function, other, self)


class _Symbol:
    """What a rule has computed so far: one number for each index of an axis, or a value of the graph."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, table: _Tabulation, axis: int | None, numbers: list[Any], value: Value | None) -> None:
        self.table, self.axis, self.numbers, self.value = table, axis, numbers, value

    def _undecided(self, *_: Any) -> NoReturn:
        raise _NotArithmetic

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __format__ = __repr__ = _undecided
    __add__, __radd__ = _forward(operator.add), _reflected(operator.add)
    __sub__, __rsub__ = _forward(operator.sub), _reflected(operator.sub)
    __mul__, __rmul__ = _forward(operator.mul), _reflected(operator.mul)
    __truediv__, __rtruediv__ = _forward(operator.truediv), _reflected(operator.truediv)
    __floordiv__, __rfloordiv__ = _forward(operator.floordiv), _reflected(operator.floordiv)
    __mod__, __rmod__ = _forward(operator.mod), _reflected(operator.mod)
    __pow__, __rpow__ = _forward(operator.pow), _reflected(operator.pow)

    def __neg__(self) -> _Symbol:
        return self.table.pair(operator.mul, self, -1)


class _Tabulation:
    def __init__(self, shape: Sequence[int], emit: Emit) -> None:
        self.shape, self.emit = shape, emit

    def index(self, axis: int) -> _Symbol:
        return _Symbol(self, axis, list(range(self.shape[axis])), None)

    def pair(self, function: Callable[[Any, Any], Any], a: Any, b: Any) -> _Symbol:
        symbols = [item for item in (a, b) if isinstance(item, _Symbol)]
        axes = {symbol.axis for symbol in symbols}
        if len(axes) == 1 and symbols[0].axis is not None:
            # Along one axis Python itself does the arithmetic.
            size = len(symbols[0].numbers)
            columns = [item.numbers if isinstance(item, _Symbol) else [item] * size for item in (a, b)]
            return _Symbol(self, symbols[0].axis, list(map(function, *columns)), None)
        op = _OPS.get(function)
        if op is None or (op == 'div' and not self._divides(b)):
            raise _NotArithmetic
        inputs = (self.value(a), self.value(b))
        return _Symbol(self, None, [], self.emit(op, {}, inputs, broadcast(inputs[0].shape, inputs[1].shape), 'float'))

    def _divides(self, divisor: Any) -> bool:
        """Whether no number of it is nought, where Python would stop and an op would not."""
        return all(divisor.numbers) and divisor.value is None if isinstance(divisor, _Symbol) else divisor != 0

    def value(self, item: Any) -> Value:
        if not isinstance(item, _Symbol):
            return constant([_exact(item)], (), 'float')
        if item.value is not None:
            return item.value
        shape = [n if axis == item.axis else 1 for axis, n in enumerate(self.shape)]
        return constant(list(map(_exact, item.numbers)), shape, 'float')


def _exact(number: Any) -> float:
    if not isinstance(number, (bool, int, float)) or (isinstance(number, int) and abs(number) > _EXACT):
        raise _NotArithmetic
    if not math.isfinite(number):
        raise _NotArithmetic
    return float(number)


def tabulated(node: Node, emit: Emit) -> Value | None:
    """The table of a `table` node in ops; None where its rule is more than arithmetic, or is not a float's."""
    shape, rule = node.outputs[0].shape, node.attributes['element']
    if node.outputs[0].dtype != 'float' or opmap['IS_OP'] in rule.__code__.co_code[::2]:
        return None
    table = _Tabulation(shape, emit)
    try:
        found = rule(*map(table.index, range(len(shape))))
    except (_NotArithmetic, TypeError, ValueError, ArithmeticError, AttributeError, LookupError):
        # What the rule does to a symbol is not written as ops, or its arithmetic fails as it would in Python.
        return None
    if not isinstance(found, _Symbol) or found.value is None or found.value.shape != shape:
        return None
    return found.value
