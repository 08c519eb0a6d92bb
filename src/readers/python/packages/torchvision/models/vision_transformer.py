"""Vision transformers: Dosovitskiy et al. 2020 (arXiv:2010.11929)."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch
from gradient_lens.errors import ShapeMismatch
from torch import nn

from ..ops import MLP, Conv2dNormActivation
from ._weights import builder


class ConvStemConfig(NamedTuple):
    out_channels: int
    kernel_size: int
    stride: int
    norm_layer: Any = nn.BatchNorm2d
    activation_layer: Any = nn.ReLU


class MLPBlock(MLP):
    def __init__(self, in_dim: int, mlp_dim: int, dropout: float) -> None:
        super().__init__(in_dim, [mlp_dim, in_dim], activation_layer=nn.GELU, dropout=dropout)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.normal_(module.bias, std=1e-6)


_NORM = partial(nn.LayerNorm, eps=1e-6)


class EncoderBlock(nn.Module):
    def __init__(
        self, num_heads: int, hidden_dim: int, mlp_dim: int, dropout: float, attention_dropout: float,
        norm_layer: Callable[..., Any] = _NORM,
    ) -> None:  # fmt: skip
        super().__init__()
        self.num_heads = num_heads
        self.ln_1 = norm_layer(hidden_dim)
        self.self_attention = nn.MultiheadAttention(hidden_dim, num_heads, dropout=attention_dropout, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.ln_2 = norm_layer(hidden_dim)
        self.mlp = MLPBlock(hidden_dim, mlp_dim, dropout)

    def forward(self, input: Any) -> Any:
        seen = self.ln_1(input)
        seen, _ = self.self_attention(seen, seen, seen, need_weights=False)
        x = self.dropout(seen) + input
        return x + self.mlp(self.ln_2(x))


class Encoder(nn.Module):
    def __init__(
        self, seq_length: int, num_layers: int, num_heads: int, hidden_dim: int, mlp_dim: int, dropout: float,
        attention_dropout: float, norm_layer: Callable[..., Any] = _NORM,
    ) -> None:  # fmt: skip
        super().__init__()
        self.pos_embedding = nn.Parameter(torch.empty(1, seq_length, hidden_dim).normal_(std=0.02))
        self.dropout = nn.Dropout(dropout)
        blocks: OrderedDict[str, Any] = OrderedDict()
        for place in range(num_layers):
            blocks[f'encoder_layer_{place}'] = EncoderBlock(
                num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer
            )
        self.layers = nn.Sequential(blocks)
        self.ln = norm_layer(hidden_dim)

    def forward(self, input: Any) -> Any:
        return self.ln(self.layers(self.dropout(input + self.pos_embedding)))


class VisionTransformer(nn.Module):
    def __init__(
        self, image_size: int, patch_size: int, num_layers: int, num_heads: int, hidden_dim: int, mlp_dim: int,
        dropout: float = 0.0, attention_dropout: float = 0.0, num_classes: int = 1000,
        representation_size: int | None = None, norm_layer: Callable[..., Any] = _NORM, conv_stem_configs: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.image_size, self.patch_size, self.hidden_dim = image_size, patch_size, hidden_dim
        self.mlp_dim, self.num_classes = mlp_dim, num_classes
        self.conv_proj = self._stem(conv_stem_configs)
        length = (image_size // patch_size) ** 2 + 1
        self.class_token = nn.Parameter(torch.zeros(1, 1, hidden_dim))
        self.encoder = Encoder(
            length, num_layers, num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer
        )
        self.seq_length = length
        head: OrderedDict[str, nn.Module] = OrderedDict()
        if representation_size is None:
            head['head'] = nn.Linear(hidden_dim, num_classes)
        else:
            before = nn.Linear(hidden_dim, representation_size)
            nn.init.trunc_normal_(before.weight, std=math.sqrt(1 / hidden_dim))
            nn.init.zeros_(before.bias)
            head.update(pre_logits=before, act=nn.Tanh(), head=nn.Linear(representation_size, num_classes))
        self.heads = nn.Sequential(head)
        last: Any = self.heads.head
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def _stem(self, configs: Any) -> nn.Module:
        if configs is None:
            patches = nn.Conv2d(3, self.hidden_dim, self.patch_size, self.patch_size)
            nn.init.trunc_normal_(patches.weight, std=math.sqrt(1 / (3 * self.patch_size**2)))
            nn.init.zeros_(patches.bias)
            return patches
        stem = nn.Sequential()
        channels = 3
        for place, config in enumerate(configs):
            unit = Conv2dNormActivation(
                channels, config.out_channels, config.kernel_size, config.stride, norm_layer=config.norm_layer,
                activation_layer=config.activation_layer,
            )  # fmt: skip
            stem.add_module(f'conv_bn_relu_{place}', unit)
            channels = config.out_channels
        last = nn.Conv2d(channels, self.hidden_dim, 1)
        nn.init.normal_(last.weight, std=math.sqrt(2.0 / self.hidden_dim))
        nn.init.zeros_(last.bias)
        stem.add_module('conv_last', last)
        return stem

    def _process_input(self, x: Any) -> Any:
        """Pictures [N, 3, H, W] to patches [N, L, hidden]."""
        if tuple(x.shape[-2:]) != (self.image_size, self.image_size):
            raise ShapeMismatch(
                f'Wrong image size! Expected {self.image_size}x{self.image_size} but got {x.shape[-2]}x{x.shape[-1]}!'
            )
        return self.conv_proj(x).flatten(2).transpose(1, 2)

    def forward(self, x: Any) -> Any:
        patches = self._process_input(x)
        tokens = torch.cat([self.class_token.expand(patches.shape[0], -1, -1), patches], 1)
        return self.heads(self.encoder(tokens)[:, 0])


def _sized(image_size: int = 224, **options: Any) -> VisionTransformer:
    return VisionTransformer(image_size, **options)


_BASE = {'num_layers': 12, 'num_heads': 12, 'hidden_dim': 768, 'mlp_dim': 3072}
_LARGE = {'num_layers': 24, 'num_heads': 16, 'hidden_dim': 1024, 'mlp_dim': 4096}
_HUGE = {'num_layers': 32, 'num_heads': 16, 'hidden_dim': 1280, 'mlp_dim': 5120}
vit_b_16 = builder('vit_b_16', _sized, patch_size=16, **_BASE)
vit_b_32 = builder('vit_b_32', _sized, patch_size=32, **_BASE)
vit_l_16 = builder('vit_l_16', _sized, patch_size=16, **_LARGE)
vit_l_32 = builder('vit_l_32', _sized, patch_size=32, **_LARGE)
vit_h_14 = builder('vit_h_14', _sized, patch_size=14, **_HUGE)
