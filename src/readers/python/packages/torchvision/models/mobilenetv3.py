"""MobileNetV3: Howard et al. 2019 (arXiv:1905.02244)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from ..ops import Conv2dNormActivation, SqueezeExcitation
from ._weights import builder, divisible


class InvertedResidualConfig:
    def __init__(
        self, input_channels: int, kernel: int, expanded_channels: int, out_channels: int, use_se: bool, activation: str,
        stride: int, dilation: int, width_mult: float,
    ) -> None:  # fmt: skip
        self.input_channels = self.adjust_channels(input_channels, width_mult)
        self.kernel = kernel
        self.expanded_channels = self.adjust_channels(expanded_channels, width_mult)
        self.out_channels = self.adjust_channels(out_channels, width_mult)
        self.use_se, self.use_hs = use_se, activation == 'HS'
        self.stride, self.dilation = stride, dilation

    @staticmethod
    def adjust_channels(channels: int, width_mult: float) -> int:
        return divisible(channels * width_mult)


_SCALING = partial(SqueezeExcitation, scale_activation=nn.Hardsigmoid)


class InvertedResidual(nn.Module):
    def __init__(self, cnf: Any, norm_layer: Callable[..., Any], se_layer: Callable[..., Any] = _SCALING) -> None:
        super().__init__()
        self.use_res_connect = cnf.stride == 1 and cnf.input_channels == cnf.out_channels
        wide = cnf.expanded_channels
        unit: Any = partial(
            Conv2dNormActivation, norm_layer=norm_layer, activation_layer=nn.Hardswish if cnf.use_hs else nn.ReLU
        )
        layers: list[nn.Module] = []
        if wide != cnf.input_channels:
            layers.append(unit(cnf.input_channels, wide, kernel_size=1))
        # Dilation takes the place of the stride.
        stride = 1 if cnf.dilation > 1 else cnf.stride
        layers.append(unit(wide, wide, kernel_size=cnf.kernel, stride=stride, dilation=cnf.dilation, groups=wide))
        if cnf.use_se:
            layers.append(se_layer(wide, divisible(wide // 4)))
        layers.append(Conv2dNormActivation(wide, cnf.out_channels, 1, norm_layer=norm_layer, activation_layer=None))
        self.block = nn.Sequential(*layers)
        self.out_channels = cnf.out_channels
        self._is_cn = cnf.stride > 1

    def forward(self, input: Any) -> Any:
        result = self.block(input)
        return result + input if self.use_res_connect else result


class MobileNetV3(nn.Module):
    def __init__(
        self, inverted_residual_setting: Sequence[Any], last_channel: int, num_classes: int = 1000, block: Any = None,
        norm_layer: Any = None, dropout: float = 0.2, **_: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        block = block or InvertedResidual
        norm_layer = norm_layer or partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)
        unit = partial(Conv2dNormActivation, norm_layer=norm_layer, activation_layer=nn.Hardswish)
        layers: list[nn.Module] = [unit(3, inverted_residual_setting[0].input_channels, kernel_size=3, stride=2)]
        layers += [block(config, norm_layer) for config in inverted_residual_setting]
        channels = inverted_residual_setting[-1].out_channels
        layers.append(unit(channels, 6 * channels, kernel_size=1))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(
            nn.Linear(6 * channels, last_channel), nn.Hardswish(inplace=True), nn.Dropout(dropout, inplace=True),
            nn.Linear(last_channel, num_classes),
        )  # fmt: skip
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode='fan_out')
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


#: Channels in, kernel, wide, out, squeeze and excite, activation, stride. The last three are the tail.
_LARGE = (
    (16, 3, 16, 16, False, 'RE', 1), (16, 3, 64, 24, False, 'RE', 2), (24, 3, 72, 24, False, 'RE', 1),
    (24, 5, 72, 40, True, 'RE', 2), (40, 5, 120, 40, True, 'RE', 1), (40, 5, 120, 40, True, 'RE', 1),
    (40, 3, 240, 80, False, 'HS', 2), (80, 3, 200, 80, False, 'HS', 1), (80, 3, 184, 80, False, 'HS', 1),
    (80, 3, 184, 80, False, 'HS', 1), (80, 3, 480, 112, True, 'HS', 1), (112, 3, 672, 112, True, 'HS', 1),
    (112, 5, 672, 160, True, 'HS', 2), (160, 5, 960, 160, True, 'HS', 1), (160, 5, 960, 160, True, 'HS', 1),
)  # fmt: skip
_SMALL = (
    (16, 3, 16, 16, True, 'RE', 2), (16, 3, 72, 24, False, 'RE', 2), (24, 3, 88, 24, False, 'RE', 1),
    (24, 5, 96, 40, True, 'HS', 2), (40, 5, 240, 40, True, 'HS', 1), (40, 5, 240, 40, True, 'HS', 1),
    (40, 5, 120, 48, True, 'HS', 1), (48, 5, 144, 48, True, 'HS', 1), (48, 5, 288, 96, True, 'HS', 2),
    (96, 5, 576, 96, True, 'HS', 1), (96, 5, 576, 96, True, 'HS', 1),
)  # fmt: skip


def _built(
    rows: Any, last: int, width_mult: float = 1.0, reduced_tail: bool = False, dilated: bool = False, **options: Any
) -> MobileNetV3:
    """`reduced_tail` halves the tail's widths, `dilated` widens its kernels' reach in place of the stride."""
    share = 2 if reduced_tail else 1
    stages: list[Any] = []
    for place, (channels, kernel, wide, out, scaled, activation, stride) in enumerate(rows):
        tail = len(rows) - place
        if tail <= 3:
            out //= share
        if tail <= 2:
            channels, wide = channels // share, wide // share
        reach = 2 if dilated and tail <= 3 else 1
        stages.append(InvertedResidualConfig(channels, kernel, wide, out, scaled, activation, stride, reach, width_mult))
    return MobileNetV3(stages, divisible(last // share * width_mult), **options)


mobilenet_v3_large = builder('mobilenet_v3_large', _built, rows=_LARGE, last=1280)
mobilenet_v3_small = builder('mobilenet_v3_small', _built, rows=_SMALL, last=1024)
