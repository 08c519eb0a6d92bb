"""RegNet: Radosavovic et al. 2020 (arXiv:2003.13678)."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import nn

from ..ops import Conv2dNormActivation, SqueezeExcitation
from ._weights import builder, divisible


class SimpleStemIN(Conv2dNormActivation):
    def __init__(self, width_in: int, width_out: int, norm_layer: Any, activation_layer: Any) -> None:
        super().__init__(width_in, width_out, 3, 2, norm_layer=norm_layer, activation_layer=activation_layer)


class BottleneckTransform(nn.Sequential):
    def __init__(
        self, width_in: int, width_out: int, stride: int, norm_layer: Any, activation_layer: Any, group_width: int,
        bottleneck_multiplier: float, se_ratio: float | None,
    ) -> None:  # fmt: skip
        unit = partial(Conv2dNormActivation, norm_layer=norm_layer)
        width = int(round(width_out * bottleneck_multiplier))
        layers: OrderedDict[str, Any] = OrderedDict()
        layers['a'] = unit(width_in, width, 1, 1, activation_layer=activation_layer)
        layers['b'] = unit(width, width, 3, stride, groups=width // group_width, activation_layer=activation_layer)
        if se_ratio:
            layers['se'] = SqueezeExcitation(width, int(round(se_ratio * width_in)), activation=activation_layer)
        layers['c'] = unit(width, width_out, 1, 1, activation_layer=None)
        super().__init__(layers)


class ResBottleneckBlock(nn.Module):
    def __init__(
        self, width_in: int, width_out: int, stride: int, norm_layer: Any, activation_layer: Any, group_width: int = 1,
        bottleneck_multiplier: float = 1.0, se_ratio: float | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.proj = None
        if width_in != width_out or stride != 1:
            self.proj = Conv2dNormActivation(
                width_in, width_out, 1, stride, norm_layer=norm_layer, activation_layer=None
            )
        self.f = BottleneckTransform(
            width_in, width_out, stride, norm_layer, activation_layer, group_width, bottleneck_multiplier, se_ratio
        )
        self.activation = activation_layer(inplace=True)

    def forward(self, x: Any) -> Any:
        return self.activation((x if self.proj is None else self.proj(x)) + self.f(x))


class Stage(NamedTuple):
    width: int
    depth: int
    group_width: int


def _stages(depth: int, w_0: int, w_a: float, w_m: float, group_width: int) -> list[Stage]:
    """Widths w_0 + w_a i, rounded to powers of w_m and then to eights; blocks of one width are a stage (section 3.3)."""
    rounded = [
        int(round(w_0 * w_m ** round(math.log((w_0 + w_a * place) / w_0) / math.log(w_m)) / 8)) * 8
        for place in range(depth)
    ]
    stages: list[Stage] = []
    for width in sorted(set(rounded)):
        group = min(group_width, width)
        stages.append(Stage(divisible(width, group), rounded.count(width), group))
    return stages


class RegNet(nn.Module):
    def __init__(
        self, stages: list[Stage], se_ratio: float | None = None, num_classes: int = 1000, stem_width: int = 32,
        stem_type: Any = None, block_type: Any = None, norm_layer: Any = None, activation: Any = None,
    ) -> None:  # fmt: skip
        super().__init__()
        norm_layer, activation = norm_layer or nn.BatchNorm2d, activation or nn.ReLU
        self.stem = (stem_type or SimpleStemIN)(3, stem_width, norm_layer, activation)
        block = block_type or ResBottleneckBlock
        trunk: OrderedDict[str, Any] = OrderedDict()
        width_in = stem_width
        for number, stage in enumerate(stages, 1):
            trunk[f'block{number}'] = AnyStage(
                width_in, stage, number, partial(block, norm_layer=norm_layer, activation_layer=activation, se_ratio=se_ratio)
            )
            width_in = stage.width
        self.trunk_output = nn.Sequential(trunk)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(width_in, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                # The fan-out of a full convolution, whatever the number of groups.
                fan_out = math.prod(module.kernel_size) * module.out_channels
                nn.init.normal_(module.weight, mean=0.0, std=math.sqrt(2.0 / fan_out))
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, mean=0.0, std=0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        x = self.trunk_output(self.stem(x))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class AnyStage(nn.Sequential):
    def __init__(self, width_in: int, stage: Stage, number: int, block: Callable[..., Any]) -> None:
        super().__init__()
        for place in range(stage.depth):
            made = block(
                stage.width if place else width_in, stage.width, 1 if place else 2, group_width=stage.group_width
            )
            self.add_module(f'block{number}-{place}', made)


#: Depth, w_0, w_a, w_m, group width.
_PLANS = {
    'y_400mf': (16, 48, 27.89, 2.09, 8), 'y_800mf': (14, 56, 38.84, 2.4, 16), 'y_1_6gf': (27, 48, 20.71, 2.65, 24),
    'y_3_2gf': (21, 80, 42.63, 2.66, 24), 'y_8gf': (17, 192, 76.82, 2.19, 56), 'y_16gf': (18, 200, 106.23, 2.48, 112),
    'y_32gf': (20, 232, 115.89, 2.53, 232), 'y_128gf': (27, 456, 160.83, 2.52, 264), 'x_400mf': (22, 24, 24.48, 2.54, 16),
    'x_800mf': (16, 56, 35.73, 2.28, 16), 'x_1_6gf': (18, 80, 34.01, 2.25, 24), 'x_3_2gf': (25, 88, 26.31, 2.25, 48),
    'x_8gf': (23, 80, 49.56, 2.88, 120), 'x_16gf': (22, 216, 55.59, 2.1, 128), 'x_32gf': (23, 320, 69.86, 2.0, 168),
}  # fmt: skip


def _made(plan: str, **options: Any) -> RegNet:
    options.setdefault('norm_layer', partial(nn.BatchNorm2d, eps=1e-5, momentum=0.1))
    return RegNet(_stages(*_PLANS[plan]), 0.25 if plan.startswith('y') else None, **options)


BUILDERS = {f'regnet_{plan}': builder(f'regnet_{plan}', _made, plan=plan) for plan in _PLANS}
globals().update(BUILDERS)
