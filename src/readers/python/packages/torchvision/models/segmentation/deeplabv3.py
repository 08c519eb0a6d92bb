"""DeepLabV3: Chen et al. 2017 (arXiv:1706.05587)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from .._utils import IntermediateLayerGetter, SimpleSegmentationModel
from ._backbones import Plan, mobilenet_features, resnet_backbone, segmentation_builder
from .fcn import FCNHead


class DeepLabV3(SimpleSegmentationModel):
    pass


class ASPPConv(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int, dilation: int) -> None:
        super().__init__(
            nn.Conv2d(in_channels, out_channels, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm2d(out_channels), nn.ReLU(),
        )  # fmt: skip


class ASPPPooling(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(in_channels, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )  # fmt: skip

    def forward(self, x: Any) -> Any:
        return F.interpolate(super().forward(x), tuple(x.shape[-2:]), mode='bilinear', align_corners=False)


class ASPP(nn.Module):
    """Atrous spatial pyramid pooling."""

    def __init__(self, in_channels: int, atrous_rates: Sequence[int], out_channels: int = 256) -> None:
        super().__init__()
        pointwise = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU()
        )
        dilated = [ASPPConv(in_channels, out_channels, rate) for rate in atrous_rates]
        self.convs = nn.ModuleList([pointwise, *dilated, ASPPPooling(in_channels, out_channels)])
        self.project = nn.Sequential(
            nn.Conv2d(len(self.convs) * out_channels, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels), nn.ReLU(),
            nn.Dropout(0.5),
        )  # fmt: skip

    def forward(self, x: Any) -> Any:
        return self.project(torch.cat([conv(x) for conv in self.convs], 1))


class DeepLabHead(nn.Sequential):
    def __init__(self, in_channels: int, num_classes: int, atrous_rates: Sequence[int] = (12, 24, 36)) -> None:
        super().__init__(
            ASPP(in_channels, atrous_rates), nn.Conv2d(256, 256, 3, padding=1, bias=False), nn.BatchNorm2d(256), nn.ReLU(),
            nn.Conv2d(256, num_classes, 1),
        )  # fmt: skip


def _resnet(plan: Plan) -> DeepLabV3:
    backbone = resnet_backbone(plan)
    aux = FCNHead(1024, plan.num_classes) if plan.aux_loss else None
    return DeepLabV3(backbone, DeepLabHead(2048, plan.num_classes), aux)


def _mobilenet(plan: Plan) -> DeepLabV3:
    features, stages = mobilenet_features(plan)
    out, early = stages[-1], stages[-4]
    named = {str(out): 'out', **({str(early): 'aux'} if plan.aux_loss else {})}
    aux = FCNHead(features[early].out_channels, plan.num_classes) if plan.aux_loss else None
    head = DeepLabHead(features[out].out_channels, plan.num_classes)
    return DeepLabV3(IntermediateLayerGetter(features, named), head, aux)


deeplabv3_resnet50 = segmentation_builder('deeplabv3_resnet50', 'resnet50', _resnet)
deeplabv3_resnet101 = segmentation_builder('deeplabv3_resnet101', 'resnet101', _resnet)
deeplabv3_mobilenet_v3_large = segmentation_builder('deeplabv3_mobilenet_v3_large', 'mobilenet_v3_large', _mobilenet)
