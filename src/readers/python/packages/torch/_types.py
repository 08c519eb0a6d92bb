"""dtype, Size, device and the other small types of `torch`."""

from __future__ import annotations

import math
from typing import Any, Self, overload


class dtype:
    """A number format; the graph tells only its kind: 'float', 'int' or 'bool'."""

    def __init__(self, name: str, kind: str, bits: int) -> None:
        self.name = name
        self.kind = kind
        self.bits = bits
        self.is_complex = name.startswith('complex')

    @property
    def is_floating_point(self) -> bool:
        return self.kind == 'float' and not self.is_complex

    @property
    def is_signed(self) -> bool:
        return not self.name.startswith('u') and self.kind != 'bool'

    @property
    def itemsize(self) -> int:
        return max(1, self.bits // 8)

    def __repr__(self) -> str:
        return f'torch.{self.name}'

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self


float16 = half = dtype('float16', 'float', 16)
bfloat16 = dtype('bfloat16', 'float', 16)
float32 = dtype('float32', 'float', 32)
float64 = double = dtype('float64', 'float', 64)
uint8 = dtype('uint8', 'int', 8)
int8 = dtype('int8', 'int', 8)
int16 = short = dtype('int16', 'int', 16)
int32 = dtype('int32', 'int', 32)
int64 = long = dtype('int64', 'int', 64)
bool_ = dtype('bool', 'bool', 1)
complex64 = cfloat = dtype('complex64', 'float', 64)
complex128 = cdouble = dtype('complex128', 'float', 128)

#: The dtype that a kind has where nothing else is said.
DEFAULT = {'float': float32, 'int': int64, 'bool': bool_}
_CATEGORY = {'bool': 0, 'int': 1, 'float': 2}


def promote(a: dtype, b: dtype) -> dtype:
    """The dtype that holds both (torch.promote_types)."""
    if a is b:
        return a
    if _CATEGORY[a.kind] != _CATEGORY[b.kind]:
        return a if _CATEGORY[a.kind] > _CATEGORY[b.kind] else b
    if a.bits == b.bits:
        return float32 if a.kind == 'float' else int16
    return a if a.bits > b.bits else b


class Size(tuple[int, ...]):
    """A shape."""

    def numel(self) -> int:
        return math.prod(self)

    @overload
    def __getitem__(self, key: slice) -> Size: ...  # type: ignore[override]
    @overload
    def __getitem__(self, key: int) -> int: ...
    def __getitem__(self, key: Any) -> Any:
        item = tuple.__getitem__(self, key)
        return Size(item) if isinstance(key, slice) else item

    def __add__(self, other: tuple[int, ...]) -> Size:  # type: ignore[override]
        return Size((*self, *other))

    def __radd__(self, other: tuple[int, ...]) -> Size:
        return Size((*other, *self))

    def __mul__(self, times: int) -> Size:  # type: ignore[override]
        return Size(tuple(self) * times)

    def __repr__(self) -> str:
        return f'torch.Size({list(self)})'


class device:
    """Where a tensor would live; nothing hangs on it here."""

    def __init__(self, type: Any = 'cpu', index: int | None = None) -> None:
        if isinstance(type, int):
            type = f'cuda:{type}'
        name, _, number = str(type).partition(':')
        self.type = name
        self.index = int(number) if number.isdigit() else index

    def __repr__(self) -> str:
        return f"device(type='{self.type}')" if self.index is None else f"device(type='{self.type}', index={self.index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f'{self.type}:{self.index}'

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (str, device)) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class memory_format:
    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f'torch.{self.name}'


class layout(memory_format):
    pass


contiguous_format = memory_format('contiguous_format')
channels_last = memory_format('channels_last')
channels_last_3d = memory_format('channels_last_3d')
preserve_format = memory_format('preserve_format')
strided = layout('strided')


class finfo:
    """Limits of a floating-point format (IEEE 754)."""

    _LIMITS = {
        'float16': (65504.0, 2.0**-10, 2.0**-14),
        'bfloat16': (3.3895313892515355e38, 2.0**-7, 2.0**-126),
        'float32': (3.4028234663852886e38, 2.0**-23, 2.0**-126),
        'float64': (1.7976931348623157e308, 2.0**-52, 2.0**-1022),
    }

    def __init__(self, type: dtype = float32) -> None:
        self.max, self.eps, self.tiny = self._LIMITS[type.name]
        self.min = -self.max
        self.smallest_normal = self.tiny
        self.bits = type.bits
        self.dtype = type.name


class iinfo:
    """Limits of an integer format."""

    def __init__(self, type: dtype = int64) -> None:
        signed = type.is_signed
        self.bits = type.bits
        self.max = 2 ** (type.bits - (1 if signed else 0)) - 1
        self.min = -(2 ** (type.bits - 1)) if signed else 0
        self.dtype = type.name


class Generator:
    """Seeds change nothing: draws are made by the trainer."""

    def __init__(self, device: Any = 'cpu') -> None:
        self.device = device

    def manual_seed(self, seed: int) -> Self:
        return self

    def seed(self) -> int:
        return 0

    def initial_seed(self) -> int:
        return 0
