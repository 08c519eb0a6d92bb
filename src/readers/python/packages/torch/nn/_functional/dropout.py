"""Dropout of single elements and of whole channels."""

from __future__ import annotations

from gradient_lens.errors import BadArgument

from ..._ops.random import dropout_value
from ..._tensor import Tensor, read
from .common import deliver, floating


def _dropped(input: Tensor, p: float, training: bool, inplace: bool, shared: list[int], alpha: bool = False) -> Tensor:
    if not 0 <= p <= 1:
        raise BadArgument(f'dropout probability has to be between 0 and 1, but got {p}')
    if not training or p == 0:
        return input
    floating(input, 'dropout')
    return deliver(input, dropout_value(read(input), p, shared, alpha), inplace)


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    return _dropped(input, p, training, inplace, [])


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """Keeps mean and variance under SELU (Klambauer et al. 2017)."""
    return _dropped(input, p, training, inplace, [], True)


def _channels(input: Tensor, spatial: int) -> list[int]:
    """The axes along which a channel's one draw is shared."""
    rank = len(input.shape)
    return list(range(max(rank - spatial, 0), rank))


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    return _dropped(input, p, training, inplace, _channels(input, 1))


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Whole channels of [N, C, H, W]; of three dims the last is shared, as PyTorch reads them as [N, C, L]."""
    return _dropped(input, p, training, inplace, _channels(input, 1 if input.ndim == 3 else 2))


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    return _dropped(input, p, training, inplace, _channels(input, 3))


def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    return _dropped(input, p, training, inplace, list(range(2, input.ndim)), True)
