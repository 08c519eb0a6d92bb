"""Densely connected networks: Huang et al. 2016 (arXiv:1608.06993)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ._weights import builder


class _DenseLayer(nn.Module):
    def __init__(self, channels: int, growth_rate: int, bn_size: int, drop_rate: float, memory_efficient: bool = False) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(channels, bn_size * growth_rate, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(bn_size * growth_rate)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(bn_size * growth_rate, growth_rate, 3, padding=1, bias=False)
        self.drop_rate = float(drop_rate)
        self.memory_efficient = memory_efficient

    def forward(self, input: Any) -> Any:
        before = torch.cat(list(input), 1) if isinstance(input, (list, tuple)) else input
        narrow = self.conv1(self.relu1(self.norm1(before)))
        new = self.conv2(self.relu2(self.norm2(narrow)))
        return F.dropout(new, self.drop_rate, self.training) if self.drop_rate > 0 else new


class _DenseBlock(nn.ModuleDict):
    """Each layer reads all that came before it."""

    def __init__(
        self, num_layers: int, channels: int, bn_size: int, growth_rate: int, drop_rate: float,
        memory_efficient: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        for place in range(num_layers):
            layer = _DenseLayer(channels + place * growth_rate, growth_rate, bn_size, drop_rate, memory_efficient)
            self.add_module(f'denselayer{place + 1}', layer)

    def forward(self, init_features: Any) -> Any:
        features = [init_features]
        for layer in self.values():
            features.append(layer(features))
        return torch.cat(features, 1)


class _Transition(nn.Sequential):
    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(channels, out, 1, bias=False)
        self.pool = nn.AvgPool2d(2, 2)


class DenseNet(nn.Module):
    def __init__(
        self, growth_rate: int = 32, block_config: Any = (6, 12, 24, 16), num_init_features: int = 64, bn_size: int = 4,
        drop_rate: float = 0, num_classes: int = 1000, memory_efficient: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.features = nn.Sequential()
        add = self.features.add_module
        add('conv0', nn.Conv2d(3, num_init_features, 7, 2, 3, bias=False))
        add('norm0', nn.BatchNorm2d(num_init_features))
        add('relu0', nn.ReLU(inplace=True))
        add('pool0', nn.MaxPool2d(3, 2, 1))
        channels = num_init_features
        for place, layers in enumerate(block_config, 1):
            add(f'denseblock{place}', _DenseBlock(layers, channels, bn_size, growth_rate, drop_rate, memory_efficient))
            channels += layers * growth_rate
            if place < len(block_config):
                add(f'transition{place}', _Transition(channels, channels // 2))
                channels //= 2
        add('norm5', nn.BatchNorm2d(channels))
        self.classifier = nn.Linear(channels, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
            elif isinstance(module, nn.Linear):
                nn.init.constant_(module.bias, 0)

    def forward(self, x: Any) -> Any:
        pooled = F.adaptive_avg_pool2d(F.relu(self.features(x), inplace=True), (1, 1))
        return self.classifier(torch.flatten(pooled, 1))


densenet121 = builder('densenet121', DenseNet)
densenet161 = builder('densenet161', DenseNet, growth_rate=48, block_config=(6, 12, 36, 24), num_init_features=96)
densenet169 = builder('densenet169', DenseNet, block_config=(6, 12, 32, 32))
densenet201 = builder('densenet201', DenseNet, block_config=(6, 12, 48, 32))
