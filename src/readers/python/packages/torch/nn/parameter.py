"""`nn.Parameter` and buffers."""

from __future__ import annotations

import sys
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadType
from gradient_lens.parameter import ParameterRecord
from gradient_lens.session import session
from gradient_lens.spans import here, is_user_code
from gradient_lens.value import Shape, Value, constant

from .._ops.creation import empty_value
from .._tensor import Tensor, read, touch, wrap
from .._types import Size, dtype, float32


class Parameter(Tensor):
    """A tensor that is trained. Its record keeps how its elements start and where it was made."""

    _record: ParameterRecord

    def __init__(self, data: Any = None, requires_grad: bool = True) -> None:
        if data is None:
            data = wrap(constant([], (0,), 'float'), float32)
        if not isinstance(data, Tensor):
            raise BadType(f'Parameter data must be a Tensor, not {type(data).__name__}')
        if data.dtype.kind != 'float' and requires_grad:
            raise BadType('Only Tensors of floating point and complex dtype can require gradients')
        contents = data._record.contents if data._record is not None else p.cast(read(data), 'float')
        own = is_user_code(sys._getframe(1).f_code.co_filename)
        self._setup(ParameterRecord(contents, here() if own else None, requires_grad), data.dtype)
        if own:
            self._record.origin = 'file'
            self._record.initialiser_span = self._record.span

    def _setup(self, record: ParameterRecord, of: dtype) -> None:
        self._record = record
        self.dtype = of
        self.shape = Size(record.shape)

    @property
    def _value(self) -> Value:  # type: ignore[override]
        return self._record.read()

    @property
    def requires_grad(self) -> bool:  # type: ignore[override]
        return self._record.trainable

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self._record.trainable = bool(value)

    def requires_grad_(self, requires_grad: bool = True) -> Parameter:
        self._record.trainable = requires_grad
        return self

    @property
    def grad(self) -> Any:  # type: ignore[override]
        """After a backward pass a tensor of the parameter's shape, whose elements are not known."""
        if not session.backward_seen or not self._record.trainable:
            return None
        return wrap(empty_value(tuple(self.shape), 'float'), self.dtype)

    @grad.setter
    def grad(self, value: Any) -> None:
        return None

    def start(self, contents: Value) -> None:
        """The framework's own initialisation."""
        self._record.start(contents)
        self.shape = Size(contents.shape)
        touch(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        twin = memo.get(id(self))
        if twin is None:
            twin = object.__new__(type(self))
            twin._setup(self._record.copy(), self.dtype)
            memo[id(self)] = twin
        return twin

    def __repr__(self) -> str:
        return f'Parameter containing:\ntensor(shape={list(self.shape)})'


def made_by_layer(shape: Shape, contents: Value | None = None) -> Parameter:
    """A parameter of one of the framework's own layers; its place is that of the layer's constructor."""
    parameter = object.__new__(Parameter)
    parameter._setup(ParameterRecord(p.fill(0, shape, 'float') if contents is None else contents, None), float32)
    return parameter


class UninitializedParameter(Parameter):
    """A parameter of a lazy layer, before the first forward pass gives its shape."""

    def __init__(self, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> None:
        super().__init__(None, requires_grad)
        self._record.origin = 'default'


class Buffer(Tensor):
    """`nn.Buffer`: a tensor that a module keeps and does not train."""

    persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Any:
        if data is None:
            data = wrap(constant([], (0,), 'float'), float32)
        data.persistent = persistent
        data._is_buffer = True
        return data

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass
