"""Fourier transforms of pairs (real part, imaginary part), as Keras has them: products with the matrices of the transform."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import UnsupportedOp
from gradient_lens.value import Value, constant

from .._tensor import Tensor, operation, value_of, wrap

#: The matrices have the square of this many elements.
_LONGEST = 1024


def _along(parts: tuple[Value, Value], axis: int, sign: float) -> tuple[Value, Value]:
    """exp(sign 2 pi i j k / n) summed over one axis."""
    n = parts[0].shape[axis]
    if n > _LONGEST:
        raise UnsupportedOp(f'a Fourier transform of more than {_LONGEST} points')
    angles = [2 * math.pi * (j * k % n) / n for j in range(n) for k in range(n)]
    cos = constant([math.cos(a) for a in angles], (n, n), 'float')
    sin = constant([sign * math.sin(a) for a in angles], (n, n), 'float')
    real, imaginary = (p.swap(part, axis, -1) for part in parts)
    made = (
        p.binary('sub', p.matmul(real, cos), p.matmul(imaginary, sin)),
        p.binary('add', p.matmul(real, sin), p.matmul(imaginary, cos)),
    )
    first, second = (p.swap(part, axis, -1) for part in made)
    return first, second


def _transform(name: str, axes: Sequence[int], inverse: bool = False) -> Any:
    def transform(x: Any) -> tuple[Tensor, Tensor]:
        real, imaginary = (p.cast(value_of(part), 'float') for part in x)
        size = 1
        for axis in axes:
            size *= real.shape[axis]
            real, imaginary = _along((real, imaginary), axis, 1.0 if inverse else -1.0)
        if inverse:
            share = p.fill(1 / size, (), 'float')
            real, imaginary = p.binary('mul', real, share), p.binary('mul', imaginary, share)
        return wrap(real), wrap(imaginary)

    transform.__name__ = name
    return operation(transform)


FUNCTIONS: dict[str, Any] = {
    'fft': _transform('fft', (-1,)), 'fft2': _transform('fft2', (-1, -2)), 'ifft2': _transform('ifft2', (-1, -2), inverse=True),
}  # fmt: skip
