"""Lite R-ASPP: Howard et al. 2019 (arXiv:1905.02244)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from torch import nn
from torch.nn import functional as F

from .._utils import IntermediateLayerGetter
from ._backbones import Plan, mobilenet_features, segmentation_builder


class LRASPPHead(nn.Module):
    def __init__(self, low_channels: int, high_channels: int, num_classes: int, inter_channels: int) -> None:
        super().__init__()
        self.cbr = nn.Sequential(
            nn.Conv2d(high_channels, inter_channels, 1, bias=False), nn.BatchNorm2d(inter_channels), nn.ReLU(inplace=True)
        )
        self.scale = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(high_channels, inter_channels, 1, bias=False), nn.Sigmoid()
        )
        self.low_classifier = nn.Conv2d(low_channels, num_classes, 1)
        self.high_classifier = nn.Conv2d(inter_channels, num_classes, 1)

    def forward(self, input: Any) -> Any:
        low, high = input['low'], input['high']
        x = self.cbr(high) * self.scale(high)
        x = F.interpolate(x, tuple(low.shape[-2:]), mode='bilinear', align_corners=False)
        return self.low_classifier(low) + self.high_classifier(x)


class LRASPP(nn.Module):
    def __init__(
        self, backbone: nn.Module, low_channels: int, high_channels: int, num_classes: int, inter_channels: int = 128
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.classifier = LRASPPHead(low_channels, high_channels, num_classes, inter_channels)

    def forward(self, input: Any) -> Any:
        out = self.classifier(self.backbone(input))
        return OrderedDict(out=F.interpolate(out, tuple(input.shape[-2:]), mode='bilinear', align_corners=False))


def _made(plan: Plan) -> LRASPP:
    features, stages = mobilenet_features(plan)
    low, high = stages[-4], stages[-1]
    backbone = IntermediateLayerGetter(features, {str(low): 'low', str(high): 'high'})
    return LRASPP(backbone, features[low].out_channels, features[high].out_channels, plan.num_classes)


lraspp_mobilenet_v3_large = segmentation_builder('lraspp_mobilenet_v3_large', 'mobilenet_v3_large', _made)
