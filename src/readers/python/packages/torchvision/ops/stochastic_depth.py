"""Residual branches switched off at random (Huang et al. 2016, arXiv:1603.09382)."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument
from torch import nn
from torch._ops.random import dropout_value
from torch._tensor import Tensor, read, wrap


def stochastic_depth(input: Tensor, p: float, mode: str, training: bool = True) -> Tensor:
    """Whole samples ('row') or the whole batch are zeroed at rate p, the rest scaled by 1 / (1 - p)."""
    if not 0 <= p <= 1:
        raise BadArgument(f'drop probability has to be between 0 and 1, but got {p}')
    if mode not in ('batch', 'row'):
        raise BadArgument(f"mode has to be either 'batch' or 'row', but got {mode}")
    if not training or p == 0:
        return input
    shared = list(range(0 if mode == 'batch' else 1, input.ndim))
    return wrap(dropout_value(read(input), p, shared), input.dtype)


class StochasticDepth(nn.Module):
    def __init__(self, p: float, mode: str) -> None:
        super().__init__()
        self.p, self.mode = p, mode

    def forward(self, input: Any) -> Any:
        return stochastic_depth(input, self.p, self.mode, self.training)

    def extra_repr(self) -> str:
        return f'p={self.p}, mode={self.mode}'
