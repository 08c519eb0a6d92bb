"""SqueezeNet: Iandola et al. 2016 (arXiv:1602.07360)."""

from __future__ import annotations

from typing import Any

import torch
from gradient_lens.errors import BadArgument
from torch import nn

from ._weights import builder


class Fire(nn.Module):
    """Narrow, then widen by kernels of one and three."""

    def __init__(self, inplanes: int, squeeze_planes: int, expand1x1_planes: int, expand3x3_planes: int) -> None:
        super().__init__()
        self.inplanes = inplanes
        self.squeeze = nn.Conv2d(inplanes, squeeze_planes, 1)
        self.squeeze_activation = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeeze_planes, expand1x1_planes, 1)
        self.expand1x1_activation = nn.ReLU(inplace=True)
        self.expand3x3 = nn.Conv2d(squeeze_planes, expand3x3_planes, 3, padding=1)
        self.expand3x3_activation = nn.ReLU(inplace=True)

    def forward(self, x: Any) -> Any:
        x = self.squeeze_activation(self.squeeze(x))
        wide = self.expand3x3_activation(self.expand3x3(x))
        return torch.cat([self.expand1x1_activation(self.expand1x1(x)), wide], 1)


#: Widths of the fire modules' squeeze and of each of their expansions; None is a pool.
_PLANS: dict[str, tuple[Any, ...]] = {
    '1_0': ((96, 7), None, 16, 16, 32, None, 32, 48, 48, 64, None, 64),
    '1_1': ((64, 3), None, 16, 16, None, 32, 32, None, 48, 48, 64, 64),
}


class SqueezeNet(nn.Module):
    def __init__(self, version: str = '1_0', num_classes: int = 1000, dropout: float = 0.5) -> None:
        super().__init__()
        if version not in _PLANS:
            raise BadArgument(f'Unsupported SqueezeNet version {version}: 1_0 or 1_1 expected')
        self.num_classes = num_classes
        (channels, kernel), *plan = _PLANS[version]
        layers: list[nn.Module] = [nn.Conv2d(3, channels, kernel, 2), nn.ReLU(inplace=True)]
        for width in plan:
            if width is None:
                layers.append(nn.MaxPool2d(3, 2, ceil_mode=True))
            else:
                layers.append(Fire(channels, width, 4 * width, 4 * width))
                channels = 8 * width
        self.features = nn.Sequential(*layers)
        last = nn.Conv2d(512, num_classes, 1)
        self.classifier = nn.Sequential(nn.Dropout(dropout), last, nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                if module is last:
                    nn.init.normal_(module.weight, 0.0, 0.01)
                else:
                    nn.init.kaiming_uniform_(module.weight)
                nn.init.constant_(module.bias, 0)

    def forward(self, x: Any) -> Any:
        return torch.flatten(self.classifier(self.features(x)), 1)


squeezenet1_0 = builder('squeezenet1_0', SqueezeNet, version='1_0')
squeezenet1_1 = builder('squeezenet1_1', SqueezeNet, version='1_1')
