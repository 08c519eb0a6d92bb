"""Activations and functions of single elements (keras.ops and keras.activations)."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.value import Value, cut, emit

from .._tensor import Tensor, operation, value_of, wrap
from .._types import dtype_named, kind_of_dtype
from .common import axis_of, pair, unary

_PLAIN = (
    'relu sigmoid tanh selu silu mish exp expm1 log log1p sqrt rsqrt reciprocal sin cos tan sinh cosh '
    'erf floor ceil round'
).split()
_RENAMED = {
    'softsign': 'softSign', 'log_sigmoid': 'logSigmoid', 'tanh_shrink': 'tanhShrink', 'arcsin': 'asin', 'arccos': 'acos',
    'arctan': 'atan', 'hard_silu': 'hardSwish',
}  # fmt: skip


def _unary(name: str, op: str) -> Any:
    def run(x: Any, name: str | None = None) -> Tensor:
        return unary(op, x)

    run.__name__ = name
    return operation(run)


FUNCTIONS: dict[str, Any] = {name: _unary(name, name) for name in _PLAIN}
FUNCTIONS.update({name: _unary(name, op) for name, op in _RENAMED.items()})
FUNCTIONS['swish'] = FUNCTIONS['silu']
FUNCTIONS['hard_swish'] = FUNCTIONS['hard_silu']


def _same(op: str, x: Any) -> Tensor:
    return wrap(p.same(op, value_of(x)))


@operation
def negative(x: Any, name: str | None = None) -> Tensor:
    return _same('neg', x)


@operation
def absolute(x: Any, name: str | None = None) -> Tensor:
    return _same('abs', x)


@operation
def sign(x: Any, name: str | None = None) -> Tensor:
    return _same('sign', x)


@operation
def square(x: Any, name: str | None = None) -> Tensor:
    return _same('square', x)


@operation
def logical_not(x: Any, name: str | None = None) -> Tensor:
    return wrap(emit('logicalNot', {}, (p.cast(value_of(x), 'bool'),), value_of(x).shape, 'bool'))


@operation
def isnan(x: Any, name: str | None = None) -> Tensor:
    return wrap(emit('isNan', {}, (value_of(x),), value_of(x).shape, 'bool'))


@operation
def identity(x: Any, name: str | None = None) -> Tensor:
    return wrap(value_of(x))


def linear(x: Any) -> Any:
    return x


@operation
def stop_gradient(x: Any, name: str | None = None) -> Tensor:
    value = value_of(x)
    return wrap(cut(value) if value.live else value)


@operation
def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    return wrap(p.cast(value_of(x), kind_of_dtype(dtype)), dtype_named(dtype))


@operation
def clip(x: Any, x_min: Any, x_max: Any, name: str | None = None) -> Tensor:
    value = value_of(x)
    if isinstance(x_min, (int, float)) and isinstance(x_max, (int, float)):
        return wrap(p.same('clip', value, {'min': x_min, 'max': x_max}))
    low = p.binary('maximum', *pair(x, x_min))
    return wrap(p.binary('minimum', *pair(wrap(low), x_max)))


@operation
def softplus(x: Any, name: str | None = None) -> Tensor:
    # threshold: where float32 can no longer tell log(1 + e^x) from x.
    return unary('softPlus', x, {'beta': 1.0, 'threshold': 20.0})


@operation
def leaky_relu(x: Any, negative_slope: float = 0.2, alpha: float | None = None, name: str | None = None) -> Tensor:
    slope = negative_slope if alpha is None else alpha
    return unary('leakyRelu', x, {'slope': float(slope)})


@operation
def relu6(x: Any, name: str | None = None) -> Tensor:
    return unary('clip', x, {'min': 0.0, 'max': 6.0})


@operation
def hard_sigmoid(x: Any, name: str | None = None) -> Tensor:
    return unary('hardSigmoid', x, {'slope': 1 / 6, 'offset': 0.5})


@operation
def hard_tanh(x: Any) -> Tensor:
    return unary('clip', x, {'min': -1.0, 'max': 1.0})


@operation
def elu(x: Any, alpha: float = 1.0, name: str | None = None) -> Tensor:
    return unary('elu', x, {'alpha': float(alpha)})


@operation
def celu(x: Any, alpha: float = 1.0) -> Tensor:
    return unary('celu', x, {'alpha': float(alpha)})


@operation
def gelu(x: Any, approximate: bool = True, name: str | None = None) -> Tensor:
    return unary('gelu', x, {'approximate': 'tanh' if approximate else 'none'})


@operation
def soft_shrink(x: Any, threshold: float = 0.5) -> Tensor:
    return unary('softShrink', x, {'lambda': float(threshold)})


@operation
def hard_shrink(x: Any, threshold: float = 0.5) -> Tensor:
    return unary('hardShrink', x, {'lambda': float(threshold)})


@operation
def threshold(x: Any, threshold: float, default_value: float) -> Tensor:
    return unary('threshold', x, {'threshold': float(threshold), 'value': float(default_value)})


def softmax_value(value: Value, axis: Any, op: str = 'softmax') -> Value:
    """Over one axis, or over several taken together."""
    value = p.cast(value, 'float')
    rank = len(value.shape)
    if isinstance(axis, (list, tuple)):
        places = [axis_of(item, rank) for item in axis]
        if len(places) > 1:
            order = [i for i in range(rank) if i not in places] + places
            moved = p.permute(value, order)
            flat = p.reshape(moved, (*moved.shape[: rank - len(places)], _product(moved.shape[rank - len(places) :])))
            done = p.reshape(softmax_value(flat, -1, op), moved.shape)
            return p.permute(done, [order.index(i) for i in range(rank)])
        axis = places[0]
    return emit(op, {'axis': axis_of(axis, rank)}, (value,), value.shape, 'float')


def _product(shape: tuple[int, ...]) -> int:
    total = 1
    for size in shape:
        total *= size
    return total


@operation
def softmax(x: Any, axis: Any = -1, name: str | None = None) -> Tensor:
    return wrap(softmax_value(value_of(x), axis))


@operation
def log_softmax(x: Any, axis: Any = -1, name: str | None = None) -> Tensor:
    return wrap(softmax_value(value_of(x), axis, 'logSoftmax'))


FUNCTIONS.update({
    'negative': negative, 'abs': absolute, 'absolute': absolute, 'sign': sign, 'square': square, 'logical_not': logical_not,
    'isnan': isnan, 'stop_gradient': stop_gradient, 'cast': cast, 'clip': clip, 'softplus': softplus,
    'leaky_relu': leaky_relu, 'relu6': relu6, 'hard_sigmoid': hard_sigmoid, 'hard_tanh': hard_tanh, 'elu': elu,
    'celu': celu, 'gelu': gelu, 'soft_shrink': soft_shrink, 'hard_shrink': hard_shrink, 'threshold': threshold,
    'softmax': softmax, 'log_softmax': log_softmax,
})  # fmt: skip
