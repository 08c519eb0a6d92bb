"""Dropout layers."""

from __future__ import annotations

from typing import Callable

from gradient_lens.errors import BadArgument

from ..._tensor import Tensor
from .. import functional as F
from .layer import Layer


class _Dropout(Layer):
    _function: Callable[..., Tensor]

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise BadArgument(f'dropout probability has to be between 0 and 1, but got {p}')
        self.p, self.inplace = p, inplace

    def forward(self, input: Tensor) -> Tensor:
        return type(self)._function(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f'p={self.p}, inplace={self.inplace}'


class Dropout(_Dropout):
    _function = staticmethod(F.dropout)


class Dropout1d(_Dropout):
    _function = staticmethod(F.dropout1d)


class Dropout2d(_Dropout):
    _function = staticmethod(F.dropout2d)


class Dropout3d(_Dropout):
    _function = staticmethod(F.dropout3d)


class AlphaDropout(_Dropout):
    _function = staticmethod(F.alpha_dropout)


class FeatureAlphaDropout(_Dropout):
    _function = staticmethod(F.feature_alpha_dropout)
