"""DenseNet (Huang et al. 2017)."""

from __future__ import annotations

from typing import Any

from .. import layers as L
from .frame import CLASSES, begin, finish, top

_GROWTH = 32


def _opened(x: Any, norm: str, relu: str) -> Any:
    return L.Activation('relu', name=relu)(L.BatchNormalization(epsilon=1.001e-5, name=norm)(x))


def _layer(x: Any, name: str) -> Any:
    made = _opened(x, f'{name}_0_bn', f'{name}_0_relu')
    made = L.Conv2D(4 * _GROWTH, 1, use_bias=False, name=f'{name}_1_conv')(made)
    made = _opened(made, f'{name}_1_bn', f'{name}_1_relu')
    made = L.Conv2D(_GROWTH, 3, padding='same', use_bias=False, name=f'{name}_2_conv')(made)
    return L.Concatenate(name=f'{name}_concat')([x, made])


def _transition(x: Any, name: str) -> Any:
    x = _opened(x, f'{name}_bn', f'{name}_relu')
    x = L.Conv2D(x.shape[-1] // 2, 1, use_bias=False, name=f'{name}_conv')(x)
    return L.AveragePooling2D(2, strides=2, name=f'{name}_pool')(x)


def _densenet(name: str, depths: tuple[int, ...]) -> Any:
    def build(
        include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
        pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str = name,
    ) -> Any:  # fmt: skip
        start = begin(input_shape, input_tensor, 224, include_top)
        x = L.ZeroPadding2D(3)(start)
        x = L.Conv2D(64, 7, strides=2, use_bias=False, name='conv1_conv')(x)
        x = _opened(x, 'conv1_bn', 'conv1_relu')
        x = L.MaxPooling2D(3, strides=2, name='pool1')(L.ZeroPadding2D(1)(x))
        for stage, depth in enumerate(depths, 2):
            for number in range(1, depth + 1):
                x = _layer(x, f'conv{stage}_block{number}')
            if stage < 5:
                x = _transition(x, f'pool{stage}')
        x = _opened(x, 'bn', 'relu')
        return finish(start, top(x, include_top, pooling, classes, classifier_activation), weights, name)

    return build


DenseNet121, DenseNet169, DenseNet201 = (
    _densenet(f'densenet{size}', depths)
    for size, depths in ((121, (6, 12, 24, 16)), (169, (6, 12, 32, 32)), (201, (6, 12, 48, 32)))
)
