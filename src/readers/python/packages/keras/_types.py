"""Types of numbers and shapes as Keras and TensorFlow spell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class DType(str):
    """`float32` and its like: equal to its name, with what `tf.DType` tells."""

    @property
    def name(self) -> str:
        return str.__str__(self)

    @property
    def is_floating(self) -> bool:
        return 'float' in self

    @property
    def is_integer(self) -> bool:
        return 'int' in self

    @property
    def as_numpy_dtype(self) -> str:
        return self.name

    @property
    def base_dtype(self) -> DType:
        return self

    @property
    def max(self) -> float:
        return {'float16': 65504.0, 'float64': 1.7976931348623157e308}.get(self, 3.4028234663852886e38)

    @property
    def min(self) -> float:
        return -self.max


FLOAT, INT, BOOL = DType('float32'), DType('int32'), DType('bool')
DEFAULT = {'float': FLOAT, 'int': INT, 'bool': BOOL}


def kind_of_dtype(dtype: Any) -> str:
    """'float', 'int' or 'bool' for a name, a NumPy type or a `DType`; None is float."""
    if dtype is None:
        return 'float'
    name = dtype if isinstance(dtype, str) else getattr(dtype, '__name__', None) or getattr(dtype, 'name', None) or str(dtype)
    if 'bool' in name:
        return 'bool'
    return 'int' if 'int' in name or name in ('long', 'short', 'byte') else 'float'


def dtype_named(dtype: Any) -> DType:
    if isinstance(dtype, DType):
        return dtype
    if isinstance(dtype, str):
        return DType(dtype)
    return DEFAULT[kind_of_dtype(dtype)]


class TensorShape(tuple[Any, ...]):
    """A shape; None stands for the batch of a symbolic tensor."""

    def as_list(self) -> list[Any]:
        return list(self)

    @property
    def rank(self) -> int:
        return len(self)

    ndims = rank

    @property
    def dims(self) -> list[Any]:
        return list(self)

    def num_elements(self) -> int | None:
        total = 1
        for size in self:
            if size is None:
                return None
            total *= size
        return total

    def is_fully_defined(self) -> bool:
        return None not in self

    def with_rank(self, rank: int) -> TensorShape:
        return self

    def concatenate(self, other: Sequence[Any]) -> TensorShape:
        return TensorShape((*self, *other))

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return TensorShape(found) if isinstance(key, slice) else found

    def __add__(self, other: Any) -> TensorShape:
        return TensorShape((*self, *other))

    def __radd__(self, other: Any) -> TensorShape:
        return TensorShape((*other, *self))
