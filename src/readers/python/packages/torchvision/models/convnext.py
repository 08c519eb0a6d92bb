"""ConvNeXt: Liu et al. 2022 (arXiv:2201.03545)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from ..ops import Conv2dNormActivation, Permute, StochasticDepth
from ._weights import builder


class LayerNorm2d(nn.LayerNorm):
    """Layer norm over the channels of [N, C, H, W]."""

    def forward(self, input: Any) -> Any:
        last = input.permute(0, 2, 3, 1)
        return F.layer_norm(last, self.normalized_shape, self.weight, self.bias, self.eps).permute(0, 3, 1, 2)


class CNBlock(nn.Module):
    def __init__(self, dim: int, layer_scale: float, stochastic_depth_prob: float, norm_layer: Any = None) -> None:
        super().__init__()
        norm_layer = norm_layer or partial(nn.LayerNorm, eps=1e-6)
        self.block = nn.Sequential(
            nn.Conv2d(dim, dim, 7, padding=3, groups=dim), Permute([0, 2, 3, 1]), norm_layer(dim),
            nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim), Permute([0, 3, 1, 2]),
        )  # fmt: skip
        self.layer_scale = nn.Parameter(torch.ones(dim, 1, 1) * layer_scale)
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, 'row')

    def forward(self, input: Any) -> Any:
        return self.stochastic_depth(self.layer_scale * self.block(input)) + input


class CNBlockConfig(NamedTuple):
    input_channels: int
    out_channels: int | None
    num_layers: int


class ConvNeXt(nn.Module):
    def __init__(
        self, block_setting: Sequence[CNBlockConfig], stochastic_depth_prob: float = 0.0, layer_scale: float = 1e-6,
        num_classes: int = 1000, block: Any = None, norm_layer: Any = None, **_: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        block = block or CNBlock
        plain: Any = LayerNorm2d
        norm_layer = norm_layer or partial(plain, eps=1e-6)
        first = block_setting[0].input_channels
        layers: list[nn.Module] = [
            Conv2dNormActivation(3, first, 4, 4, 0, norm_layer=norm_layer, activation_layer=None, bias=True)
        ]
        total = sum(config.num_layers for config in block_setting)
        made = 0
        for config in block_setting:
            stage: list[nn.Module] = []
            for _number in range(config.num_layers):
                stage.append(block(config.input_channels, layer_scale, stochastic_depth_prob * made / (total - 1.0)))
                made += 1
            layers.append(nn.Sequential(*stage))
            if config.out_channels is not None:
                halving = nn.Conv2d(config.input_channels, config.out_channels, 2, 2)
                layers.append(nn.Sequential(norm_layer(config.input_channels), halving))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        last = block_setting[-1].out_channels or block_setting[-1].input_channels
        self.classifier = nn.Sequential(norm_layer(last), nn.Flatten(1), nn.Linear(last, num_classes))
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.trunc_normal_(module.weight, std=0.02)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        return self.classifier(self.avgpool(self.features(x)))


def _made(width: int, depth: int, stochastic_depth_prob: float, **options: Any) -> ConvNeXt:
    depths = (3, 3, depth, 3)
    widths = [width * 2**place for place in range(4)]
    stages = [CNBlockConfig(own, after, count) for own, after, count in zip(widths, [*widths[1:], None], depths)]
    return ConvNeXt(stages, stochastic_depth_prob, **options)


convnext_tiny = builder('convnext_tiny', _made, width=96, depth=9, stochastic_depth_prob=0.1)
convnext_small = builder('convnext_small', _made, width=96, depth=27, stochastic_depth_prob=0.4)
convnext_base = builder('convnext_base', _made, width=128, depth=27, stochastic_depth_prob=0.5)
convnext_large = builder('convnext_large', _made, width=192, depth=27, stochastic_depth_prob=0.5)
