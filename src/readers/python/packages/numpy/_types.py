"""Element types. Scalars are Python's own numbers with numpy's methods on top."""

from __future__ import annotations

import builtins
from typing import Any

KINDS = ('bool', 'int', 'float')


class generic:
    """Root of scalar types."""

    def item(self) -> Any:
        return self

    def tolist(self) -> Any:
        return self.item()

    def astype(self, dtype: Any, *arguments: Any, **options: Any) -> Any:
        return convert(self, kind_of_dtype(dtype))

    @property
    def shape(self) -> tuple[int, ...]:
        return ()

    @property
    def ndim(self) -> int:
        return 0

    @property
    def dtype(self) -> Any:
        return dtype(type(self))


class number(generic):
    pass


class integer(number):
    pass


class floating(number):
    pass


class float64(float, floating):
    def item(self) -> float:
        return builtins.float(self)


class float32(float64):
    pass


class float16(float64):
    pass


class int64(int, integer):
    def item(self) -> int:
        return builtins.int(self)


class int32(int64):
    pass


class int16(int64):
    pass


class int8(int64):
    pass


class uint8(int64):
    pass


class uint16(int64):
    pass


class uint32(int64):
    pass


class uint64(int64):
    pass


class bool_(int, generic):
    def item(self) -> bool:
        return builtins.bool(self)


double = float_ = float64
single = float32
half = float16
int_ = intp = longlong = int64
intc = int32
uint = uint64
byte = int8
ubyte = uint8

_NAMED: dict[str, type] = {
    item.__name__: item
    for item in (float64, float32, float16, int64, int32, int16, int8, uint8, uint16, uint32, uint64)
}
_NAMED.update(
    {'float': float64, 'double': float64, 'int': int64, 'long': int64, 'bool': bool_, 'f': float32, 'd': float64}
)
_NAMED.update({'f4': float32, 'f8': float64, 'i4': int32, 'i8': int64, 'u1': uint8, 'i': int32, 'b': int8, 'B': uint8})


class dtype:
    """An element type as an object: `array.dtype`."""

    def __init__(self, of: Any) -> None:
        if isinstance(of, dtype):
            of = of.type
        elif isinstance(of, str):
            of = _NAMED.get(of.strip('<>=|'), float64)
        self.type: Any = {builtins.float: float64, builtins.int: int64, builtins.bool: bool_}.get(of, of)

    @property
    def name(self) -> str:
        return 'bool' if self.type is bool_ else getattr(self.type, '__name__', 'object')

    @property
    def kind(self) -> str:
        return {'float': 'f', 'int': 'i', 'bool': 'b'}[kind_of_dtype(self)]

    @property
    def itemsize(self) -> int:
        digits = ''.join(letter for letter in self.name if letter.isdigit())
        return int(digits) // 8 if digits else 1

    def __eq__(self, other: object) -> bool:
        try:
            return self.type is dtype(other).type
        except TypeError:
            return False

    def __hash__(self) -> int:
        return hash(self.type)

    def __repr__(self) -> str:
        return f"dtype('{self.name}')"

    __str__ = name.fget  # type: ignore[assignment]


def kind_of_dtype(of: Any) -> str:
    """'float', 'int' or 'bool'."""
    held = dtype(of).type
    if isinstance(held, type):
        if issubclass(held, (bool_, builtins.bool)):
            return 'bool'
        if issubclass(held, builtins.int):
            return 'int'
    return 'float'


def kind_of(value: Any) -> str:
    if isinstance(value, (builtins.bool, bool_)):
        return 'bool'
    return 'int' if isinstance(value, builtins.int) else 'float'


def convert(value: Any, kind: str) -> Any:
    """A plain number of that kind."""
    if kind == 'bool':
        return builtins.bool(value)
    return builtins.int(value) if kind == 'int' else builtins.float(value)


def scalar(value: Any, kind: str) -> Any:
    """The numpy scalar of a plain number."""
    if kind == 'bool':
        return builtins.bool(value)
    return int64(value) if kind == 'int' else float64(value)
