"""Backbones of pictures of any size: ResNet as KerasHub has it (strides in the 3x3 convolution, no bias), and those of `keras.applications`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .. import layers as L
from .._applications import inception, vgg

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _norm(name: str) -> Any:
    return L.BatchNormalization(epsilon=1e-5, momentum=0.9, name=name)


def _relu(name: str) -> Any:
    return L.Activation('relu', name=name)


def _conv(x: Any, filters: int, kernel: int, stride: int, name: str) -> Any:
    """Padded as PyTorch does it, where it strides."""
    if kernel > 1 and stride > 1:
        x = L.ZeroPadding2D((kernel - 1) // 2)(x)
    padding = 'valid' if stride > 1 else 'same'
    return L.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False, name=f'{name}_conv')(x)


def _block(x: Any, filters: int, stride: int, shortcut: bool, deep: bool, name: str) -> Any:
    carried, out = x, 4 * filters if deep else filters
    if shortcut:
        carried = _norm(f'{name}_0_bn')(_conv(x, out, 1, stride, f'{name}_0'))
    steps = [(filters, 1, 1), (filters, 3, stride), (out, 1, 1)] if deep else [(filters, 3, stride), (out, 3, 1)]
    for number, (width, kernel, step) in enumerate(steps, 1):
        x = _conv(x, width, kernel, step, f'{name}_{number}')
        if number < len(steps):
            x = _relu(f'{name}_{number}_relu')(_norm(f'{name}_{number}_bn')(x))
    return _relu(f'{name}_out')(L.Add(name=f'{name}_add')([carried, _norm(f'{name}_{len(steps)}_bn')(x)]))


def _resnet(depths: tuple[int, ...], deep: bool) -> tuple[Any, Any]:
    x = start = L.Input(shape=(None, None, 3))
    x = L.Conv2D(64, 7, strides=2, use_bias=False, name='conv1_conv')(L.ZeroPadding2D(3, name='conv1_pad')(x))
    x = _relu('conv1_relu')(_norm('conv1_bn')(x))
    x = L.MaxPooling2D(3, strides=2, name='pool1_pool')(L.ZeroPadding2D(1, name='pool1_pad')(x))
    for stage, (depth, filters) in enumerate(zip(depths, (64, 128, 256, 512))):
        for number in range(depth):
            first = number == 0
            shortcut = first and (deep or stage > 0)
            x = _block(x, filters, 2 if first and stage > 0 else 1, shortcut, deep, f'stack{stage}_block{number}')
    return start, x


def _application(builder: Callable[..., Any]) -> Callable[[], tuple[Any, Any]]:
    def build() -> tuple[Any, Any]:
        made = builder(include_top=False, weights=None, input_shape=(None, None, 3))
        return made.input, made.output

    return build


_DEPTHS = {'50': (3, 4, 6, 3), '101': (3, 4, 23, 3), '152': (3, 8, 36, 3)}
#: What builds (input, output) of a preset.
PRESETS: dict[str, Callable[[], tuple[Any, Any]]] = {
    'resnet_18_imagenet': functools.partial(_resnet, (2, 2, 2, 2), False),
    **{f'resnet_{size}_imagenet': functools.partial(_resnet, depths, True) for size, depths in _DEPTHS.items()},
    'xception_41_imagenet': _application(inception.Xception),
    'vgg_16_imagenet': _application(vgg.VGG16), 'vgg_19_imagenet': _application(vgg.VGG19),
}  # fmt: skip


def scaling(preset: str) -> tuple[list[float], list[float]]:
    """Factor and shift of byte pixels, by channel: to -1..1 for Xception, else by ImageNet's mean and deviation."""
    if preset.startswith('xception'):
        return [1 / 127.5] * 3, [-1.0] * 3
    return [1 / (255 * d) for d in _DEVIATION], [-m / d for m, d in zip(_MEAN, _DEVIATION)]
