"""Plain stacks of 3x3 convolutions: Simonyan and Zisserman 2014 (arXiv:1409.1556); AlexNet: Krizhevsky 2014 (1404.5997)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ._weights import with_weights

_PLANS: dict[str, list[int]] = {'11': [1, 1, 2, 2, 2], '13': [2, 2, 2, 2, 2], '16': [2, 2, 3, 3, 3], '19': [2, 2, 4, 4, 4]}
_WIDTHS = (64, 128, 256, 512, 512)


def _layers(plan: list[int], norm: bool) -> nn.Sequential:
    made: list[nn.Module] = []
    channels = 3
    for count, width in zip(plan, _WIDTHS):
        for _ in range(count):
            made.append(nn.Conv2d(channels, width, 3, padding=1))
            if norm:
                made.append(nn.BatchNorm2d(width))
            made.append(nn.ReLU(inplace=True))
            channels = width
        made.append(nn.MaxPool2d(2, 2))
    return nn.Sequential(*made)


class VGG(nn.Module):
    def __init__(self, features: nn.Module, num_classes: int = 1000, init_weights: bool = True, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096), nn.ReLU(True), nn.Dropout(dropout),
            nn.Linear(4096, 4096), nn.ReLU(True), nn.Dropout(dropout),
            nn.Linear(4096, num_classes),
        )  # fmt: skip
        if not init_weights:
            return
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode='fan_out', nonlinearity='relu')
                if module.bias is not None:
                    nn.init.constant_(module.bias, 0)
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.constant_(module.weight, 1)
                nn.init.constant_(module.bias, 0)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, 0, 0.01)
                nn.init.constant_(module.bias, 0)

    def forward(self, x: Any) -> Any:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class AlexNet(nn.Module):
    def __init__(self, num_classes: int = 1000, dropout: float = 0.5) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(3, 2),
        )  # fmt: skip
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(256 * 6 * 6, 4096), nn.ReLU(True),
            nn.Dropout(dropout), nn.Linear(4096, 4096), nn.ReLU(True),
            nn.Linear(4096, num_classes),
        )  # fmt: skip

    def forward(self, x: Any) -> Any:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def alexnet(pretrained: Any = False, progress: bool = True, *, weights: Any = None, **options: Any) -> AlexNet:
    return with_weights(AlexNet(**options), 'alexnet', weights, pretrained)


def _builder(plan: str, norm: bool) -> Callable[..., VGG]:
    name = f'vgg{plan}_bn' if norm else f'vgg{plan}'

    def build(pretrained: Any = False, progress: bool = True, *, weights: Any = None, **options: Any) -> VGG:
        if weights is not None or pretrained:
            options['init_weights'] = False
        return with_weights(VGG(_layers(_PLANS[plan], norm), **options), name, weights, pretrained)

    build.__name__ = build.__qualname__ = name
    return build


vgg11, vgg13, vgg16, vgg19 = (_builder(plan, False) for plan in _PLANS)
vgg11_bn, vgg13_bn, vgg16_bn, vgg19_bn = (_builder(plan, True) for plan in _PLANS)
