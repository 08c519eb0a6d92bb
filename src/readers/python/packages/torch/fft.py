"""`torch.fft`: transforms along chosen axes, their real forms, shifts and frequencies."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradient_lens.errors import BadArgument, BadState
from gradient_lens.shapes import axis_of

from ._complex import ComplexTensor, Parts, made, parts_of
from ._convert import as_tensor
from ._ops import creation, rearranging
from ._ops.fourier import transform
from ._refused import refused
from ._tensor import Tensor
from ._types import float32

_NORMS = ('backward', 'forward', 'ortho')


def _scale(n: int, norm: str | None, inverse: bool) -> float:
    norm = norm or 'backward'
    if norm not in _NORMS:
        raise BadArgument(f'Invalid normalization mode: "{norm}"')
    if norm == 'ortho':
        return 1 / math.sqrt(n)
    return 1 / n if (norm == 'backward') == inverse else 1.0


def _sized(x: Any, n: int | None) -> Any:
    """The last axis cut, or filled with noughts, to n."""
    size = x.shape[-1]
    if n is None or n == size:
        return x
    if n < 1:
        raise BadState(f'Invalid number of data points ({n}) specified')
    if n < size:
        return x.narrow(-1, 0, n)
    from ._ops.joining import cat

    return cat([x, creation.zeros(*x.shape[:-1], n - size)], -1)


def _along(input: Any, n: int | None, dim: int, norm: str | None, inverse: bool) -> ComplexTensor:
    axis = axis_of(dim, input.ndim)
    parts = _each(parts_of(input), lambda x: _sized(x.movedim(axis, -1), n))
    scale = _scale(parts.real.shape[-1], norm, inverse)
    found = _each(transform(parts, inverse), lambda x: (x if scale == 1 else x * scale).movedim(-1, axis))
    return made(*found)


def _each(parts: Parts, function: Callable[[Any], Any]) -> Parts:
    return Parts(*(None if part is None else function(part) for part in parts))


def fft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> ComplexTensor:
    return _along(input, n, dim, norm, False)


def ifft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> ComplexTensor:
    return _along(input, n, dim, norm, True)


def rfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Any:
    """The first n // 2 + 1 frequencies; the rest are their conjugates."""
    if isinstance(input, ComplexTensor):
        raise BadState('rfft expects a real input tensor, but got ComplexFloat')
    whole: Any = _along(input, n, dim, norm, False)
    return whole.narrow(dim, 0, whole.shape[dim] // 2 + 1)


def irfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None, *, out: Any = None) -> Tensor:
    """n real points (2 (m - 1) of m frequencies); the imaginary parts of the first and the middle one count for nothing."""
    axis = axis_of(dim, input.ndim)
    count = 2 * (input.shape[axis] - 1) if n is None else n
    if count < 1:
        raise BadState(f'Invalid number of data points ({count}) specified')
    half = _each(parts_of(input), lambda x: _sized(x.movedim(axis, -1), count // 2 + 1))
    mirrored = (count - 1) // 2
    imag = half.imag
    whole = Parts(_mirrored(half.real, mirrored, 1), None if imag is None else _mirrored(imag, mirrored, -1))
    scale = _scale(count, norm, True)
    real = transform(whole, True).real
    return (real if scale == 1 else real * scale).movedim(-1, axis)


def _mirrored(x: Any, count: int, sign: int) -> Any:
    """The frequencies 1 to count once more, backwards."""
    if not count:
        return x
    from ._ops.joining import cat

    back = x.narrow(-1, 1, count).flip(-1)
    return cat([x, back if sign > 0 else -back], -1)


def _axes(input: Any, s: Any, dim: Any) -> tuple[list[int], list[int | None]]:
    """Axes and their wanted sizes; with sizes alone, the last axes."""
    rank = input.ndim
    if dim is None:
        dims = list(range(rank)) if s is None else list(range(rank - len(s), rank))
    else:
        dims = [axis_of(axis, rank) for axis in ((dim,) if isinstance(dim, int) else dim)]
    sizes = [None] * len(dims) if s is None else [None if n == -1 else n for n in ((s,) if isinstance(s, int) else s)]
    if len(set(dims)) != len(dims) or len(sizes) != len(dims):
        raise BadArgument('FFT dims must be unique, and there must be as many sizes as dims')
    return dims, sizes


def fftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    for axis, n in zip(*_axes(input, s, dim)):
        input = fft(input, n, axis, norm)
    return input


def ifftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    for axis, n in zip(*_axes(input, s, dim)):
        input = ifft(input, n, axis, norm)
    return input


def rfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Any:
    """Half of the frequencies along the last of the axes."""
    dims, sizes = _axes(input, s, dim)
    result = rfft(input, sizes[-1], dims[-1], norm)
    for axis, n in zip(dims[:-1], sizes[:-1]):
        result = fft(result, n, axis, norm)
    return result


def irfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None, *, out: Any = None) -> Tensor:
    dims, sizes = _axes(input, s, dim)
    for axis, n in zip(dims[:-1], sizes[:-1]):
        input = ifft(input, n, axis, norm)
    return irfft(input, sizes[-1], dims[-1], norm)


def fft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    return fftn(input, s, dim, norm)


def ifft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    return ifftn(input, s, dim, norm)


def rfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Any:
    return rfftn(input, s, dim, norm)


def irfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None, *, out: Any = None) -> Tensor:
    return irfftn(input, s, dim, norm)


def _shifted(input: Any, dim: Any, inverse: bool) -> Any:
    dims: Sequence[int] = list(range(input.ndim)) if dim is None else [dim] if isinstance(dim, int) else list(dim)
    shifts = [(input.shape[axis] + inverse) // 2 for axis in dims]
    move: Callable[[Any], Any] = lambda x: rearranging.roll(x, shifts, [axis_of(axis, input.ndim) for axis in dims])
    return made(*map(move, input._parts)) if isinstance(input, ComplexTensor) else move(input)


def fftshift(input: Any, dim: Any = None) -> Any:
    """Frequency nought in the middle."""
    return _shifted(input, dim, False)


def ifftshift(input: Any, dim: Any = None) -> Any:
    return _shifted(input, dim, True)


def fftfreq(n: int, d: float = 1.0, *, dtype: Any = None, device: Any = None, **_: Any) -> Tensor:
    """0, 1, ..., then the negative ones, each over n d."""
    return as_tensor([(k if k < (n + 1) // 2 else k - n) / (n * d) for k in range(n)], dtype or float32)


def rfftfreq(n: int, d: float = 1.0, *, dtype: Any = None, device: Any = None, **_: Any) -> Tensor:
    return as_tensor([k / (n * d) for k in range(n // 2 + 1)], dtype or float32)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return refused(f'torch.fft.{name}')
