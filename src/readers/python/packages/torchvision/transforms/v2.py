"""The second version of the transforms: the same ones, and a few names more."""

from __future__ import annotations

from typing import Any

import torch
from gradient_lens.inert import Inert

from . import _classes, functional
from ._classes import *  # noqa: F403
from ._classes import Compose, Sequence, Transform
from .functional import InterpolationMode

__all__ = ['Compose', 'InterpolationMode', 'Sequence', 'ToDtype', 'ToImage', 'Transform', 'functional']


class ToImage(Transform):
    """A (C, H, W) tensor of bytes."""

    def change(self, picture: Any) -> Any:
        return functional.pil_to_tensor(picture)


class ToDtype(Transform):
    def __init__(self, dtype: Any, scale: bool = False) -> None:
        super().__init__()
        self.dtype = dtype

    def change(self, picture: Any) -> Any:
        if isinstance(picture, torch.Tensor) and getattr(self.dtype, 'is_floating_point', True):
            return functional.convert_image_dtype(picture)
        return picture


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    found = getattr(_classes, name, None)
    return Inert(f'torchvision.transforms.v2.{name}') if found is None else found
