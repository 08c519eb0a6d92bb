"""Inception V3 (Szegedy et al. 2016), Inception-ResNet V2 (Szegedy et al. 2017) and Xception (Chollet 2017)."""

from __future__ import annotations

from typing import Any

from .. import layers as L
from .frame import CLASSES, begin, finish, top


def _conv(x: Any, filters: int, kernel: Any, stride: int = 1, padding: str = 'same') -> Any:
    x = L.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False)(x)
    return L.Activation('relu')(L.BatchNormalization(scale=False)(x))


def _row(x: Any, *steps: tuple[int, Any]) -> Any:
    """Convolutions one after another, each (filters, kernel)."""
    for filters, kernel in steps:
        x = _conv(x, filters, kernel)
    return x


def _averaged(x: Any, filters: int) -> Any:
    return _conv(L.AveragePooling2D(3, strides=1, padding='same')(x), filters, 1)


def _stem(x: Any) -> Any:
    x = _conv(_conv(_conv(x, 32, 3, 2, 'valid'), 32, 3, 1, 'valid'), 64, 3)
    x = L.MaxPooling2D(3, strides=2)(x)
    return L.MaxPooling2D(3, strides=2)(_conv(_conv(x, 80, 1, 1, 'valid'), 192, 3, 1, 'valid'))


def InceptionV3(
    include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
    pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str = 'inception_v3',
) -> Any:  # fmt: skip
    start = begin(input_shape, input_tensor, 299, include_top)
    x = _stem(start)

    def joined(number: Any, *branches: Any) -> Any:
        return L.Concatenate(axis=-1, name=f'mixed{number}')(list(branches))

    for number, last in enumerate((32, 64, 64)):
        x = joined(
            number, _conv(x, 64, 1), _row(x, (48, 1), (64, 5)), _row(x, (64, 1), (96, 3), (96, 3)), _averaged(x, last)
        )
    x = joined(
        3, _conv(x, 384, 3, 2, 'valid'), _conv(_row(x, (64, 1), (96, 3)), 96, 3, 2, 'valid'), L.MaxPooling2D(3, strides=2)(x)
    )
    for number, n in ((4, 128), (5, 160), (6, 160), (7, 192)):
        x = joined(
            number, _conv(x, 192, 1), _row(x, (n, 1), (n, (1, 7)), (192, (7, 1))),
            _row(x, (n, 1), (n, (7, 1)), (n, (1, 7)), (n, (7, 1)), (192, (1, 7))), _averaged(x, 192),
        )  # fmt: skip
    x = joined(
        8, _conv(_conv(x, 192, 1), 320, 3, 2, 'valid'), _conv(_row(x, (192, 1), (192, (1, 7)), (192, (7, 1))), 192, 3, 2, 'valid'),
        L.MaxPooling2D(3, strides=2)(x),
    )  # fmt: skip
    for number in (9, 10):
        one, two = _conv(x, 384, 1), _row(x, (448, 1), (384, 3))
        x = joined(
            number, _conv(x, 320, 1), joined(f'9_{number - 9}', _conv(one, 384, (1, 3)), _conv(one, 384, (3, 1))),
            L.Concatenate(axis=-1)([_conv(two, 384, (1, 3)), _conv(two, 384, (3, 1))]), _averaged(x, 192),
        )  # fmt: skip
    return finish(start, top(x, include_top, pooling, classes, classifier_activation), weights, name)


def _residual(x: Any, branches: list[Any], scale: float, name: str, activation: bool = True) -> Any:
    mixed = L.Concatenate(axis=-1, name=f'{name}_mixed')(branches)
    up = L.Conv2D(x.shape[-1], 1, padding='same', name=f'{name}_conv')(mixed)
    made = L.Add()([x, L.Rescaling(scale)(up)])
    return L.Activation('relu', name=f'{name}_ac')(made) if activation else made


def InceptionResNetV2(
    include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
    pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str = 'inception_resnet_v2',
) -> Any:  # fmt: skip
    start = begin(input_shape, input_tensor, 299, include_top)
    x = _stem(start)
    x = L.Concatenate(axis=-1, name='mixed_5b')(
        [_conv(x, 96, 1), _row(x, (48, 1), (64, 5)), _row(x, (64, 1), (96, 3), (96, 3)), _averaged(x, 64)]
    )
    for number in range(1, 11):
        x = _residual(x, [_conv(x, 32, 1), _row(x, (32, 1), (32, 3)), _row(x, (32, 1), (48, 3), (64, 3))], 0.17, f'block35_{number}')
    x = L.Concatenate(axis=-1, name='mixed_6a')(
        [_conv(x, 384, 3, 2, 'valid'), _conv(_row(x, (256, 1), (256, 3)), 384, 3, 2, 'valid'), L.MaxPooling2D(3, strides=2)(x)]
    )
    for number in range(1, 21):
        x = _residual(x, [_conv(x, 192, 1), _row(x, (128, 1), (160, (1, 7)), (192, (7, 1)))], 0.1, f'block17_{number}')
    x = L.Concatenate(axis=-1, name='mixed_7a')([
        _conv(_conv(x, 256, 1), 384, 3, 2, 'valid'), _conv(_conv(x, 256, 1), 288, 3, 2, 'valid'),
        _conv(_row(x, (256, 1), (288, 3)), 320, 3, 2, 'valid'), L.MaxPooling2D(3, strides=2)(x),
    ])  # fmt: skip
    for number in range(1, 11):
        branches = [_conv(x, 192, 1), _row(x, (192, 1), (224, (1, 3)), (256, (3, 1)))]
        x = _residual(x, branches, 0.2 if number < 10 else 1.0, f'block8_{number}', number < 10)
    x = _conv(x, 1536, 1)
    return finish(start, top(x, include_top, pooling, classes, classifier_activation), weights, name)


def Xception(
    include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
    pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str = 'xception',
) -> Any:  # fmt: skip
    start = begin(input_shape, input_tensor, 299, include_top)
    x: Any = start
    for number, filters, stride in ((1, 32, 2), (2, 64, 1)):
        x = L.Conv2D(filters, 3, strides=stride, use_bias=False, name=f'block1_conv{number}')(x)
        x = L.Activation('relu', name=f'block1_conv{number}_act')(L.BatchNormalization(name=f'block1_conv{number}_bn')(x))

    def separable(x: Any, filters: int, name: str, first: bool = True) -> Any:
        x = L.Activation('relu', name=f'{name}_act')(x) if first else x
        x = L.SeparableConv2D(filters, 3, padding='same', use_bias=False, name=name)(x)
        return L.BatchNormalization(name=f'{name}_bn')(x)

    def shrinking(x: Any, block: int, one: int, two: int) -> Any:
        carried = L.BatchNormalization()(L.Conv2D(two, 1, strides=2, padding='same', use_bias=False)(x))
        x = separable(x, one, f'block{block}_sepconv1', block > 2)
        x = separable(x, two, f'block{block}_sepconv2')
        return L.Add()([L.MaxPooling2D(3, strides=2, padding='same', name=f'block{block}_pool')(x), carried])

    for block, filters in ((2, 128), (3, 256), (4, 728)):
        x = shrinking(x, block, filters, filters)
    for block in range(5, 13):
        carried = x
        for number in (1, 2, 3):
            x = separable(x, 728, f'block{block}_sepconv{number}')
        x = L.Add()([x, carried])
    x = shrinking(x, 13, 728, 1024)
    for number, filters in ((1, 1536), (2, 2048)):
        x = separable(x, filters, f'block14_sepconv{number}', False)
        x = L.Activation('relu', name=f'block14_sepconv{number}_act')(x)
    return finish(start, top(x, include_top, pooling, classes, classifier_activation), weights, name)
