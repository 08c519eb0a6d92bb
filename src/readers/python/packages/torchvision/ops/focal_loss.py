"""Focal loss (Lin et al. 2017, arXiv:1708.02002)."""

from __future__ import annotations

from typing import Any

import torch
from gradient_lens.errors import BadArgument
from torch.nn import functional as F


def sigmoid_focal_loss(inputs: Any, targets: Any, alpha: float = 0.25, gamma: float = 2, reduction: str = 'none') -> Any:
    """alpha_t (1 - p_t)^gamma of the binary cross-entropy of logits; p_t is the probability of the true class."""
    chance = torch.sigmoid(inputs)
    entropy = F.binary_cross_entropy_with_logits(inputs, targets, reduction='none')
    right = chance * targets + (1 - chance) * (1 - targets)
    loss = entropy * (1 - right) ** gamma
    if alpha >= 0:
        loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
    if reduction not in ('none', 'mean', 'sum'):
        raise BadArgument(f"Invalid Value for arg 'reduction': '{reduction}'")
    return loss if reduction == 'none' else loss.mean() if reduction == 'mean' else loss.sum()
