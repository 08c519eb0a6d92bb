"""Functions of `torch` that are those of `torch.nn.functional`, and forms in place of the methods."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from . import _refused
from ._tensor import Tensor
from .nn import functional as F

#: Those with the same arguments in the same order.
_SAME = (
    'adaptive_avg_pool1d adaptive_max_pool1d alpha_dropout avg_pool1d bilinear celu conv1d conv2d conv3d conv_transpose1d '
    'conv_transpose2d conv_transpose3d cosine_similarity feature_alpha_dropout hardshrink max_pool1d max_pool2d max_pool3d '
    'pairwise_distance prelu rrelu selu threshold'
)


def layer_norm(
    input: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5, cudnn_enable: bool = True
) -> Tensor:
    return F.layer_norm(input, normalized_shape, weight, bias, eps)


def rms_norm(input: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Tensor:
    return F.rms_norm(input, normalized_shape, weight, eps)


def group_norm(
    input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5, cudnn_enabled: bool = True
) -> Tensor:
    return F.group_norm(input, num_groups, weight, bias, eps)


def batch_norm(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, training: bool, momentum: float, eps: float,
    cudnn_enabled: bool = True,
) -> Tensor:  # fmt: skip
    return F.batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


def instance_norm(
    input: Any, weight: Any, bias: Any, running_mean: Any, running_var: Any, use_input_stats: bool, momentum: float,
    eps: float, cudnn_enabled: bool = True,
) -> Tensor:  # fmt: skip
    return F.instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


def embedding(
    weight: Any, indices: Any, padding_idx: int = -1, scale_grad_by_freq: bool = False, sparse: bool = False
) -> Tensor:
    """The table first, unlike `torch.nn.functional.embedding`."""
    return F.embedding(indices, weight, None if padding_idx == -1 else padding_idx, scale_grad_by_freq=scale_grad_by_freq)


def constant_pad_nd(input: Any, pad: Any, value: float = 0) -> Tensor:
    return F.pad(input, pad, 'constant', value)


_OWN = (layer_norm, rms_norm, group_norm, batch_norm, instance_norm, embedding, constant_pad_nd)


def _in_place(name: str) -> Callable[..., Any]:
    def function(input: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(input, name)(*args, **kwargs)

    function.__name__ = name
    return function


def install(torch: ModuleType) -> None:
    for name in _SAME.split():
        setattr(torch, name, getattr(F, name))
    for function in _OWN:
        setattr(torch, function.__name__, function)
    for name in dir(Tensor):
        if name.endswith('_') and not name.startswith('_') and name not in vars(F) and name not in vars(torch):
            setattr(torch, name, _in_place(name))
    for name in 'relu_ selu_ celu_ rrelu_ threshold_'.split():
        setattr(torch, name, getattr(F, name))
    for name in 'detach numel is_nonzero is_same_size is_signed'.split():
        if name not in vars(torch):
            setattr(torch, name, _in_place(name))
    _refused.install(torch)
