"""Segmentation models; those that are not here are unknown."""

from typing import Any

from gradient_lens.inert import Inert

from . import deeplabv3, fcn, lraspp
from .deeplabv3 import DeepLabV3, deeplabv3_mobilenet_v3_large, deeplabv3_resnet50, deeplabv3_resnet101
from .fcn import FCN, fcn_resnet50, fcn_resnet101
from .lraspp import LRASPP, lraspp_mobilenet_v3_large

__all__ = [
    'FCN', 'LRASPP', 'DeepLabV3', 'deeplabv3', 'deeplabv3_mobilenet_v3_large', 'deeplabv3_resnet101',
    'deeplabv3_resnet50', 'fcn', 'fcn_resnet101', 'fcn_resnet50', 'lraspp', 'lraspp_mobilenet_v3_large',
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.models.segmentation.{name}')
