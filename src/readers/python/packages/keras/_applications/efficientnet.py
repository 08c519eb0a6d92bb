"""EfficientNet (Tan & Le 2019) and EfficientNetV2 (Tan & Le 2021)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .. import layers as L
from ..initializers import VarianceScaling
from .frame import CLASSES, begin, divisible, finish, halving, top

_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Stage(NamedTuple):
    kernel: int
    depth: int
    incoming: int
    outgoing: int
    expansion: int
    stride: int
    #: Share of the incoming width that squeeze and excitation keeps; 0 leaves it off.
    squeeze: float = 0.25
    #: One convolution in place of a pointwise and a depthwise one.
    fused: bool = False


def _conv(filters: int, kernel: int, name: str, stride: int = 1, padding: str = 'same') -> Any:
    start = VarianceScaling(2.0, 'fan_out', 'truncated_normal')
    return L.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False, kernel_initializer=start, name=name)


def _normed(x: Any, norm: str, act: str, momentum: float) -> Any:
    return L.Activation('swish', name=act)(L.BatchNormalization(momentum=momentum, name=norm)(x))


def _squeezed(x: Any, width: int, kept: int, name: str) -> Any:
    start = VarianceScaling(2.0, 'fan_out', 'truncated_normal')
    gate = L.Reshape((1, 1, width), name=f'{name}se_reshape')(L.GlobalAveragePooling2D(name=f'{name}se_squeeze')(x))
    gate = L.Conv2D(kept, 1, padding='same', activation='swish', kernel_initializer=start, name=f'{name}se_reduce')(gate)
    gate = L.Conv2D(width, 1, padding='same', activation='sigmoid', kernel_initializer=start, name=f'{name}se_expand')(gate)
    return L.Multiply(name=f'{name}se_excite')([x, gate])


def _block(x: Any, stage: Stage, drop: float, name: str, v2: bool) -> Any:
    momentum = 0.9 if v2 else 0.99
    width, made = stage.incoming * stage.expansion, x
    if stage.expansion != 1:
        made = _conv(width, stage.kernel if stage.fused else 1, f'{name}expand_conv', stage.stride if stage.fused else 1)(made)
        made = _normed(made, f'{name}expand_bn', f'{name}expand_activation', momentum)
    if not stage.fused:
        padding = 'same'
        if stage.stride == 2 and not v2:
            made = L.ZeroPadding2D(halving(made, stage.kernel), name=f'{name}dwconv_pad')(made)
            padding = 'valid'
        start = VarianceScaling(2.0, 'fan_out', 'truncated_normal')
        made = L.DepthwiseConv2D(
            stage.kernel, strides=stage.stride, padding=padding, use_bias=False, depthwise_initializer=start,
            name=f'{name}dwconv2' if v2 else f'{name}dwconv',
        )(made)  # fmt: skip
        made = _normed(made, f'{name}bn', f'{name}activation', momentum)
    if stage.squeeze:
        made = _squeezed(made, width, max(1, int(stage.incoming * stage.squeeze)), name)
    plain = stage.fused and stage.expansion == 1
    made = _conv(stage.outgoing, stage.kernel if plain else 1, f'{name}project_conv', stage.stride if plain else 1)(made)
    made = L.BatchNormalization(momentum=momentum, name=f'{name}project_bn')(made)
    if plain:
        made = L.Activation('swish', name=f'{name}project_activation')(made)
    if stage.stride == 1 and stage.incoming == stage.outgoing:
        if drop > 0:
            made = L.Dropout(drop, noise_shape=(None, 1, 1, 1), name=f'{name}drop')(made)
        made = L.Add(name=f'{name}add')([made, x])
    return made


def _stages(x: Any, stages: tuple[Stage, ...], depth: float, rounded: Any, v2: bool) -> Any:
    repeats = [math.ceil(depth * stage.depth) for stage in stages]
    total = float(sum(repeats))
    count = 0
    for number, (stage, times) in enumerate(zip(stages, repeats), 1):
        incoming, outgoing = rounded(stage.incoming), rounded(stage.outgoing)
        for place in range(times):
            own = stage._replace(incoming=incoming if place == 0 else outgoing, outgoing=outgoing, stride=stage.stride if place == 0 else 1)
            x = _block(x, own, 0.2 * count / total, f'block{number}{chr(97 + place)}_', v2)
            count += 1
    return x


_FIRST = (
    Stage(3, 1, 32, 16, 1, 1), Stage(3, 2, 16, 24, 6, 2), Stage(5, 2, 24, 40, 6, 2), Stage(3, 3, 40, 80, 6, 2), Stage(5, 3, 80, 112, 6, 1),
    Stage(5, 4, 112, 192, 6, 2), Stage(3, 1, 192, 320, 6, 1),
)  # fmt: skip


def _efficientnet(name: str, width: float, depth: float, size: int, dropout: float) -> Any:
    def build(
        include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
        pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', name: str = name,
    ) -> Any:  # fmt: skip
        x = start = begin(input_shape, input_tensor, size, include_top)
        x = L.Normalization()(L.Rescaling(1.0 / 255.0)(x))
        if weights == 'imagenet':
            x = L.Rescaling([1.0 / math.sqrt(item) for item in _DEVIATION])(x)
        x = L.ZeroPadding2D(halving(x, 3), name='stem_conv_pad')(x)
        x = _conv(divisible(32 * width), 3, 'stem_conv', 2, 'valid')(x)
        x = _normed(x, 'stem_bn', 'stem_activation', 0.99)
        x = _stages(x, _FIRST, depth, lambda filters: divisible(filters * width), False)
        x = _normed(_conv(divisible(1280 * width), 1, 'top_conv')(x), 'top_bn', 'top_activation', 0.99)
        ends = VarianceScaling(1.0 / 3.0, 'fan_out', 'uniform')
        return finish(start, top(x, include_top, pooling, classes, classifier_activation, dropout, ends), weights, name)

    return build


(
    EfficientNetB0, EfficientNetB1, EfficientNetB2, EfficientNetB3, EfficientNetB4, EfficientNetB5, EfficientNetB6, EfficientNetB7,
) = (
    _efficientnet(f'efficientnetb{number}', *row)
    for number, row in enumerate((
        (1.0, 1.0, 224, 0.2), (1.0, 1.1, 240, 0.2), (1.1, 1.2, 260, 0.3), (1.2, 1.4, 300, 0.3), (1.4, 1.8, 380, 0.4),
        (1.6, 2.2, 456, 0.4), (1.8, 2.6, 528, 0.5), (2.0, 3.1, 600, 0.5),
    ))
)  # fmt: skip


def _v2_stages(*rows: tuple[int, int, int, int, int, bool]) -> tuple[Stage, ...]:
    """(depth, incoming, outgoing, expansion, stride, fused)"""
    return tuple(Stage(3, d, i, o, e, s, 0.0 if fused else 0.25, fused) for d, i, o, e, s, fused in rows)


_B = _v2_stages((1, 32, 16, 1, 1, True), (2, 16, 32, 4, 2, True), (2, 32, 48, 4, 2, True), (3, 48, 96, 4, 2, False),
                (5, 96, 112, 6, 1, False), (8, 112, 192, 6, 2, False))  # fmt: skip
_S = _v2_stages((2, 24, 24, 1, 1, True), (4, 24, 48, 4, 2, True), (4, 48, 64, 4, 2, True), (6, 64, 128, 4, 2, False),
                (9, 128, 160, 6, 1, False), (15, 160, 256, 6, 2, False))  # fmt: skip
_M = _v2_stages((3, 24, 24, 1, 1, True), (5, 24, 48, 4, 2, True), (5, 48, 80, 4, 2, True), (7, 80, 160, 4, 2, False),
                (14, 160, 176, 6, 1, False), (18, 176, 304, 6, 2, False), (5, 304, 512, 6, 1, False))  # fmt: skip
_L = _v2_stages((4, 32, 32, 1, 1, True), (7, 32, 64, 4, 2, True), (7, 64, 96, 4, 2, True), (10, 96, 192, 4, 2, False),
                (19, 192, 224, 6, 1, False), (25, 224, 384, 6, 2, False), (7, 384, 640, 6, 1, False))  # fmt: skip


def _efficientnet_v2(name: str, stages: tuple[Stage, ...], width: float, depth: float, size: int) -> Any:
    def rounded(filters: int) -> int:
        return divisible(filters * width)

    def build(
        include_top: bool = True, weights: Any = 'imagenet', input_tensor: Any = None, input_shape: Any = None,
        pooling: str | None = None, classes: int = CLASSES, classifier_activation: Any = 'softmax', include_preprocessing: bool = True,
        name: str = name,
    ) -> Any:  # fmt: skip
        x = start = begin(input_shape, input_tensor, size, include_top)
        if include_preprocessing:
            if stages is _B:
                x = L.Normalization(mean=_MEAN, variance=[item**2 for item in _DEVIATION])(L.Rescaling(1.0 / 255)(x))
            else:
                x = L.Rescaling(1.0 / 128.0, offset=-1.0)(x)
        x = _normed(_conv(rounded(stages[0].incoming), 3, 'stem_conv', 2)(x), 'stem_bn', 'stem_activation', 0.9)
        x = _stages(x, stages, depth, rounded, True)
        x = _normed(_conv(rounded(1280), 1, 'top_conv')(x), 'top_bn', 'top_activation', 0.9)
        ends = VarianceScaling(1.0 / 3.0, 'fan_out', 'uniform')
        return finish(start, top(x, include_top, pooling, classes, classifier_activation, 0.2, ends), weights, name)

    return build


EfficientNetV2B0, EfficientNetV2B1, EfficientNetV2B2, EfficientNetV2B3 = (
    _efficientnet_v2(f'efficientnetv2-b{number}', _B, *row)
    for number, row in enumerate(((1.0, 1.0, 224), (1.0, 1.1, 240), (1.1, 1.2, 260), (1.2, 1.4, 300)))
)
EfficientNetV2S = _efficientnet_v2('efficientnetv2-s', _S, 1.0, 1.0, 384)
EfficientNetV2M = _efficientnet_v2('efficientnetv2-m', _M, 1.0, 1.0, 480)
EfficientNetV2L = _efficientnet_v2('efficientnetv2-l', _L, 1.0, 1.0, 480)
