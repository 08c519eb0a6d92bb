"""`torch.erfinv` of known numbers: quantiles of the normal distribution, as tables and directions are made of them."""

from __future__ import annotations

import math

from gradient_lens.concrete import known
from gradient_lens.value import constant

from .._convert import float_dtype
from .._refused import refused
from .._tensor import Tensor, read, wrap

_STEPS = 3


def erfinv(input: Tensor) -> Tensor:
    """The inverse of the error function; of numbers that are not known it is refused."""
    value = read(input)
    elements = known(value)
    if elements is None:
        return refused('torch.erfinv')(input)
    return wrap(constant([inverse_erf(float(x)) for x in elements], value.shape, 'float'), float_dtype(input.dtype))


def inverse_erf(x: float) -> float:
    """y with erf(y) = x; infinite at the ends of [-1, 1], not a number outside."""
    if x != x or abs(x) > 1:
        return math.nan
    if abs(x) == 1:
        return math.copysign(math.inf, x)
    rest = 1 - abs(x)
    # Winitzki, "A handy approximation for the error function and its inverse", 2008: within 2e-3.
    a = 0.147
    log = math.log(rest * (1 + abs(x)))
    half = 2 / (math.pi * a) + log / 2
    y = math.sqrt(math.sqrt(half * half - log / a) - half)
    for _ in range(_STEPS):
        # Halley's method, on the complement, which keeps its digits far out.
        error = (rest - math.erfc(y)) if y > 0.5 else (math.erf(y) - abs(x))
        step = error / (2 / math.sqrt(math.pi) * math.exp(-y * y))
        y -= step / (1 + y * step)
    return math.copysign(y, x)
