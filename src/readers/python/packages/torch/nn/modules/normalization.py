"""Layer, RMS, group, local response normalisation."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument

from ..._convert import size
from ..._tensor import Tensor
from .. import functional as F
from .layer import Layer, filled, parameter


def _shape(normalized_shape: Any) -> tuple[int, ...]:
    if isinstance(normalized_shape, (tuple, list)):
        return tuple(size(n) for n in normalized_shape)
    return (size(normalized_shape),)


class LayerNorm(Layer):
    def __init__(
        self, normalized_shape: Any, eps: float = 1e-5, elementwise_affine: bool = True, bias: bool = True,
        device: Any = None, dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.normalized_shape, self.eps, self.elementwise_affine = _shape(normalized_shape), eps, elementwise_affine
        self.register_parameter('weight', parameter(self.normalized_shape) if elementwise_affine else None)
        self.register_parameter('bias', parameter(self.normalized_shape) if elementwise_affine and bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        self.start('weight', filled(1, self.normalized_shape))
        self.start('bias', filled(0, self.normalized_shape))

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f'{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}'


class RMSNorm(Layer):
    def __init__(
        self, normalized_shape: Any, eps: float | None = None, elementwise_affine: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.normalized_shape, self.eps, self.elementwise_affine = _shape(normalized_shape), eps, elementwise_affine
        self.register_parameter('weight', parameter(self.normalized_shape) if elementwise_affine else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        self.start('weight', filled(1, self.normalized_shape))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f'{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}'


class GroupNorm(Layer):
    def __init__(
        self, num_groups: int, num_channels: int, eps: float = 1e-5, affine: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if num_channels % num_groups:
            raise BadArgument('num_channels must be divisible by num_groups')
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.register_parameter('weight', parameter((num_channels,)) if affine else None)
        self.register_parameter('bias', parameter((num_channels,)) if affine else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        self.start('weight', filled(1, (self.num_channels,)))
        self.start('bias', filled(0, (self.num_channels,)))

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f'{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}'


class LocalResponseNorm(Layer):
    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f'{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}'


class CrossMapLRN2d(Layer):
    """The older form of `LocalResponseNorm`."""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)
