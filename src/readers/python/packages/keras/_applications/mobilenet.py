"""MobileNet (Howard et al. 2017), V2 (Sandler et al. 2018) and V3 (Howard et al. 2019)."""

from __future__ import annotations

from typing import Any

from .. import layers as L
from .frame import CLASSES, begin, divisible, finish, halving, pooled, top


def MobileNet(
    input_shape: Any = None, alpha: float = 1.0, depth_multiplier: int = 1, dropout: float = 1e-3, include_top: bool = True,
    weights: Any = 'imagenet', input_tensor: Any = None, pooling: str | None = None, classes: int = CLASSES,
    classifier_activation: Any = 'softmax', name: str | None = None,
) -> Any:  # fmt: skip
    start = begin(input_shape, input_tensor, 224, include_top)

    def normed(x: Any, kind: str) -> Any:
        return L.ReLU(6.0, name=f'{kind}_relu')(L.BatchNormalization(name=f'{kind}_bn')(x))

    x = normed(L.Conv2D(int(32 * alpha), 3, strides=2, padding='same', use_bias=False, name='conv1')(start), 'conv1')
    plan = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1))
    for number, (filters, stride) in enumerate(plan, 1):
        if stride == 2:
            x = L.ZeroPadding2D(((0, 1), (0, 1)), name=f'conv_pad_{number}')(x)
        x = L.DepthwiseConv2D(
            3, strides=stride, padding='same' if stride == 1 else 'valid', depth_multiplier=depth_multiplier, use_bias=False,
            name=f'conv_dw_{number}',
        )(x)  # fmt: skip
        x = normed(x, f'conv_dw_{number}')
        x = normed(L.Conv2D(int(filters * alpha), 1, padding='same', use_bias=False, name=f'conv_pw_{number}')(x), f'conv_pw_{number}')
    if include_top:
        x = L.GlobalAveragePooling2D(keepdims=True)(x)
        x = L.Dropout(dropout, name='dropout')(x)
        x = L.Conv2D(classes, 1, padding='same', name='conv_preds')(x)
        x = L.Activation(classifier_activation, name='predictions')(L.Reshape((classes,), name='reshape_2')(x))
    else:
        x = pooled(x, pooling)
    return finish(start, x, weights, name or f'mobilenet_{alpha:0.2f}_224')


def _norm(name: str) -> Any:
    return L.BatchNormalization(epsilon=1e-3, momentum=0.999, name=name)


def _depthwise(x: Any, kernel: int, stride: int, prefix: str, dot: str) -> Any:
    if stride == 2:
        x = L.ZeroPadding2D(halving(x, kernel), name=f'{prefix}{dot}pad')(x)
    return L.DepthwiseConv2D(kernel, strides=stride, padding='same' if stride == 1 else 'valid', use_bias=False, name=f'{prefix}depthwise')(x)


def _inverted(x: Any, expansion: int, stride: int, filters: int, number: int) -> Any:
    prefix = f'block_{number}_' if number else 'expanded_conv_'
    made, width = x, x.shape[-1]
    if number:
        made = L.Conv2D(expansion * width, 1, padding='same', use_bias=False, name=f'{prefix}expand')(made)
        made = L.ReLU(6.0, name=f'{prefix}expand_relu')(_norm(f'{prefix}expand_BN')(made))
    made = _depthwise(made, 3, stride, prefix, '')
    made = L.ReLU(6.0, name=f'{prefix}depthwise_relu')(_norm(f'{prefix}depthwise_BN')(made))
    made = _norm(f'{prefix}project_BN')(L.Conv2D(filters, 1, padding='same', use_bias=False, name=f'{prefix}project')(made))
    return L.Add(name=f'{prefix}add')([x, made]) if width == filters and stride == 1 else made


def MobileNetV2(
    input_shape: Any = None, alpha: float = 1.0, include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None,
    pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str | None = None,
) -> Any:  # fmt: skip
    start = begin(input_shape, input_tensor, 224, include_top)
    x = L.Conv2D(divisible(32 * alpha), 3, strides=2, padding='same', use_bias=False, name='Conv1')(start)
    x = L.ReLU(6.0, name='Conv1_relu')(_norm('bn_Conv1')(x))
    number = 0
    for filters, depth, stride in ((16, 1, 1), (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1)):
        for place in range(depth):
            x = _inverted(x, 6 if number else 1, stride if place == 0 else 1, divisible(int(filters * alpha)), number)
            number += 1
    last = divisible(1280 * alpha) if alpha > 1.0 else 1280
    x = L.Conv2D(last, 1, use_bias=False, name='Conv_1')(x)
    x = L.ReLU(6.0, name='out_relu')(_norm('Conv_1_bn')(x))
    name = name or f'mobilenetv2_{alpha:0.2f}_224'
    return finish(start, top(x, include_top, pooling, classes, classifier_activation), weights, name)


def _squeezed(x: Any, width: int, prefix: str) -> Any:
    """Squeeze and excitation by a quarter of the width."""
    gate = L.GlobalAveragePooling2D(keepdims=True, name=f'{prefix}squeeze_excite_avg_pool')(x)
    gate = L.Conv2D(divisible(width * 0.25), 1, padding='same', name=f'{prefix}squeeze_excite_conv')(gate)
    gate = L.ReLU(name=f'{prefix}squeeze_excite_relu')(gate)
    gate = L.Conv2D(width, 1, padding='same', name=f'{prefix}squeeze_excite_conv_1')(gate)
    return L.Multiply(name=f'{prefix}squeeze_excite_mul')([x, L.Activation('hard_sigmoid')(gate)])


def _inverted_v3(x: Any, expansion: float, filters: int, kernel: int, stride: int, squeeze: bool, act: str, number: int) -> Any:
    prefix = f'expanded_conv_{number}_' if number else 'expanded_conv_'
    made, width = x, x.shape[-1]
    wide = divisible(width * expansion)
    if number:
        made = L.Conv2D(wide, 1, padding='same', use_bias=False, name=f'{prefix}expand')(made)
        made = L.Activation(act)(_norm(f'{prefix}expand_bn')(made))
    made = _depthwise(made, kernel, stride, prefix, 'depthwise_')
    made = L.Activation(act)(_norm(f'{prefix}depthwise_bn')(made))
    if squeeze:
        made = _squeezed(made, wide, prefix)
    made = _norm(f'{prefix}project_bn')(L.Conv2D(filters, 1, padding='same', use_bias=False, name=f'{prefix}project')(made))
    return L.Add(name=f'{prefix}add')([x, made]) if stride == 1 and width == filters else made


#: (expansion, filters, kernel, stride, squeeze and excitation, hard swish)
_SMALL = (
    (1, 16, 3, 2, True, False), (72 / 16, 24, 3, 2, False, False), (88 / 24, 24, 3, 1, False, False), (4, 40, 5, 2, True, True),
    (6, 40, 5, 1, True, True), (6, 40, 5, 1, True, True), (3, 48, 5, 1, True, True), (3, 48, 5, 1, True, True), (6, 96, 5, 2, True, True),
    (6, 96, 5, 1, True, True), (6, 96, 5, 1, True, True),
)  # fmt: skip
_LARGE = (
    (1, 16, 3, 1, False, False), (4, 24, 3, 2, False, False), (3, 24, 3, 1, False, False), (3, 40, 5, 2, True, False),
    (3, 40, 5, 1, True, False), (3, 40, 5, 1, True, False), (6, 80, 3, 2, False, True), (2.5, 80, 3, 1, False, True),
    (2.3, 80, 3, 1, False, True), (2.3, 80, 3, 1, False, True), (6, 112, 3, 1, True, True), (6, 112, 3, 1, True, True),
    (6, 160, 5, 2, True, True), (6, 160, 5, 1, True, True), (6, 160, 5, 1, True, True),
)  # fmt: skip


def _v3(name: str, plan: Any, last: int) -> Any:
    def build(
        input_shape: Any = None, alpha: float = 1.0, minimalistic: bool = False, include_top: bool = True, weights: Any = 'imagenet',
        input_tensor: Any = None, classes: int = CLASSES, pooling: str | None = None, dropout_rate: float = 0.2,
        classifier_activation: Any = 'softmax', include_preprocessing: bool = True, name: str = name,
    ) -> Any:  # fmt: skip
        x = start = begin(input_shape, input_tensor, 224, include_top)
        swish = 'relu' if minimalistic else 'hard_swish'
        if include_preprocessing:
            x = L.Rescaling(1 / 127.5, offset=-1.0)(x)
        x = L.Conv2D(16, 3, strides=2, padding='same', use_bias=False, name='conv')(x)
        x = L.Activation(swish)(_norm('conv_bn')(x))
        for number, (expansion, filters, kernel, stride, squeeze, hard) in enumerate(plan):
            wide = divisible(filters * alpha)
            act = swish if hard else 'relu'
            x = _inverted_v3(x, expansion, wide, 3 if minimalistic else kernel, stride, squeeze and not minimalistic, act, number)
        x = L.Conv2D(divisible(x.shape[-1] * 6), 1, padding='same', use_bias=False, name='conv_1')(x)
        x = L.Activation(swish)(_norm('conv_1_bn')(x))
        if include_top:
            x = L.GlobalAveragePooling2D(keepdims=True)(x)
            x = L.Conv2D(divisible(last * alpha) if alpha > 1.0 else last, 1, padding='same', name='conv_2')(x)
            x = L.Activation(swish)(x)
            x = L.Dropout(dropout_rate)(x) if dropout_rate > 0 else x
            x = L.Flatten()(L.Conv2D(classes, 1, padding='same', name='logits')(x))
            x = L.Activation(classifier_activation, name='predictions')(x)
        else:
            x = pooled(x, pooling)
        return finish(start, x, weights, name)

    return build


MobileNetV3Small, MobileNetV3Large = _v3('MobileNetV3Small', _SMALL, 1024), _v3('MobileNetV3Large', _LARGE, 1280)
