"""Stands in for numpy: small arrays are computed for real, larger ones have a shape, and the rest is unknown."""

# pyright: reportUnusedImport=false

import math as _m
from typing import Any

from gradient_lens.inert import Inert

from . import _operators, random
from ._array import ndarray
from ._create import (
    arange, array, asanyarray, asarray, ascontiguousarray, copy, empty, empty_like, eye, frombuffer, full, full_like,
    identity, linspace, logspace, meshgrid, ones, ones_like, zeros, zeros_like,
)  # fmt: skip
from ._files import genfromtxt, loadtxt
from ._math import (
    abs, absolute, add, all, amax, amin, any, arccos, arcsin, arctan, arctan2, argmax, argmin, around, average, ceil,
    clip, concatenate, cos, cosh, cumprod, cumsum, deg2rad, divide, dot, exp, expand_dims, expm1, fabs, floor, hstack, isfinite,
    isinf, isnan, log, log1p, log2, log10, matmul, max, maximum, mean, median, min, minimum, mod, multiply, power, prod,
    radians, ravel, reshape, rint, round, sign, sin, sinh, sqrt, square, squeeze, stack, std, subtract, sum, tan, tanh,
    transpose, tril, triu, true_divide, trunc, unique, var, vstack, where,
)  # fmt: skip
from ._types import (
    bool_, byte, double, dtype, float16, float32, float64, float_, floating, generic, half, int8, int16, int32, int64,
    int_, intc, integer, intp, longlong, number, single, ubyte, uint, uint8, uint16, uint32, uint64,
)  # fmt: skip

__version__ = '2.3.0'
pi, e, inf, nan = _m.pi, _m.e, _m.inf, _m.nan
newaxis = None
bool = bool_
long = int64
object_ = object
str_ = str


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'numpy.{name}')
