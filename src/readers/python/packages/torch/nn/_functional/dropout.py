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


def _shared(input: Tensor, channel: int) -> list[int]:
    """The axes behind that of the channels, along which the draw of a channel is shared."""
    return list(range(channel + 1, input.ndim))


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    return _dropped(input, p, training, inplace, _shared(input, 0 if input.ndim == 2 else 1))


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Whole channels of [N, C, H, W]; of [N, C, L] as well, and single numbers of [N, C], as PyTorch has it."""
    return _dropped(input, p, training, inplace, _shared(input, 1))


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Whole channels of [N, C, D, H, W]; with any other number of axes PyTorch takes the first for the channels."""
    return _dropped(input, p, training, inplace, _shared(input, 1 if input.ndim == 5 else 0))


def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    return _dropped(input, p, training, inplace, list(range(2, input.ndim)), True)
