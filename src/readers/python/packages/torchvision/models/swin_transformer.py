"""Swin transformers: Liu et al. 2021 (arXiv:2103.14030); the second version: Liu et al. 2021 (arXiv:2111.09883)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ..ops import MLP, Permute, StochasticDepth
from ._weights import builder
from ._windows import ShiftedWindowAttention, ShiftedWindowAttentionV2


def _quartered(x: Any) -> Any:
    """[..., H, W, C] to [..., H/2, W/2, 4C]; odd sizes are padded."""
    height, width = x.shape[-3:-1]
    x = F.pad(x, (0, 0, 0, width % 2, 0, height % 2))
    corners = [x[..., row::2, column::2, :] for column in (0, 1) for row in (0, 1)]
    return torch.cat(corners, -1)


class PatchMerging(nn.Module):
    def __init__(self, dim: int, norm_layer: Callable[..., Any] = nn.LayerNorm) -> None:
        super().__init__()
        self.dim = dim
        self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)
        self.norm = norm_layer(4 * dim)

    def forward(self, x: Any) -> Any:
        return self.reduction(self.norm(_quartered(x)))


class PatchMergingV2(nn.Module):
    def __init__(self, dim: int, norm_layer: Callable[..., Any] = nn.LayerNorm) -> None:
        super().__init__()
        self.dim = dim
        self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)
        self.norm = norm_layer(2 * dim)

    def forward(self, x: Any) -> Any:
        return self.norm(self.reduction(_quartered(x)))


class SwinTransformerBlock(nn.Module):
    """Norm, windowed attention, sum; norm, perceptron, sum."""

    def __init__(
        self, dim: int, num_heads: int, window_size: Sequence[int], shift_size: Sequence[int], mlp_ratio: float = 4.0,
        dropout: float = 0.0, attention_dropout: float = 0.0, stochastic_depth_prob: float = 0.0,
        norm_layer: Callable[..., Any] = nn.LayerNorm, attn_layer: Callable[..., Any] = ShiftedWindowAttention,
    ) -> None:  # fmt: skip
        super().__init__()
        self.norm1 = norm_layer(dim)
        self.attn = attn_layer(
            dim, window_size, shift_size, num_heads, attention_dropout=attention_dropout, dropout=dropout
        )
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, 'row')
        self.norm2 = norm_layer(dim)
        self.mlp = MLP(dim, [int(dim * mlp_ratio), dim], activation_layer=nn.GELU, dropout=dropout)

    def forward(self, x: Any) -> Any:
        x = x + self.stochastic_depth(self.attn(self.norm1(x)))
        return x + self.stochastic_depth(self.mlp(self.norm2(x)))


class SwinTransformerBlockV2(SwinTransformerBlock):
    """Norms after the branches."""

    def __init__(self, *args: Any, attn_layer: Callable[..., Any] = ShiftedWindowAttentionV2, **options: Any) -> None:
        super().__init__(*args, attn_layer=attn_layer, **options)

    def forward(self, x: Any) -> Any:
        x = x + self.stochastic_depth(self.norm1(self.attn(x)))
        return x + self.stochastic_depth(self.norm2(self.mlp(x)))


class SwinTransformer(nn.Module):
    def __init__(
        self, patch_size: Sequence[int], embed_dim: int, depths: Sequence[int], num_heads: Sequence[int],
        window_size: Sequence[int], mlp_ratio: float = 4.0, dropout: float = 0.0, attention_dropout: float = 0.0,
        stochastic_depth_prob: float = 0.1, num_classes: int = 1000, norm_layer: Any = None, block: Any = None,
        downsample_layer: Callable[..., Any] = PatchMerging,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_classes = num_classes
        block, norm_layer = block or SwinTransformerBlock, norm_layer or partial(nn.LayerNorm, eps=1e-5)
        size = tuple(patch_size)
        layers: list[nn.Module] = [
            nn.Sequential(nn.Conv2d(3, embed_dim, size, size), Permute([0, 2, 3, 1]), norm_layer(embed_dim))
        ]
        total, made, dim = sum(depths), 0, embed_dim
        for place, (depth, heads) in enumerate(zip(depths, num_heads)):
            stage: list[nn.Module] = []
            for number in range(depth):
                shift = [0 if number % 2 == 0 else n // 2 for n in window_size]
                stage.append(
                    block(
                        dim, heads, window_size=window_size, shift_size=shift, mlp_ratio=mlp_ratio, dropout=dropout,
                        attention_dropout=attention_dropout, norm_layer=norm_layer,
                        stochastic_depth_prob=stochastic_depth_prob * made / (total - 1),
                    )
                )  # fmt: skip
                made += 1
            layers.append(nn.Sequential(*stage))
            if place < len(depths) - 1:
                layers.append(downsample_layer(dim, norm_layer))
                dim *= 2
        self.features = nn.Sequential(*layers)
        self.norm = norm_layer(dim)
        self.permute = Permute([0, 3, 1, 2])
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten(1)
        self.head = nn.Linear(dim, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.trunc_normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        x = self.permute(self.norm(self.features(x)))
        return self.head(self.flatten(self.avgpool(x)))


def _made(embed_dim: int, middle: int, stochastic_depth_prob: float, second: bool = False, **options: Any) -> SwinTransformer:
    own: dict[str, Any] = {
        'patch_size': [4, 4], 'depths': [2, 2, middle, 2], 'num_heads': [embed_dim // 32 * 2**n for n in range(4)],
        'window_size': [8, 8] if second else [7, 7], 'embed_dim': embed_dim, 'stochastic_depth_prob': stochastic_depth_prob,
    }  # fmt: skip
    if second:
        own.update(block=SwinTransformerBlockV2, downsample_layer=PatchMergingV2)
    return SwinTransformer(**{**own, **options})


swin_t = builder('swin_t', _made, embed_dim=96, middle=6, stochastic_depth_prob=0.2)
swin_s = builder('swin_s', _made, embed_dim=96, middle=18, stochastic_depth_prob=0.3)
swin_b = builder('swin_b', _made, embed_dim=128, middle=18, stochastic_depth_prob=0.5)
swin_v2_t = builder('swin_v2_t', _made, embed_dim=96, middle=6, stochastic_depth_prob=0.2, second=True)
swin_v2_s = builder('swin_v2_s', _made, embed_dim=96, middle=18, stochastic_depth_prob=0.3, second=True)
swin_v2_b = builder('swin_v2_b', _made, embed_dim=128, middle=18, stochastic_depth_prob=0.5, second=True)
