"""Fully convolutional networks: Long et al. 2014 (arXiv:1411.4038)."""

from __future__ import annotations

from typing import Any

from torch import nn

from .._utils import SimpleSegmentationModel
from ._backbones import Plan, resnet_backbone, segmentation_builder


class FCN(SimpleSegmentationModel):
    pass


class FCNHead(nn.Sequential):
    def __init__(self, in_channels: int, channels: int) -> None:
        width = in_channels // 4
        super().__init__(
            nn.Conv2d(in_channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.Dropout(0.1),
            nn.Conv2d(width, channels, 1),
        )  # fmt: skip


def _made(plan: Plan) -> Any:
    backbone = resnet_backbone(plan)
    aux = FCNHead(1024, plan.num_classes) if plan.aux_loss else None
    return FCN(backbone, FCNHead(2048, plan.num_classes), aux)


fcn_resnet50 = segmentation_builder('fcn_resnet50', 'resnet50', _made)
fcn_resnet101 = segmentation_builder('fcn_resnet101', 'resnet101', _made)
