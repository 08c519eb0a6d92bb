"""Dense layers."""

from __future__ import annotations

from typing import Any

from ..._convert import size
from ..._tensor import Tensor
from .. import functional as F
from .layer import Layer, default_bound, parameter, uniform_contents


class Linear(Layer):
    """x @ weight.T + bias; weight [out, in]."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None) -> None:
        super().__init__()
        self.in_features = size(in_features)
        self.out_features = size(out_features)
        self.weight = parameter((self.out_features, self.in_features))
        self.register_parameter('bias', parameter((self.out_features,)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        self.start_weight_and_bias(self.weight.shape[1])

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f'in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}'


class NonDynamicallyQuantizableLinear(Linear):
    """The output projection of `MultiheadAttention`."""


class Bilinear(Layer):
    """x1^T W x2 + bias; weight [out, in1, in2]."""

    def __init__(
        self, in1_features: int, in2_features: int, out_features: int, bias: bool = True, device: Any = None,
        dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        self.weight = parameter((out_features, in1_features, in2_features))
        self.register_parameter('bias', parameter((out_features,)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """U(-1/sqrt(in1), 1/sqrt(in1))"""
        bound = default_bound(self.in1_features)
        for name, held in self._parameters.items():
            if held is not None:
                self.start(name, uniform_contents(bound, tuple(held.shape)))

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f'in1_features={self.in1_features}, in2_features={self.in2_features}, out_features={self.out_features}'


class Identity(Layer):
    """Gives its input back; takes any arguments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Any) -> Any:
        return input


class Flatten(Layer):
    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f'start_dim={self.start_dim}, end_dim={self.end_dim}'


class Unflatten(Layer):
    def __init__(self, dim: int, unflattened_size: Any) -> None:
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f'dim={self.dim}, unflattened_size={self.unflattened_size}'
