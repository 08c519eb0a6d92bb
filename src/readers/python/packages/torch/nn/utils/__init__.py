"""`torch.nn.utils`."""

from __future__ import annotations

from typing import Any, Iterable

from gradient_lens.errors import UnsupportedOp

from ..._ops.creation import empty_value
from ..._ops.joining import cat
from ..._tensor import Tensor
from . import parametrizations, parametrize, prune, rnn, stateless
from .parametrizations import remove_spectral_norm, remove_weight_norm
from .parametrizations import spectral_norm_by_hook as spectral_norm
from .parametrizations import weight_norm_by_hook as weight_norm


def clip_grad_norm_(
    parameters: Any, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: Any = None
) -> Tensor:
    """Gradients are measured before they are clipped; the total is not known here."""
    from ..._ops.creation import zeros

    return zeros(())


def clip_grad_value_(parameters: Any, clip_value: float, foreach: Any = None) -> None:
    return None


clip_grad_norm = clip_grad_norm_


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    return cat([parameter.reshape(-1) for parameter in parameters])  # type: ignore[attr-defined]


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    raise UnsupportedOp('nn.utils.vector_to_parameters')


def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: bool = False) -> Any:
    raise UnsupportedOp('nn.utils.fuse_conv_bn_eval')


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    raise UnsupportedOp('nn.utils.fuse_linear_bn_eval')


def skip_init(module_cls: Any, *args: Any, **kwargs: Any) -> Any:
    """A layer whose memory is left as it is found."""
    made = module_cls(*args, **kwargs)
    for parameter in made.parameters():
        parameter._record.write(empty_value(tuple(parameter.shape), 'float'))
    return made


def convert_conv2d_weight_memory_format(module: Any, memory_format: Any) -> Any:
    return module


convert_conv3d_weight_memory_format = convert_conv2d_weight_memory_format


def get_total_norm(tensors: Any, norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: Any = None) -> Tensor:
    return clip_grad_norm_(tensors, 0.0)


def clip_grads_with_norm_(parameters: Any, max_norm: float, total_norm: Any, foreach: Any = None) -> None:
    return None


__all__ = [
    'clip_grad_norm', 'clip_grad_norm_', 'clip_grad_value_', 'clip_grads_with_norm_',
    'convert_conv2d_weight_memory_format', 'convert_conv3d_weight_memory_format', 'fuse_conv_bn_eval',
    'fuse_linear_bn_eval', 'get_total_norm', 'parameters_to_vector', 'parametrizations', 'parametrize', 'prune',
    'remove_spectral_norm', 'remove_weight_norm', 'rnn', 'skip_init', 'spectral_norm', 'stateless',
    'vector_to_parameters', 'weight_norm',
]  # fmt: skip
