"""Complex tensors: two real tensors, the real and the imaginary part.

PyTorch's gradient of a complex tensor is that of its two parts, so the parts' own graph is exact. Whatever moves elements
about does the same to both parts; arithmetic is written out in them. Any other op that is handed a complex tensor is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from gradient_lens.errors import BadType, UnsupportedOp
from gradient_lens.value import Value, constant

from ._tensor import Tensor, View, attach, read, wrap
from ._types import Size, complex64

ADVICE = (
    'of complex tensors, arithmetic, products, views and moves, abs, angle, exp, sums and Fourier transforms are followed; '
    'write it with their real and imaginary parts'
)


class Parts(NamedTuple):
    """Real and imaginary part; None for a part that is nought. Parts may be numbers of Python."""

    real: Any
    imag: Any


class ComplexTensor(Tensor):
    """A complex tensor. What it shares with others in memory, its two parts share."""

    _parts: Parts
    dtype = complex64

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    @property
    def _value(self) -> NoReturn:  # type: ignore[override]
        raise UnsupportedOp('an op on complex numbers', ADVICE)

    @property
    def requires_grad(self) -> bool:  # type: ignore[override]
        return any(part.requires_grad for part in self._parts)

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        for part in self._parts:
            part.requires_grad = value

    @property
    def real(self) -> Tensor:
        return self._parts.real

    @property
    def imag(self) -> Tensor:
        return self._parts.imag

    def is_contiguous(self, memory_format: Any = None) -> bool:
        return self._parts.real.is_contiguous()

    def stride(self, dim: int | None = None) -> Any:
        return self._parts.real.stride(dim)

    def detach(self) -> Tensor:
        return made(*(part.detach() for part in self._parts))

    def detach_(self) -> Tensor:
        for part in self._parts:
            part.detach_()
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        twin = memo.get(id(self))
        if twin is None:
            twin = memo[id(self)] = made(*(part.__deepcopy__(memo) for part in self._parts))
        return twin

    def __repr__(self) -> str:
        return f'tensor(shape={list(self.shape)}, dtype={self.dtype})'

    def __bool__(self) -> bool:
        raise UnsupportedOp('a condition on complex numbers', ADVICE)

    def item(self) -> Any:
        return complex(*(part.item() for part in self._parts))

    def tolist(self) -> Any:
        raise UnsupportedOp('tolist() of complex numbers', ADVICE)


def made(real: Any, imag: Any) -> ComplexTensor:
    """A complex tensor of two real ones, broadcast to one shape."""
    if tuple(real.shape) != tuple(imag.shape):
        from ._ops.joining import broadcast_tensors

        real, imag = broadcast_tensors(real, imag)
    tensor = object.__new__(ComplexTensor)
    tensor._parts = Parts(real, imag)
    tensor.shape = Size(real.shape)
    return tensor


def parts_of(value: Any) -> Parts:
    """The parts of a complex tensor, a real tensor, or a number."""
    if isinstance(value, ComplexTensor):
        return value._parts
    if isinstance(value, complex):
        return Parts(value.real or None, value.imag or None)
    if isinstance(value, Tensor) and value.dtype.kind != 'float':
        return Parts(value.float(), None)  # type: ignore[attr-defined]
    return Parts(value, None)


def as_complex(value: Any) -> ComplexTensor:
    """A complex tensor for a real or a complex one."""
    if isinstance(value, ComplexTensor):
        return value
    real = parts_of(value).real
    return made(real, wrap(constant([0.0], tuple(real.shape), 'float')))


def holds_complex(arguments: Sequence[Any]) -> bool:
    """Whether one of the arguments, or of the tensors that a list among them holds, is complex."""
    for item in arguments:
        if isinstance(item, (ComplexTensor, complex)):
            return True
        if isinstance(item, (list, tuple)) and any(isinstance(part, ComplexTensor) for part in item):
            return True
    return False


# ---- from pairs and to them ----


def complex_of(real: Any, imag: Any) -> ComplexTensor:
    """`torch.complex`"""
    if not isinstance(real, Tensor) or not isinstance(imag, Tensor):
        raise BadType('complex(): both arguments must be tensors')
    return made(real, imag)


def polar(abs: Any, angle: Any) -> ComplexTensor:
    return made(abs * angle.cos(), abs * angle.sin())


def view_as_complex(input: Any) -> ComplexTensor:
    """[..., 2] to [...]"""
    if not input.shape or input.shape[-1] != 2:
        raise BadType('Tensor must have a last dimension of size 2')
    return made(input.select(-1, 0), input.select(-1, 1))


def view_as_real(input: Any) -> Tensor:
    """[...] to [..., 2]; a view, whose parts are read when it is."""
    if not isinstance(input, ComplexTensor):
        raise BadType('view_as_real is only supported for complex tensors')
    from ._ops.joining import stack

    real = input._parts.real
    pair = stack(list(input._parts), -1)

    def derive(_: Value) -> Value:
        return read(stack(list(input._parts), -1))

    def restore(_: Value, __: Value) -> NoReturn:
        raise UnsupportedOp('an in-place change of what view_as_real gives', 'change the complex tensor, or its .real and .imag')

    attach(pair, View(real, derive, restore, False), None)
    # Its two parts need not share memory: it is put together at each reading.
    pair._seen = -1
    return pair


def mapped(function: Callable[..., Any]) -> Callable[..., Any]:
    """An op that does to both parts what it does to a real tensor."""

    def both(self: ComplexTensor, *args: Any, **kwargs: Any) -> Any:
        results = [
            function(*_side(place, (self, *args)), **{key: _side(place, (item,))[0] for key, item in kwargs.items()})
            for place in (0, 1)
        ]
        if isinstance(results[0], (list, tuple)):
            return tuple(made(real, imag) for real, imag in zip(*results))
        return made(*results)

    return both


def _side(place: int, arguments: Sequence[Any]) -> list[Any]:
    """Arguments with one part of each complex tensor among them; a list with a complex tensor in it is one of parts."""
    found: list[Any] = []
    for item in arguments:
        if isinstance(item, ComplexTensor):
            found.append(item._parts[place])
        elif isinstance(item, (list, tuple)) and any(isinstance(part, ComplexTensor) for part in item):
            found.append([as_complex(part)._parts[place] for part in item])
        else:
            found.append(item)
    return found
