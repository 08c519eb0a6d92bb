"""Batch, layer, group, instance, RMS and local response normalisation."""

from __future__ import annotations

from typing import Sequence

from gradient_lens import primitives as p
from gradient_lens.errors import BadState, ShapeMismatch
from gradient_lens.value import Value, emit

from ..._tensor import Tensor, read, wrap
from .common import floating


def _with(*values: Tensor | Value | None) -> tuple[Value, ...]:
    return tuple(read(v) if isinstance(v, Tensor) else v for v in values if v is not None)


def batch_norm(
    input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None = None,
    bias: Tensor | None = None, training: bool = False, momentum: float | None = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Batch statistics in training or where none are kept, else the running ones."""
    value = floating(input, 'batch_norm')
    if len(value.shape) < 2:
        raise ShapeMismatch(f'batch_norm expects at least 2 dims (batch, channels), but got shape {list(value.shape)}')
    channels = value.shape[1]
    for name, tensor in (('running_mean', running_mean), ('weight', weight)):
        if tensor is not None and tensor.numel() != channels:
            raise ShapeMismatch(f'{name} should contain {channels} elements not {tensor.numel()}')
    attributes = {'axis': 1, 'epsilon': float(eps), 'scale': weight is not None, 'offset': bias is not None}
    if training or running_mean is None or running_var is None:
        if value.size // channels == 1:
            raise BadState(
                f'Expected more than 1 value per channel when training, got input size {list(value.shape)}; '
                'give a larger batch'
            )
        return wrap(emit('batchNorm', attributes, _with(value, weight, bias), value.shape, 'float'), input.dtype)
    inputs = _with(value, running_mean, running_var, weight, bias)
    return wrap(emit('batchNormFixed', attributes, inputs, value.shape, 'float'), input.dtype)


def layer_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    value = floating(input, 'layer_norm')
    axes = _last_axes('layer_norm', value, normalized_shape)
    attributes = {'axes': axes, 'epsilon': float(eps), 'scale': weight is not None, 'offset': bias is not None}
    return wrap(emit('layerNorm', attributes, _with(value, weight, bias), value.shape, 'float'), input.dtype)


def _last_axes(what: str, value: Value, normalized_shape: Sequence[int]) -> list[int]:
    wanted = tuple(normalized_shape)
    count = len(wanted)
    if len(value.shape) < count or value.shape[len(value.shape) - count :] != wanted:
        raise ShapeMismatch(
            f'Given normalized_shape={list(wanted)}, expected input with shape [*, {", ".join(map(str, wanted))}], but got '
            f'input of size{list(value.shape)}'
        )
    return list(range(len(value.shape) - count, len(value.shape)))


#: What PyTorch takes for `eps=None`: the machine epsilon of float32.
_FLOAT32_EPSILON = 2.0**-23


def rms_norm(
    input: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    value = floating(input, 'rms_norm')
    axes = _last_axes('rms_norm', value, normalized_shape)
    epsilon = _FLOAT32_EPSILON if eps is None else float(eps)
    attributes = {'axes': axes, 'epsilon': epsilon, 'scale': weight is not None}
    return wrap(emit('rmsNorm', attributes, _with(value, weight), value.shape, 'float'), input.dtype)


def group_norm(
    input: Tensor, num_groups: int, weight: Tensor | None = None, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    value = floating(input, 'group_norm')
    if len(value.shape) < 2 or value.shape[1] % num_groups:
        raise ShapeMismatch(
            f'Expected number of channels in input to be divisible by num_groups, but got input of shape '
            f'{list(value.shape)} and num_groups={num_groups}'
        )
    if weight is not None and weight.numel() != value.shape[1]:
        raise ShapeMismatch(
            f'Expected weight to be a vector of size equal to the number of channels in input, but got weight of shape '
            f'{list(weight.shape)} and input of shape {list(value.shape)}'
        )
    return wrap(_grouped(value, num_groups, weight, bias, eps), input.dtype)


def _grouped(value: Value, groups: int, weight: Tensor | None, bias: Tensor | None, eps: float) -> Value:
    attributes = {
        'axis': 1,
        'groups': groups,
        'epsilon': float(eps),
        'scale': weight is not None,
        'offset': bias is not None,
    }
    return emit('groupNorm', attributes, _with(value, weight, bias), value.shape, 'float')


def instance_norm(
    input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None, weight: Tensor | None = None,
    bias: Tensor | None = None, use_input_stats: bool = True, momentum: float = 0.1, eps: float = 1e-5,
) -> Tensor:  # fmt: skip
    """Group norm with a group a channel; with running statistics in use, batch norm with fixed ones."""
    if not use_input_stats:
        return batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    value = floating(input, 'instance_norm')
    size = 1
    for n in value.shape[2:]:
        size *= n
    if size == 1:
        raise BadState(
            f'Expected more than 1 spatial element when training, got input size {list(value.shape)}'
        )
    return wrap(_grouped(value, value.shape[1], weight, bias, eps), input.dtype)


def local_response_norm(input: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """x / (k + alpha / size * sum over `size` neighbouring channels of x^2)^beta (Krizhevsky et al. 2012)."""
    attributes = {'axis': 1, 'size': int(size), 'alpha': float(alpha), 'beta': float(beta), 'k': float(k)}
    return wrap(p.unary('localResponseNorm', read(input), attributes), input.dtype)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8) -> Tensor:
    """x1.x2 / (max(||x1||, eps) max(||x2||, eps))"""
    from ..._ops.reductions import norm

    a = x1 / norm(x1, 2, dim, True).clamp_min(eps)
    b = x2 / norm(x2, 2, dim, True).clamp_min(eps)
    return (a * b).sum(dim)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    from ..._ops.reductions import norm

    return norm(x1 - x2 + eps, p, -1, keepdim)
