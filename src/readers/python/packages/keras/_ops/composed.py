"""Functions of keras.ops that are other functions of it put together, each by the formula that Keras documents."""

from __future__ import annotations

import math
from typing import Any

from .._tensor import Tensor, operation, value_of
from . import arithmetic, creation, elementwise, indexing, joining, reductions

_OPS: dict[str, Any] = {
    **elementwise.FUNCTIONS, **arithmetic.FUNCTIONS, **reductions.FUNCTIONS, **joining.FUNCTIONS, **indexing.FUNCTIONS, **creation.FUNCTIONS,
}  # fmt: skip
#: `keras.config.epsilon()`
_EPSILON = 1e-7
#: What stands for minus infinity in masked scores (Keras uses the dtype's lowest number; softmax gives 0 for both).
_LOWEST = -3e38


def _tensor(x: Any) -> Any:
    return x if isinstance(x, Tensor) else _OPS['convert_to_tensor'](x)


def _float(x: Any) -> Any:
    return _OPS['cast'](_tensor(x), 'float32')


@operation
def log2(x: Any) -> Any:
    return _OPS['log'](_float(x)) * (1 / math.log(2))


@operation
def log10(x: Any) -> Any:
    return _OPS['log'](_float(x)) * (1 / math.log(10))


@operation
def exp2(x: Any) -> Any:
    return _OPS['exp'](_float(x) * math.log(2))


@operation
def deg2rad(x: Any) -> Any:
    return _float(x) * (math.pi / 180)


@operation
def hypot(x1: Any, x2: Any) -> Any:
    return _OPS['sqrt'](_OPS['square'](_float(x1)) + _OPS['square'](_float(x2)))


@operation
def logaddexp(x1: Any, x2: Any) -> Any:
    """max(a, b) + log(1 + exp(-|a - b|))"""
    a, b = _float(x1), _float(x2)
    return _OPS['maximum'](a, b) + _OPS['log1p'](_OPS['exp'](-_OPS['abs'](a - b)))


@operation
def squareplus(x: Any, b: float = 4) -> Any:
    """(x + sqrt(x^2 + b)) / 2"""
    held = _float(x)
    return (held + _OPS['sqrt'](_OPS['square'](held) + b)) * 0.5


@operation
def glu(x: Any, axis: int = -1) -> Any:
    value, gate = _OPS['split'](_tensor(x), 2, axis=axis)
    return value * _OPS['sigmoid'](gate)


@operation
def copy(x: Any) -> Any:
    return _tensor(x) + 0


@operation
def average(x: Any, axis: Any = None, weights: Any = None) -> Any:
    if weights is None:
        return _OPS['mean'](_float(x), axis=axis)
    held = _float(weights)
    return _OPS['sum'](_float(x) * held, axis=axis) / _OPS['sum'](held, axis=axis)


@operation
def append(x1: Any, x2: Any, axis: Any = None) -> Any:
    parts = [_tensor(x1), _tensor(x2)]
    if axis is None:
        parts, axis = [_OPS['ravel'](item) for item in parts], 0
    return _OPS['concatenate'](parts, axis=axis)


@operation
def hstack(xs: Any) -> Any:
    held = [_tensor(item) for item in xs]
    return _OPS['concatenate'](held, axis=0 if held[0].ndim <= 1 else 1)


@operation
def vstack(xs: Any) -> Any:
    held = [_OPS['expand_dims'](item, 0) if item.ndim == 1 else item for item in map(_tensor, xs)]
    return _OPS['concatenate'](held, axis=0)


@operation
def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    held = _tensor(a)
    for _ in range(n):
        size = value_of(held).shape[axis]
        places = list(range(size))
        held = _OPS['take'](held, places[1:], axis=axis) - _OPS['take'](held, places[:-1], axis=axis)
    return held


@operation
def outer(x1: Any, x2: Any) -> Any:
    return _OPS['reshape'](_tensor(x1), (-1, 1)) * _OPS['reshape'](_tensor(x2), (1, -1))


@operation
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    return _OPS['full'](tuple(value_of(x).shape), fill_value, dtype or _tensor(x).dtype)


@operation
def layer_normalization(x: Any, gamma: Any = None, beta: Any = None, axis: Any = -1, epsilon: Any = None) -> Any:
    held = _float(x)
    mean = _OPS['mean'](held, axis=axis, keepdims=True)
    spread = _OPS['mean'](_OPS['square'](held - mean), axis=axis, keepdims=True)
    made = (held - mean) * _OPS['rsqrt'](spread + (_EPSILON if epsilon is None else epsilon))
    made = made if gamma is None else made * gamma
    return made if beta is None else made + beta


@operation
def rms_normalization(x: Any, scale: Any = 1, axis: Any = -1, epsilon: Any = None) -> Any:
    held = _float(x)
    mean = _OPS['mean'](_OPS['square'](held), axis=axis, keepdims=True)
    return held * _OPS['rsqrt'](mean + (_EPSILON if epsilon is None else epsilon)) * scale


@operation
def dot_product_attention(
    query: Any, key: Any, value: Any, bias: Any = None, mask: Any = None, scale: Any = None, is_causal: bool = False,
    flash_attention: Any = None, attn_logits_soft_cap: Any = None,
) -> Any:  # fmt: skip
    """softmax(scale q k^T + bias) v, all [N, T, heads, size]."""
    size = value_of(query).shape[-1]
    scores = _OPS['einsum']('btnh,bsnh->bnts', query, key) * (1 / math.sqrt(size) if scale is None else scale)
    if bias is not None:
        scores = scores + bias
    if attn_logits_soft_cap is not None:
        scores = _OPS['tanh'](scores * (1 / attn_logits_soft_cap)) * attn_logits_soft_cap
    if is_causal:
        steps, seen = value_of(scores).shape[-2:]
        scores = _OPS['where'](_OPS['tril'](_OPS['ones']((steps, seen), 'bool')), scores, _LOWEST)
    if mask is not None:
        scores = _OPS['where'](_OPS['cast'](mask, 'bool'), scores, _LOWEST)
    return _OPS['einsum']('bnts,bsnh->btnh', _OPS['softmax'](scores, axis=-1), value)


@operation
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """-(t log p + (1 - t) log(1 - p)), element by element."""
    truth, given = _float(target), _float(output)
    if from_logits:
        return _OPS['relu'](given) - given * truth + _OPS['log1p'](_OPS['exp'](-_OPS['abs'](given)))
    share = _OPS['clip'](given, _EPSILON, 1 - _EPSILON)
    return -(truth * _OPS['log'](share) + (1 - truth) * _OPS['log'](1 - share))


@operation
def categorical_crossentropy(target: Any, output: Any, from_logits: bool = False, axis: int = -1) -> Any:
    """-sum(t log p) over the classes."""
    truth, given = _float(target), _float(output)
    if from_logits:
        return -_OPS['sum'](truth * _OPS['log_softmax'](given, axis=axis), axis=axis)
    share = given / _OPS['sum'](given, axis=axis, keepdims=True)
    return -_OPS['sum'](truth * _OPS['log'](_OPS['clip'](share, _EPSILON, 1 - _EPSILON)), axis=axis)


def ndim(x: Any) -> int:
    return len(value_of(x).shape)


def size(x: Any) -> int:
    return value_of(x).size


def is_tensor(x: Any) -> bool:
    return isinstance(x, Tensor)


FUNCTIONS: dict[str, Any] = {
    item.__name__: item
    for item in (
        log2, log10, exp2, deg2rad, hypot, logaddexp, squareplus, glu, copy, average, append, hstack, vstack, diff, outer, full_like,
        layer_normalization, rms_normalization, dot_product_attention, binary_crossentropy, categorical_crossentropy, ndim, size, is_tensor,
    )
}  # fmt: skip
FUNCTIONS['saturate_cast'] = _OPS['cast']
