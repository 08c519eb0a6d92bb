"""`keras.Input`."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument
from gradient_lens.spans import here
from gradient_lens.value import source

from .._context import SYMBOLIC_BATCH, context
from .._tensor import Call, Tensor, wrap
from .._types import dtype_named, kind_of_dtype
from .layer import Layer

#: Stand for sizes that `Input` leaves open while layers are connected: large enough for what pools and halves again and again.
OPEN_SIZE = 256
OPEN_LENGTH = 128
#: The model is read with sizes smaller by these, the first that it takes.
SHRINKING = (4, 1)


def open_size(rank: int) -> int:
    """The size taken for an open axis: of pictures, else of sequences."""
    return OPEN_SIZE if rank >= 4 else OPEN_LENGTH


class InputLayer(Layer):
    """Where a functional model begins."""

    #: The layer whose numbers it gives in place of its texts.
    stands_for: Layer | None = None

    def __init__(
        self, shape: Any = None, batch_size: int | None = None, dtype: Any = None, sparse: Any = None, ragged: Any = None,
        batch_shape: Any = None, input_tensor: Any = None, optional: bool = False, name: str | None = None,
        input_shape: Any = None, batch_input_shape: Any = None, **_: Any,
    ) -> None:  # fmt: skip
        shape = input_shape if shape is None else shape
        full = batch_shape if batch_shape is not None else batch_input_shape
        super().__init__(name=name or context.unique_name('input_layer'))
        if full is None:
            if shape is None:
                raise BadArgument('You must pass a `shape` argument.')
            full = (batch_size, *((shape,) if isinstance(shape, int) else shape))
        full = tuple(None if n is None else int(n) for n in full)
        kind = kind_of_dtype(dtype)
        made = wrap(source('input', {'index': 0}, _sizes(full), kind, owner=None, live=kind == 'float'), dtype_named(dtype or 'float32'))
        made.name = self.name
        made._open = _open_axes(full)
        call = Call(self, (), {}, [], here())
        made._call = call
        call.outputs.append(made)
        call.structure = made
        self._inbound.append(call)
        self.__dict__['built'] = True
        self.__dict__['batch_shape'] = full

    def become(self, shape: tuple[Any, ...], kind: str, high: int | None) -> None:
        """Gives numbers of another shape from now on; `high` is the exclusive limit of whole ones."""
        attributes = {'index': 0} if high is None else {'index': 0, 'high': high}
        made = self.output
        made._value = source('input', attributes, _sizes(shape), kind, owner=None, live=kind == 'float')
        made.dtype, made._open = dtype_named('int64' if kind == 'int' else 'float32'), _open_axes(shape)
        self.__dict__['batch_shape'] = shape

    def call(self, *_: Any, **__: Any) -> Any:
        return self.output

    @property
    def output(self) -> Tensor:
        return self._inbound[0].structure


def hangs_on_open_sizes(tensor: Tensor) -> bool:
    """Whether a tensor within a model is made of an input of open size, and has three axes or more: its own size is as open."""
    if tensor._call is None or not tensor._call.inputs or len(tensor.shape) < 3:
        return False
    seen: set[int] = set()
    waiting = [tensor]
    while waiting:
        call = waiting.pop()._call
        if call is None or id(call) in seen:
            continue
        seen.add(id(call))
        if not call.inputs and any(axis > 0 for output in call.outputs for axis in output._open):
            return True
        waiting.extend(call.inputs)
    return False


def _sizes(shape: tuple[Any, ...]) -> list[int]:
    return [SYMBOLIC_BATCH if n is None and axis == 0 else open_size(len(shape)) if n is None else n for axis, n in enumerate(shape)]


def _open_axes(shape: tuple[Any, ...]) -> frozenset[int]:
    return frozenset(axis for axis, n in enumerate(shape) if n is None)


def Input(
    shape: Any = None, batch_size: int | None = None, dtype: Any = None, sparse: Any = None, batch_shape: Any = None,
    name: str | None = None, tensor: Any = None, optional: bool = False, batch_input_shape: Any = None, **_: Any,
) -> Any:  # fmt: skip
    """A symbolic tensor for an input of a functional model."""
    if tensor is not None:
        return tensor
    return InputLayer(
        shape=shape, batch_size=batch_size, dtype=dtype, batch_shape=batch_shape, name=name, batch_input_shape=batch_input_shape
    ).output
