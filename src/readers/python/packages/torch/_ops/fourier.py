"""The discrete Fourier transform as matrix products with constant sines and cosines: a linear map, and its gradient with it.

X[k] = sum_t x[t] exp(-2 pi i k t / n), the inverse with the other sign; scaling is up to the caller. Long transforms of
n = a b points are made of a and of b points (Cooley and Tukey, 1965), so that the matrices stay small.
"""

from __future__ import annotations

import math
from typing import Any

from gradient_lens.errors import TooLarge
from gradient_lens.value import constant

from .._complex import Parts
from .._tensor import Tensor, wrap

#: Longest transform that is one matrix.
_DIRECT = 64
#: Largest prime whose matrix is written out.
_LARGEST_PRIME = 1024


def transform(parts: Parts, inverse: bool) -> Parts:
    """[..., n] to [..., n] along the last axis."""
    n = parts.real.shape[-1]
    factor = _factor(n)
    return _direct(parts, n, inverse) if factor is None else _composed(parts, factor, n // factor, inverse)


def _factor(n: int) -> int | None:
    """The divisor nearest below the root; None where the transform is one matrix."""
    if n <= _DIRECT:
        return None
    for divisor in range(math.isqrt(n), 1, -1):
        if n % divisor == 0:
            return divisor
    if n > _LARGEST_PRIME:
        raise TooLarge(f'a Fourier transform of {n} points, a prime number, is more than is computed here; take a power of two')
    return None


def _waves(rows: int, columns: int, n: int) -> tuple[Tensor, Tensor]:
    """cos and sin of 2 pi i j / n, both [rows, columns]."""
    cosines = [math.cos(2 * math.pi * k / n) for k in range(n)]
    sines = [math.sin(2 * math.pi * k / n) for k in range(n)]
    shape = (rows, columns)

    def table(line: list[float]) -> Tensor:
        return wrap(constant([line[i * j % n] for i in range(rows) for j in range(columns)], shape, 'float'))

    return table(cosines), table(sines)


def _turned(parts: Parts, cosine: Any, sine: Any, inverse: bool, product: Any) -> Parts:
    """The product with cos - i sin, of the inverse with cos + i sin."""
    real, imag = parts
    if imag is None:
        turned = product(real, sine)
        return Parts(product(real, cosine), turned if inverse else -turned)
    if inverse:
        return Parts(product(real, cosine) - product(imag, sine), product(imag, cosine) + product(real, sine))
    return Parts(product(real, cosine) + product(imag, sine), product(imag, cosine) - product(real, sine))


def _direct(parts: Parts, n: int, inverse: bool) -> Parts:
    return _turned(parts, *_waves(n, n, n), inverse, lambda x, table: x @ table)


def _composed(parts: Parts, a: int, b: int, inverse: bool) -> Parts:
    """With t = b t1 + t2 and k = k1 + a k2: transforms along t1, a turn by k1 t2 / n, transforms along t2."""
    lead = tuple(parts.real.shape[:-1])
    columns = _each(parts, lambda x: x.reshape(*lead, a, b).transpose(-1, -2))
    rows = _each(transform(columns, inverse), lambda x: x.transpose(-1, -2))
    turned = _turned(rows, *_waves(a, b, a * b), inverse, lambda x, table: x * table)
    return _each(transform(turned, inverse), lambda x: x.transpose(-1, -2).reshape(*lead, a * b))


def _each(parts: Parts, function: Any) -> Parts:
    return Parts(function(parts.real), None if parts.imag is None else function(parts.imag))
