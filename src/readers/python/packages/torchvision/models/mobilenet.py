"""MobileNetV2: Sandler et al. 2018 (arXiv:1801.04381)."""

from __future__ import annotations

from typing import Any

from torch import nn

from ._weights import with_weights

#: Expansion, channels, repeats, stride of each stage.
_STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


def _divisible(value: float, divisor: int = 8) -> int:
    """The nearest multiple of `divisor`, but no less than nine tenths of the value."""
    found = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return found + divisor if found < 0.9 * value else found


class Conv2dNormActivation(nn.Sequential):
    def __init__(self, cin: int, cout: int, kernel: int = 3, stride: int = 1, groups: int = 1, norm: Any = nn.BatchNorm2d) -> None:
        super().__init__(
            nn.Conv2d(cin, cout, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False),
            norm(cout),
            nn.ReLU6(inplace=True),
        )


class InvertedResidual(nn.Module):
    def __init__(self, inp: int, oup: int, stride: int, expand_ratio: int, norm_layer: Any = nn.BatchNorm2d) -> None:
        super().__init__()
        hidden = round(inp * expand_ratio)
        self.use_res_connect = stride == 1 and inp == oup
        layers: list[nn.Module] = []
        if expand_ratio != 1:
            layers.append(Conv2dNormActivation(inp, hidden, 1, norm=norm_layer))
        layers.append(Conv2dNormActivation(hidden, hidden, 3, stride, hidden, norm_layer))
        layers += [nn.Conv2d(hidden, oup, 1, bias=False), norm_layer(oup)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: Any) -> Any:
        return x + self.conv(x) if self.use_res_connect else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(
        self, num_classes: int = 1000, width_mult: float = 1.0, inverted_residual_setting: Any = None,
        round_nearest: int = 8, block: Any = InvertedResidual, norm_layer: Any = nn.BatchNorm2d, dropout: float = 0.2,
    ) -> None:  # fmt: skip
        super().__init__()
        channels = _divisible(32 * width_mult, round_nearest)
        self.last_channel = _divisible(1280 * max(1.0, width_mult), round_nearest)
        features: list[nn.Module] = [Conv2dNormActivation(3, channels, stride=2, norm=norm_layer)]
        for ratio, width, count, stride in inverted_residual_setting or _STAGES:
            wide = _divisible(width * width_mult, round_nearest)
            for number in range(count):
                features.append(block(channels, wide, stride if number == 0 else 1, ratio, norm_layer))
                channels = wide
        features.append(Conv2dNormActivation(channels, self.last_channel, 1, norm=norm_layer))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Dropout(dropout), nn.Linear(self.last_channel, num_classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode='fan_out')
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        return self.classifier(self.features(x).mean([2, 3]))


def mobilenet_v2(pretrained: Any = False, progress: bool = True, *, weights: Any = None, **options: Any) -> MobileNetV2:
    return with_weights(MobileNetV2(**options), 'mobilenet_v2', weights, pretrained)
