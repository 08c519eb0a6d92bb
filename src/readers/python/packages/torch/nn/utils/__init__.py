"""`torch.nn.utils`."""

from __future__ import annotations

from typing import Any, Iterable

from gradient_lens.errors import UnsupportedOp

from ..._ops.joining import cat
from ..._tensor import Tensor
from . import parametrizations, rnn
from .parametrizations import remove_weight_norm, spectral_norm, weight_norm


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




__all__ = [
    'clip_grad_norm', 'clip_grad_norm_', 'clip_grad_value_', 'parameters_to_vector', 'parametrizations',
    'remove_weight_norm', 'rnn', 'spectral_norm', 'vector_to_parameters', 'weight_norm',
]  # fmt: skip
