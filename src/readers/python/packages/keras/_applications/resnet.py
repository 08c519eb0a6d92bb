"""ResNet (He et al. 2015) and its second form (He et al. 2016), with the strides where Keras has them."""

from __future__ import annotations

from typing import Any

from .. import layers as L
from .frame import CLASSES, begin, finish, top

_EPSILON = 1.001e-5


def _norm(name: str) -> Any:
    return L.BatchNormalization(epsilon=_EPSILON, name=name)


def _block(x: Any, filters: int, stride: int, shortcut: bool, name: str) -> Any:
    carried = x
    if shortcut:
        carried = _norm(f'{name}_0_bn')(L.Conv2D(4 * filters, 1, strides=stride, name=f'{name}_0_conv')(x))
    x = L.Conv2D(filters, 1, strides=stride, name=f'{name}_1_conv')(x)
    x = L.Activation('relu', name=f'{name}_1_relu')(_norm(f'{name}_1_bn')(x))
    x = L.Conv2D(filters, 3, padding='same', name=f'{name}_2_conv')(x)
    x = L.Activation('relu', name=f'{name}_2_relu')(_norm(f'{name}_2_bn')(x))
    x = _norm(f'{name}_3_bn')(L.Conv2D(4 * filters, 1, name=f'{name}_3_conv')(x))
    return L.Activation('relu', name=f'{name}_out')(L.Add(name=f'{name}_add')([carried, x]))


def _block_v2(x: Any, filters: int, stride: int, shortcut: bool, name: str) -> Any:
    before = L.Activation('relu', name=f'{name}_preact_relu')(_norm(f'{name}_preact_bn')(x))
    if shortcut:
        carried = L.Conv2D(4 * filters, 1, strides=stride, name=f'{name}_0_conv')(before)
    else:
        carried = L.MaxPooling2D(1, strides=stride)(x) if stride > 1 else x
    x = L.Conv2D(filters, 1, use_bias=False, name=f'{name}_1_conv')(before)
    x = L.Activation('relu', name=f'{name}_1_relu')(_norm(f'{name}_1_bn')(x))
    x = L.ZeroPadding2D(1, name=f'{name}_2_pad')(x)
    x = L.Conv2D(filters, 3, strides=stride, use_bias=False, name=f'{name}_2_conv')(x)
    x = L.Activation('relu', name=f'{name}_2_relu')(_norm(f'{name}_2_bn')(x))
    return L.Add(name=f'{name}_out')([carried, L.Conv2D(4 * filters, 1, name=f'{name}_3_conv')(x)])


def _stage(x: Any, filters: int, depth: int, stage: int, v2: bool) -> Any:
    """The first form halves in its first block, the second one in its last."""
    for number in range(1, depth + 1):
        name = f'conv{stage}_block{number}'
        if v2:
            x = _block_v2(x, filters, 2 if number == depth and stage < 5 else 1, number == 1, name)
        else:
            x = _block(x, filters, 2 if number == 1 and stage > 2 else 1, number == 1, name)
    return x


def _resnet(name: str, depths: tuple[int, ...], v2: bool) -> Any:
    def build(
        include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
        pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str = name,
    ) -> Any:  # fmt: skip
        x = start = begin(input_shape, input_tensor, 224, include_top)
        x = L.ZeroPadding2D(3, name='conv1_pad')(x)
        x = L.Conv2D(64, 7, strides=2, name='conv1_conv')(x)
        if not v2:
            x = L.Activation('relu', name='conv1_relu')(_norm('conv1_bn')(x))
        x = L.MaxPooling2D(3, strides=2, name='pool1_pool')(L.ZeroPadding2D(1, name='pool1_pad')(x))
        for stage, (depth, filters) in enumerate(zip(depths, (64, 128, 256, 512)), 2):
            x = _stage(x, filters, depth, stage, v2)
        if v2:
            x = L.Activation('relu', name='post_relu')(_norm('post_bn')(x))
        return finish(start, top(x, include_top, pooling, classes, classifier_activation), weights, name)

    return build


_DEPTHS = {'50': (3, 4, 6, 3), '101': (3, 4, 23, 3), '152': (3, 8, 36, 3)}
ResNet50, ResNet101, ResNet152 = (_resnet(f'resnet{size}', depths, False) for size, depths in _DEPTHS.items())
ResNet50V2, ResNet101V2, ResNet152V2 = (_resnet(f'resnet{size}v2', depths, True) for size, depths in _DEPTHS.items())
