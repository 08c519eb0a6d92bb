"""EfficientNet: Tan and Le 2019 (arXiv:1905.11946); the second version: Tan and Le 2021 (arXiv:2104.00298)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from ..ops import Conv2dNormActivation, SqueezeExcitation, StochasticDepth
from ._weights import builder, divisible


class _MBConvConfig:
    """One stage: expansion, kernel, stride, channels in and out, layers, and the block it is made of."""

    def __init__(
        self, expand_ratio: float, kernel: int, stride: int, input_channels: int, out_channels: int, num_layers: int,
        block: Any,
    ) -> None:  # fmt: skip
        self.expand_ratio, self.kernel, self.stride = expand_ratio, kernel, stride
        self.input_channels, self.out_channels, self.num_layers = input_channels, out_channels, num_layers
        self.block = block

    @staticmethod
    def adjust_channels(channels: int, width_mult: float, min_value: int | None = None) -> int:
        return divisible(channels * width_mult, 8, min_value)


class MBConvConfig(_MBConvConfig):
    def __init__(
        self, expand_ratio: float, kernel: int, stride: int, input_channels: int, out_channels: int, num_layers: int,
        width_mult: float = 1.0, depth_mult: float = 1.0, block: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(
            expand_ratio, kernel, stride, divisible(input_channels * width_mult), divisible(out_channels * width_mult),
            math.ceil(num_layers * depth_mult), block or MBConv,
        )  # fmt: skip


class FusedMBConvConfig(_MBConvConfig):
    def __init__(
        self, expand_ratio: float, kernel: int, stride: int, input_channels: int, out_channels: int, num_layers: int,
        block: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(expand_ratio, kernel, stride, input_channels, out_channels, num_layers, block or FusedMBConv)


class _Residual(nn.Module):
    """A block whose result is added to its input where both have one shape."""

    def __init__(self, config: Any, stride: int, layers: list[nn.Module], rate: float) -> None:
        super().__init__()
        self.use_res_connect = stride == 1 and config.input_channels == config.out_channels
        self.block = nn.Sequential(*layers)
        self.stochastic_depth = StochasticDepth(rate, 'row')
        self.out_channels = config.out_channels

    def forward(self, input: Any) -> Any:
        result = self.block(input)
        return self.stochastic_depth(result) + input if self.use_res_connect else result


class MBConv(_Residual):
    """Widen, convolve channel by channel, squeeze and excite, narrow."""

    def __init__(self, cnf: Any, stochastic_depth_prob: float, norm_layer: Any, se_layer: Any = SqueezeExcitation) -> None:
        wide = divisible(cnf.input_channels * cnf.expand_ratio)
        unit = partial(Conv2dNormActivation, norm_layer=norm_layer, activation_layer=nn.SiLU)
        layers: list[nn.Module] = []
        if wide != cnf.input_channels:
            layers.append(unit(cnf.input_channels, wide, kernel_size=1))
        layers.append(unit(wide, wide, kernel_size=cnf.kernel, stride=cnf.stride, groups=wide))
        layers.append(se_layer(wide, max(1, cnf.input_channels // 4), activation=partial(nn.SiLU, inplace=True)))
        layers.append(Conv2dNormActivation(wide, cnf.out_channels, 1, norm_layer=norm_layer, activation_layer=None))
        super().__init__(cnf, cnf.stride, layers, stochastic_depth_prob)


class FusedMBConv(_Residual):
    """Widen by a full convolution, narrow."""

    def __init__(self, cnf: Any, stochastic_depth_prob: float, norm_layer: Any) -> None:
        wide = divisible(cnf.input_channels * cnf.expand_ratio)
        unit = partial(Conv2dNormActivation, norm_layer=norm_layer, activation_layer=nn.SiLU)
        if wide == cnf.input_channels:
            layers: list[nn.Module] = [unit(wide, cnf.out_channels, kernel_size=cnf.kernel, stride=cnf.stride)]
        else:
            narrow = Conv2dNormActivation(wide, cnf.out_channels, 1, norm_layer=norm_layer, activation_layer=None)
            layers = [unit(cnf.input_channels, wide, kernel_size=cnf.kernel, stride=cnf.stride), narrow]
        super().__init__(cnf, cnf.stride, layers, stochastic_depth_prob)


def _like(config: Any, stride: int, channels: int) -> Any:
    """A stage's later block: unit stride, the stage's own width."""
    twin = object.__new__(type(config))
    twin.__dict__.update(vars(config), stride=stride, input_channels=channels)
    return twin


class EfficientNet(nn.Module):
    def __init__(
        self, inverted_residual_setting: Sequence[Any], dropout: float, stochastic_depth_prob: float = 0.2,
        num_classes: int = 1000, norm_layer: Callable[..., Any] | None = None, last_channel: int | None = None,
        **_: Any,
    ) -> None:  # fmt: skip
        super().__init__()
        norm_layer = norm_layer or nn.BatchNorm2d
        unit = partial(Conv2dNormActivation, norm_layer=norm_layer, activation_layer=nn.SiLU)
        layers: list[nn.Module] = [unit(3, inverted_residual_setting[0].input_channels, kernel_size=3, stride=2)]
        total = sum(config.num_layers for config in inverted_residual_setting)
        made = 0
        for config in inverted_residual_setting:
            stage: list[nn.Module] = []
            for place in range(config.num_layers):
                own = _like(config, 1, config.out_channels) if place else config
                stage.append(own.block(own, stochastic_depth_prob * made / total, norm_layer))
                made += 1
            layers.append(nn.Sequential(*stage))
        channels = inverted_residual_setting[-1].out_channels
        last = last_channel or 4 * channels
        layers.append(unit(channels, last, kernel_size=1))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(dropout, inplace=True), nn.Linear(last, num_classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode='fan_out')
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                bound = 1 / math.sqrt(module.out_features)
                nn.init.uniform_(module.weight, -bound, bound)
                nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


_FIRST = (
    (1, 3, 1, 32, 16, 1), (6, 3, 2, 16, 24, 2), (6, 5, 2, 24, 40, 2), (6, 3, 2, 40, 80, 3), (6, 5, 1, 80, 112, 3),
    (6, 5, 2, 112, 192, 4), (6, 3, 1, 192, 320, 1),
)  # fmt: skip
#: Stages of full convolutions and of depthwise ones.
_SECOND = {
    's': (
        ((1, 3, 1, 24, 24, 2), (4, 3, 2, 24, 48, 4), (4, 3, 2, 48, 64, 4)),
        ((4, 3, 2, 64, 128, 6), (6, 3, 1, 128, 160, 9), (6, 3, 2, 160, 256, 15)),
    ),
    'm': (
        ((1, 3, 1, 24, 24, 3), (4, 3, 2, 24, 48, 5), (4, 3, 2, 48, 80, 5)),
        ((4, 3, 2, 80, 160, 7), (6, 3, 1, 160, 176, 14), (6, 3, 2, 176, 304, 18), (6, 3, 1, 304, 512, 5)),
    ),
    'l': (
        ((1, 3, 1, 32, 32, 4), (4, 3, 2, 32, 64, 7), (4, 3, 2, 64, 96, 7)),
        ((4, 3, 2, 96, 192, 10), (6, 3, 1, 192, 224, 19), (6, 3, 2, 224, 384, 25), (6, 3, 1, 384, 640, 7)),
    ),
}


def _first(width: float, depth: float, dropout: float, narrow_norm: bool, **options: Any) -> EfficientNet:
    stages = [MBConvConfig(*row, width_mult=width, depth_mult=depth) for row in _FIRST]
    if narrow_norm:
        options.setdefault('norm_layer', partial(nn.BatchNorm2d, eps=0.001, momentum=0.01))
    return EfficientNet(stages, dropout, **options)


def _second(size: str, dropout: float, **options: Any) -> EfficientNet:
    full, depthwise = _SECOND[size]
    stages = [FusedMBConvConfig(*row) for row in full] + [MBConvConfig(*row) for row in depthwise]
    own: dict[str, Any] = {'dropout': dropout, 'norm_layer': partial(nn.BatchNorm2d, eps=1e-3), 'last_channel': 1280}
    return EfficientNet(stages, **{**own, **options})


def _family(number: int, width: float, depth: float, dropout: float) -> Callable[..., EfficientNet]:
    name = f'efficientnet_b{number}'

    def make(dropout: float = dropout, **options: Any) -> EfficientNet:
        return _first(width, depth, dropout, number > 4, **options)

    return builder(name, make)


efficientnet_b0, efficientnet_b1, efficientnet_b2 = _family(0, 1.0, 1.0, 0.2), _family(1, 1.0, 1.1, 0.2), _family(2, 1.1, 1.2, 0.3)
efficientnet_b3, efficientnet_b4, efficientnet_b5 = _family(3, 1.2, 1.4, 0.3), _family(4, 1.4, 1.8, 0.4), _family(5, 1.6, 2.2, 0.4)
efficientnet_b6, efficientnet_b7 = _family(6, 1.8, 2.6, 0.5), _family(7, 2.0, 3.1, 0.5)
efficientnet_v2_s = builder('efficientnet_v2_s', _second, size='s', dropout=0.2)
efficientnet_v2_m = builder('efficientnet_v2_m', _second, size='m', dropout=0.3)
efficientnet_v2_l = builder('efficientnet_v2_l', _second, size='l', dropout=0.4)
