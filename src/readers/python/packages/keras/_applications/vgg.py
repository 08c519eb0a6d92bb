"""VGG (Simonyan & Zisserman 2015)."""

from __future__ import annotations

from typing import Any

from .. import layers as L
from .frame import CLASSES, begin, finish, pooled


def _vgg(name: str, depths: tuple[int, ...]) -> Any:
    def build(
        include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
        pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str = name,
    ) -> Any:  # fmt: skip
        x = start = begin(input_shape, input_tensor, 224, include_top)
        for block, (depth, filters) in enumerate(zip(depths, (64, 128, 256, 512, 512)), 1):
            for number in range(1, depth + 1):
                x = L.Conv2D(filters, 3, activation='relu', padding='same', name=f'block{block}_conv{number}')(x)
            x = L.MaxPooling2D(2, 2, name=f'block{block}_pool')(x)
        if include_top:
            x = L.Flatten(name='flatten')(x)
            for number in (1, 2):
                x = L.Dense(4096, activation='relu', name=f'fc{number}')(x)
            x = L.Dense(classes, activation=classifier_activation, name='predictions')(x)
        else:
            x = pooled(x, pooling)
        return finish(start, x, weights, name)

    return build


VGG16, VGG19 = _vgg('vgg16', (2, 2, 3, 3, 3)), _vgg('vgg19', (2, 2, 4, 4, 4))
