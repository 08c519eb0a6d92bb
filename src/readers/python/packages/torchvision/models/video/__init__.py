"""Video models; those that are not here are unknown."""

from typing import Any

from gradient_lens.inert import Inert

from . import resnet
from .resnet import VideoResNet, mc3_18, r2plus1d_18, r3d_18

__all__ = ['VideoResNet', 'mc3_18', 'r2plus1d_18', 'r3d_18', 'resnet']


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.models.video.{name}')
