"""keras.activations: functions, also by name."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument
from gradient_lens.inert import Inert, inert_label

from ._ops import elementwise as _e
from ._ops.common import unary as _unary
from ._tensor import Tensor, operation
from ._tensor import value_of as _value
from ._tensor import wrap as _wrap

_F = _e.FUNCTIONS
sigmoid, tanh, selu, silu, mish = (_F[name] for name in ('sigmoid', 'tanh', 'selu', 'silu', 'mish'))
swish = silu
softsign, log_sigmoid, tanh_shrink = _F['softsign'], _F['log_sigmoid'], _F['tanh_shrink']
softplus, softmax, log_softmax, hard_sigmoid, hard_tanh = _e.softplus, _e.softmax, _e.log_softmax, _e.hard_sigmoid, _e.hard_tanh
relu6, elu, celu, linear = _e.relu6, _e.elu, _e.celu, _e.linear
soft_shrink, hard_shrink = _e.soft_shrink, _e.hard_shrink
hard_silu = hard_swish = _F['hard_silu']


@operation
def relu(x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0, *, alpha: float | None = None) -> Tensor:
    slope = float(negative_slope if alpha is None else alpha)
    value = _value(x)
    if threshold != 0:
        if slope != 0:
            from gradient_lens.errors import UnsupportedOp

            raise UnsupportedOp('a ReLU with both a threshold and a negative slope')
        value = _value(_e.threshold(x, float(threshold), 0.0))
        return _wrap(value) if max_value is None else _e.clip(_wrap(value), 0.0, float(max_value))
    if max_value is not None and slope == 0:
        return _e.clip(x, 0.0, float(max_value))
    made = _unary('relu', x) if slope == 0 else _e.leaky_relu(x, slope)
    return made if max_value is None else _F_minimum(made, float(max_value))


def _F_minimum(x: Tensor, limit: float) -> Tensor:
    from ._ops.arithmetic import FUNCTIONS

    return FUNCTIONS['minimum'](x, limit)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Tensor:
    return _e.leaky_relu(x, negative_slope)


def gelu(x: Any, approximate: bool = False) -> Tensor:
    return _e.gelu(x, approximate)


def exponential(x: Any) -> Tensor:
    return _F['exp'](x)


_NAMES = (
    'relu relu6 leaky_relu sigmoid tanh selu silu swish mish softsign log_sigmoid tanh_shrink softplus softmax log_softmax '
    'hard_sigmoid hard_tanh elu celu linear soft_shrink hard_shrink hard_silu hard_swish gelu exponential'
).split()


def get(identifier: Any) -> Any:
    """The function of a name; a function or a layer itself."""
    if identifier is None:
        return linear
    if isinstance(identifier, Inert):
        raise BadArgument(f'The activation `{inert_label(identifier)}` is not known here')
    if isinstance(identifier, str):
        if identifier not in _NAMES:
            raise BadArgument(f'Could not interpret activation function identifier: {identifier}')
        return globals()[identifier]
    if callable(identifier):
        return identifier
    raise BadArgument(f'Could not interpret activation function identifier: {identifier!r}')


def name_of(function: Any) -> str:
    return getattr(function, '__name__', type(function).__name__)


def serialize(activation: Any) -> str:
    return name_of(activation)


deserialize = get
