"""What is done with complex tensors: arithmetic in their parts, and Python's operators, methods and functions for it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from itertools import product
from types import FunctionType, ModuleType
from typing import Any

from gradient_lens.errors import BadArgument, UnsupportedOp

from . import _complex as c
from ._complex import ADVICE, ComplexTensor, Parts, as_complex, holds_complex, made, mapped, parts_of
from ._ops import arithmetic, creation, joining, products, reductions
from ._ops.spectra import stft
from ._tensor import Tensor, assign, read

#: Ops that do the same to both parts.
_SAME = (
    'reshape view view_as reshape_as contiguous flatten ravel unflatten permute transpose swapaxes swapdims t movedim moveaxis '
    'squeeze unsqueeze expand expand_as broadcast_to repeat tile repeat_interleave narrow select unbind split '
    'split_with_sizes chunk tensor_split flip fliplr flipud rot90 roll tril triu diagonal clone index_select gather '
    'take_along_dim cuda cpu sum mean cumsum diff neg negative positive cat concat concatenate stack hstack vstack trapezoid'
)


def _both(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """Sum or difference of parts, of which some may be nought."""
    return a if b is None else function(0 if a is None else a, b)


def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    left, right = parts_of(input), parts_of(other if alpha == 1 else mul(other, alpha))
    return _whole(_both(arithmetic.add, left.real, right.real), _both(arithmetic.add, left.imag, right.imag))


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    left, right = parts_of(input), parts_of(other if alpha == 1 else mul(other, alpha))
    return _whole(_both(arithmetic.sub, left.real, right.real), _both(arithmetic.sub, left.imag, right.imag))


def _whole(real: Any, imag: Any) -> Any:
    """A tensor of parts of which one may be a number."""
    parts = [part if isinstance(part, Tensor) else creation.tensor(float(part or 0)) for part in (real, imag)]
    return made(*parts)


def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    return sub(other, input, alpha=alpha)


def mul(input: Any, other: Any) -> Any:
    """(a + bi)(c + di) = ac - bd + (ad + bc)i"""
    return _multilinear(arithmetic.mul, input, other)


def _multilinear(function: Callable[..., Any], *operands: Any) -> Any:
    """A function that is linear in each operand: the sum over the choices of parts, each imaginary one a factor i."""
    sums: list[Any] = [None, None]
    for choice in product((0, 1), repeat=len(operands)):
        parts = [parts_of(item)[place] for item, place in zip(operands, choice)]
        if any(part is None for part in parts):
            continue
        term, power = function(*parts), sum(choice)
        place = power % 2
        join = arithmetic.sub if power % 4 in (2, 3) else arithmetic.add
        sums[place] = term if sums[place] is None and join is arithmetic.add else join(0 if sums[place] is None else sums[place], term)
    return _whole(*sums)


def reciprocal(input: Any) -> Any:
    """(a - bi) / (a^2 + b^2)"""
    real, imag = input._parts
    size = real * real + imag * imag
    return made(real / size, -imag / size)


def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    if rounding_mode is not None:
        raise BadArgument('div with a rounding mode is not defined for complex numbers')
    if isinstance(other, complex):
        return mul(input, 1 / other)
    if isinstance(other, ComplexTensor):
        return mul(input, reciprocal(other))
    return _whole(*(None if part is None else part / other for part in parts_of(input)))


def pow(input: Any, exponent: Any) -> Any:
    """Whole powers by multiplication."""
    if not isinstance(input, ComplexTensor) or isinstance(exponent, (Tensor, complex)) or exponent != int(exponent) or exponent < 1:
        raise UnsupportedOp('a power of complex numbers other than 1, 2, 3, ...', ADVICE)
    result = input
    for _ in range(int(exponent) - 1):
        result = mul(result, input)
    return result


def square(input: Any) -> Any:
    return mul(input, input)


def abs(input: Any) -> Tensor:
    """sqrt(a^2 + b^2), with PyTorch's gradient of nought where both are."""
    return reductions.norm(joining.stack(list(input._parts), -1), 2, -1)


def angle(input: Any) -> Tensor:
    if not isinstance(input, ComplexTensor):
        return (input < 0).float() * math.pi
    return arithmetic.atan2(input._parts.imag, input._parts.real)


def exp(input: Any) -> Any:
    size = input._parts.real.exp()
    return made(size * input._parts.imag.cos(), size * input._parts.imag.sin())


def log(input: Any) -> Any:
    return made(abs(input).log(), angle(input))  # type: ignore[attr-defined]


def conj(input: Any) -> Any:
    return made(input._parts.real, -input._parts.imag) if isinstance(input, ComplexTensor) else input


def real(input: Any) -> Any:
    return input._parts.real if isinstance(input, ComplexTensor) else input


def imag(input: Any) -> Any:
    if not isinstance(input, ComplexTensor):
        raise BadArgument('imag is not implemented for tensors with non-complex dtypes.')
    return input._parts.imag


def matmul(input: Any, other: Any) -> Any:
    return _multilinear(products.matmul, input, other)


def outer(input: Any, vec2: Any) -> Any:
    return _multilinear(products.outer, input, vec2)


def einsum(equation: str, *operands: Any) -> Any:
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    return _multilinear(lambda *parts: products.einsum(equation, *parts), *operands)


def where(condition: Any, input: Any, other: Any) -> Any:
    parts: list[Any] = []
    for a, b in zip(of_number(input), of_number(other)):
        parts.append(arithmetic.where(condition, a, b))
    return made(*parts)


def of_number(value: Any) -> Parts:
    return Parts(*(0.0 if part is None else part for part in parts_of(value)))


def masked_fill(input: Any, mask: Any, value: Any) -> Any:
    return made(*(arithmetic.masked_fill(part, mask, item) for part, item in zip(input._parts, of_number(value))))


def getitem(input: Any, key: Any) -> Any:
    return made(*(part[key] for part in input._parts))


def setitem(input: Any, key: Any, value: Any) -> None:
    for part, item in zip(input._parts, of_number(value)):
        part[key] = item


def copy_(input: Any, src: Any, non_blocking: bool = False) -> Any:
    for part, item in zip(input._parts, of_number(src)):
        part.copy_(item) if isinstance(item, Tensor) else part.fill_(item)
    return input


def zero_(input: Any) -> Any:
    return copy_(input, 0.0)


def to(input: Any, *args: Any, device: Any = None, dtype: Any = None, **options: Any) -> Any:
    for wanted in (*args, dtype):
        of = wanted.dtype if isinstance(wanted, Tensor) else wanted
        if hasattr(of, 'is_complex') and not of.is_complex:
            raise UnsupportedOp('a complex tensor made real by .to()', 'take .real, or torch.view_as_real')
    return input


def norm(input: Any, p: Any = 'fro', dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Tensor:
    return reductions.norm(abs(input), p, dim, keepdim)


def allclose(input: Any, other: Any, *args: Any, **kwargs: Any) -> bool:
    return all(arithmetic.allclose(a, b, *args, **kwargs) for a, b in zip(as_complex(input)._parts, as_complex(other)._parts))


_OWN: dict[str, Callable[..., Any]] = {
    'add': add, 'sub': sub, 'rsub': rsub, 'mul': mul, 'div': div, 'subtract': sub, 'multiply': mul, 'divide': div,
    'true_divide': div, 'reciprocal': reciprocal, 'pow': pow, 'square': square, 'abs': abs, 'absolute': abs, 'angle': angle,
    'exp': exp, 'log': log, 'conj': conj, 'matmul': matmul, 'mm': matmul, 'bmm': matmul, 'mv': matmul, 'outer': outer,
    'einsum': einsum, 'where': where, 'masked_fill': masked_fill, 'norm': norm, 'resolve_conj': lambda input: input, 'conj_physical': conj,
}  # fmt: skip
_OPERATORS = {'add': add, 'sub': sub, 'mul': mul, 'truediv': div, 'matmul': matmul, 'pow': pow}
#: Ops whose form with a trailing underscore writes into the tensor.
_IN_PLACE = 'add sub mul div reciprocal square exp masked_fill neg'


def _in_place(function: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(self: ComplexTensor, *args: Any, **kwargs: Any) -> Any:
        # Both results stand before either part changes.
        values = [read(part) for part in function(self, *args, **kwargs)._parts]
        for part, value in zip(self._parts, values):
            assign(part, value)
        return self

    return wrapped


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, other: function(other, self)


def _with_number(real: Callable[..., Any], own: Callable[..., Any]) -> Callable[..., Any]:
    """An operator of real tensors that takes a complex number of Python too."""
    return lambda self, other: own(self, other) if isinstance(other, complex) else real(self, other)


def bind() -> None:
    """Puts the methods on `ComplexTensor`. What is not here is `Tensor`'s and refuses complex numbers."""
    for name, function in _OPERATORS.items():
        for key, with_complex in ((f'__{name}__', function), (f'__r{name}__', _reflected(function))):
            setattr(Tensor, key, _with_number(getattr(Tensor, key), with_complex))
    for name, function in {'conj': conj, 'angle': angle, 'resolve_conj': conj, 'conj_physical': conj}.items():
        setattr(Tensor, name, function)
    for name in _SAME.split():
        if hasattr(Tensor, name):
            setattr(ComplexTensor, name, mapped(getattr(Tensor, name)))
    for name, function in _OWN.items():
        setattr(ComplexTensor, name, function)
    for name, function in _OPERATORS.items():
        setattr(ComplexTensor, f'__{name}__', function)
        setattr(ComplexTensor, f'__r{name}__', _reflected(function))
        setattr(ComplexTensor, f'__i{name}__', _in_place(function))
    for name in _IN_PLACE.split():
        setattr(ComplexTensor, f'{name}_', _in_place(getattr(ComplexTensor, name)))
    own: dict[str, Callable[..., Any]] = {
        '__neg__': mapped(Tensor.__neg__), '__abs__': abs, '__getitem__': getitem, '__setitem__': setitem, 'copy_': copy_,
        'zero_': zero_, 'to': to, 'allclose': allclose,
    }  # fmt: skip
    for name, function in own.items():
        setattr(ComplexTensor, name, function)
    for name in ('T', 'mT'):
        setattr(ComplexTensor, name, property(mapped(lambda x, name=name: getattr(x, name))))
    for name in ('H', 'mH'):
        setattr(ComplexTensor, name, property(lambda self: conj(self).mT))


def _dispatching(function: Callable[..., Any], own: Callable[..., Any]) -> Callable[..., Any]:
    def dispatch(*args: Any, **kwargs: Any) -> Any:
        return (own if holds_complex(args) or (kwargs and holds_complex(tuple(kwargs.values()))) else function)(*args, **kwargs)

    dispatch.__name__ = getattr(function, '__name__', '')
    return dispatch


def install(torch: ModuleType) -> None:
    """The functions of `torch` that take complex tensors as well as real ones."""
    for name in _SAME.split():
        function = vars(torch).get(name)
        if isinstance(function, FunctionType):
            setattr(torch, name, _dispatching(function, mapped(function)))
    for name, own in _OWN.items():
        function = vars(torch).get(name)
        setattr(torch, name, own if function is None else _dispatching(function, own))
    for function in (c.polar, c.view_as_complex, c.view_as_real, real, imag, angle, conj):
        setattr(torch, function.__name__, function)
    setattr(torch, 'complex', c.complex_of)
    setattr(torch, 'stft', stft)
    setattr(Tensor, 'stft', stft)
    functional = sys.modules['torch.nn.functional']
    setattr(functional, 'pad', _dispatching(vars(functional)['pad'], _pad))


def _pad(input: Any, pad: Any, mode: str = 'constant', value: float | None = None) -> Any:
    functional = sys.modules['torch.nn.functional']
    return made(*(functional.pad(part, pad, mode, item) for part, item in zip(input._parts, (value, None))))
