"""Variables: weights of layers, and tensors that the file makes with `tf.Variable`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import UnsupportedOp
from gradient_lens.parameter import ParameterRecord
from gradient_lens.session import session
from gradient_lens.spans import Span, here
from gradient_lens.value import Value

from ._context import context
from ._tensor import Tensor, read, value_of
from ._types import DEFAULT, DType, dtype_named, kind_of_dtype


class Variable(Tensor):
    """A weight. `path` is its name with those of the layers around it, as `Variable.path` of Keras 3."""

    _record: ParameterRecord  # type: ignore[assignment]
    trainable: bool
    path: str

    def __init__(
        self, initializer: Any = None, shape: Any = None, dtype: Any = None, trainable: bool = True, name: str | None = None,
        *, initial_value: Any = None, **_: Any,
    ) -> None:  # fmt: skip
        start = initial_value if initial_value is not None else initializer
        if callable(start) and not isinstance(start, Tensor):
            start = start(tuple(shape), dtype=dtype) if shape is not None else start()
        kind = None if dtype is None else kind_of_dtype(dtype)
        contents = value_of(start, kind)
        contents = contents if kind is None else p.cast(contents, kind)
        base = name or context.unique_name('variable')
        fill_in(self, contents, base, trainable, here(), dtype_named(dtype) if dtype is not None else None)
        self._record.origin = 'file'
        self._record.initialiser_span = here()

    @property
    def value(self) -> Tensor:
        return self

    def read_value(self) -> Tensor:
        return self

    def assign(self, value: Any, *_: Any, **__: Any) -> Variable:
        self._write(value_of(value, read(self).dtype))
        return self

    def assign_add(self, value: Any, *_: Any, **__: Any) -> Variable:
        self._write(p.binary('add', self._record.contents, value_of(value, 'float')))
        return self

    def assign_sub(self, value: Any, *_: Any, **__: Any) -> Variable:
        self._write(p.binary('sub', self._record.contents, value_of(value, 'float')))
        return self

    def _write(self, contents: Value) -> None:
        if session.recording or session.frame is not None:
            if self.trainable:
                raise UnsupportedOp('a change of a trainable variable inside the forward pass')
            # A running statistic: no gradient goes through it, and the next step's is not this step's matter.
            return
        self._record.write(p.broadcast_to(contents, self._record.shape) if not contents.shape else contents)

    def __hash__(self) -> int:
        return id(self)


def fill_in(
    variable: Variable, contents: Value, name: str, trainable: bool, span: Span | None, dtype: DType | None = None
) -> Variable:
    variable.name = name
    variable.path = '/'.join((*context.scope, name))
    variable.trainable = trainable
    variable.dtype = dtype or DEFAULT[contents.dtype]
    variable._value = contents
    record = ParameterRecord(contents, span, trainable)
    record.name = name
    variable._record = record
    if contents.dtype != 'float' or not trainable:
        # Counters and running statistics are known numbers, not parameters.
        variable._record = _Kept(contents, span)
    return variable


class _Kept(ParameterRecord):
    """A variable that is not trained: what it holds is what is read."""

    __slots__ = ()

    def __init__(self, contents: Value, span: Span | None) -> None:
        super().__init__(contents, span, False)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.contents.shape

    def read(self) -> Value:
        return self.contents

    def copy(self) -> _Kept:
        return _Kept(self.contents, self.span)


def made(
    name: str, shape: tuple[int, ...], initialise: Callable[..., Any], dtype: Any, trainable: bool, span: Span | None
) -> Variable:
    """A layer's weight, its elements drawn by an initialiser."""
    contents = value_of(initialise(shape, dtype=dtype), kind_of_dtype(dtype))
    return fill_in(object.__new__(Variable), contents, name, trainable, span, dtype_named(dtype))
