"""Dropping of whole regions (Ghiasi et al. 2018, arXiv:1810.12890)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F


def drop_block2d(input: Any, p: float, block_size: int, inplace: bool = False, eps: float = 1e-6, training: bool = True) -> Any:
    return _dropped(input, p, block_size, inplace, eps, training, 2)


def drop_block3d(input: Any, p: float, block_size: int, inplace: bool = False, eps: float = 1e-6, training: bool = True) -> Any:
    return _dropped(input, p, block_size, inplace, eps, training, 3)


def _dropped(input: Any, p: float, block: int, inplace: bool, eps: float, training: bool, count: int) -> Any:
    """Zeroes blocks around points drawn at such a rate that the share p is lost, and scales up what is left."""
    if not training or p == 0:
        return input
    batch, channels, *spatial = input.shape
    block = min(block, *spatial)
    rate = p / block**count
    for n in spatial:
        rate *= n / (n - block + 1)
    points = (torch.rand(batch, channels, *(n - block + 1 for n in spatial)) < rate).float()
    points = F.pad(points, (block // 2,) * (2 * count))
    pool = (F.max_pool2d, F.max_pool3d)[count - 2]
    mask = 1 - pool(points, block, 1, block // 2)
    scale = mask.numel() / (mask.sum() + eps)
    return input.mul_(mask).mul_(scale) if inplace else input * mask * scale


class DropBlock2d(nn.Module):
    def __init__(self, p: float, block_size: int, inplace: bool = False, eps: float = 1e-6) -> None:
        super().__init__()
        self.p, self.block_size, self.inplace, self.eps = p, block_size, inplace, eps

    def forward(self, input: Any) -> Any:
        return drop_block2d(input, self.p, self.block_size, self.inplace, self.eps, self.training)


class DropBlock3d(DropBlock2d):
    def forward(self, input: Any) -> Any:
        return drop_block3d(input, self.p, self.block_size, self.inplace, self.eps, self.training)
