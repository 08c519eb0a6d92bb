"""Activations: one op of the vocabulary each, or a short formula."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadType
from gradient_lens.scalars import scalar
from gradient_lens.shapes import axis_of
from gradient_lens.value import emit

from ..._convert import float_dtype
from ..._ops import elementwise
from ..._ops.random import gumbel_like
from ..._tensor import Tensor, read, wrap
from .common import deliver


def _activation(op: str, input: Tensor, inplace: bool, attributes: dict[str, Any] | None = None) -> Tensor:
    return deliver(input, p.unary(op, read(input), attributes), inplace)


def _clip(input: Tensor, low: float, high: float, inplace: bool) -> Tensor:
    return _activation('clip', input, inplace, {'min': scalar(float(low)), 'max': scalar(float(high))})


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    return deliver(input, p.same('relu', read(input)), inplace)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    return _clip(input, 0, 6, inplace)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    return _clip(input, min_val, max_val, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    return _activation('leakyRelu', input, inplace, {'slope': float(negative_slope)})


def rrelu(
    input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False, inplace: bool = False
) -> Tensor:
    """Slope drawn from U(lower, upper) in training, their mean otherwise (Xu et al. 2015)."""
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    from ..._ops.random import rand

    slope = rand(*input.shape) * (upper - lower) + lower
    value = p.where(read(input > 0), read(input), read(input * slope))
    return deliver(input, value, inplace)


def prelu(input: Tensor, weight: Tensor) -> Tensor:
    slope = read(weight)
    channels = slope.size
    if channels != 1:
        if input.ndim < 2 or input.shape[1] != channels:
            from gradient_lens.errors import ShapeMismatch

            own = input.shape[1] if input.ndim > 1 else 1
            raise ShapeMismatch(
                f'Mismatch of parameter numbers and input channel size. Found parameter numbers = {channels} and '
                f'channel size = {own}.'
            )
        slope = p.reshape(slope, (1, channels) + (1,) * (input.ndim - 2))
    return wrap(emit('prelu', {}, (read(input), slope), input.shape, 'float'), input.dtype)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    return _activation('elu', input, inplace, {'alpha': float(alpha)})


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    return _activation('celu', input, inplace, {'alpha': float(alpha)})


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    return _activation('selu', input, inplace)


def gelu(input: Tensor, approximate: str = 'none') -> Tensor:
    if approximate not in ('none', 'tanh'):
        raise BadType(f'approximate argument must be either none or tanh, got {approximate!r}.')
    return _activation('gelu', input, False, {'approximate': approximate})


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    return _activation('silu', input, inplace)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    return _activation('mish', input, inplace)


def sigmoid(input: Tensor) -> Tensor:
    return elementwise.sigmoid(input)


def tanh(input: Tensor) -> Tensor:
    return elementwise.tanh(input)


def logsigmoid(input: Tensor) -> Tensor:
    return _activation('logSigmoid', input, False)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    return _activation('hardSigmoid', input, inplace, {'slope': 1 / 6, 'offset': 0.5})


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    return _activation('hardSwish', input, inplace)


def softplus(input: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    return _activation('softPlus', input, False, {'beta': float(beta), 'threshold': float(threshold)})


def softsign(input: Tensor) -> Tensor:
    return _activation('softSign', input, False)


def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    return _activation('softShrink', input, False, {'lambda': float(lambd)})


def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    return _activation('hardShrink', input, False, {'lambda': float(lambd)})


def tanhshrink(input: Tensor) -> Tensor:
    return _activation('tanhShrink', input, False)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    return _activation('threshold', input, inplace, {'threshold': float(threshold), 'value': float(value)})


def glu(input: Tensor, dim: int = -1) -> Tensor:
    """a * sigmoid(b), a and b the halves of the input (Dauphin et al. 2017)."""
    axis = axis_of(dim, input.ndim)
    if input.shape[axis] % 2:
        from gradient_lens.errors import ShapeMismatch

        raise ShapeMismatch(f'Halving dimension must be even, but dimension {axis} is size {input.shape[axis]}')
    value = read(input)
    half = input.shape[axis] // 2
    a, b = p.narrow(value, axis, 0, half), p.narrow(value, axis, half, 2 * half)
    return wrap(p.binary('mul', a, p.unary('sigmoid', b)), input.dtype)


def _implicit_axis(rank: int) -> int:
    """PyTorch's old default of softmax without `dim`."""
    return 0 if rank in (0, 1, 3) else 1


def _normalised(op: str, input: Tensor, dim: int | None, dtype: Any) -> Tensor:
    axis = axis_of(_implicit_axis(input.ndim) if dim is None else dim, input.ndim)
    return wrap(p.unary(op, read(input), {'axis': axis}), float_dtype(dtype or input.dtype))


def softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    return _normalised('softmax', input, dim, dtype)


def log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    return _normalised('logSoftmax', input, dim, dtype)


def softmin(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None) -> Tensor:
    return _normalised('softmax', elementwise.neg(input), dim, dtype)


def gumbel_softmax(logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """softmax((logits + Gumbel noise) / tau); `hard` puts the one-hot in the forward pass only (Jang et al. 2017)."""
    soft = softmax((logits + gumbel_like(logits)) / tau, dim)
    if not hard:
        return soft
    from ..._ops.creation import one_hot

    axis = axis_of(dim, logits.ndim)
    picked = one_hot(soft.argmax(axis), logits.shape[axis]).movedim(-1, axis).to(soft.dtype)
    return picked - soft.detach() + soft


def normalize(input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Any = None) -> Tensor:
    """x / max(||x||_p, eps)"""
    from ..._ops.reductions import norm

    return input / norm(input, p, dim, True).clamp_min(eps).expand_as(input)
