"""What all transforms are: layers without weights that change pictures one by one."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert
from torch.nn import Module

from . import functional as f


class Transform(Module):
    """Root class, a layer without weights: hands the picture on as it is."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__()

    def forward(self, *pictures: Any) -> Any:
        done = [item if isinstance(item, Inert) else self.change(item) for item in pictures]
        return done[0] if len(done) == 1 else tuple(done)

    def change(self, picture: Any) -> Any:
        return picture


class Compose(Transform):
    def __init__(self, transforms: Any) -> None:
        super().__init__()
        self.transforms = transforms

    def forward(self, *pictures: Any) -> Any:
        value = pictures
        for transform in self.transforms:
            changed = transform(*value)
            value = changed if len(pictures) > 1 and isinstance(changed, tuple) else (changed,)
        return value if len(pictures) > 1 else value[0]


class Sized(Transform):
    def __init__(self, size: Any, *arguments: Any, **options: Any) -> None:
        super().__init__()
        self.size = size

    def change(self, picture: Any) -> Any:
        return f.center_crop(picture, self.size)
