"""The modules of `keras.applications`: builders, and what turns pixels into what they take."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.inert import Inert

from .._pixels import taken_as_pixels
from .._quiet import module
from .._tensor import operation, value_of, wrap
from . import convnext, densenet, efficientnet, inception, mobilenet, resnet, vgg

_BLUE_GREEN_RED = (103.939, 116.779, 123.68)
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _row(numbers: tuple[float, ...]) -> Any:
    return value_of([float(item) for item in numbers], 'float')


def _preprocessing(mode: str) -> Any:
    """Keras' `imagenet_utils.preprocess_input`: `caffe`, `tf`, `torch`, or nothing where the model does it itself."""

    @operation
    def preprocess_input(x: Any, data_format: Any = None, mode: str = mode) -> Any:
        value = p.cast(value_of(x), 'float')
        if mode == 'none':
            return wrap(value)
        taken_as_pixels(value_of(x))
        if mode == 'tf':
            return wrap(p.binary('sub', p.binary('div', value, p.fill(127.5, (), 'float')), p.fill(1.0, (), 'float')))
        if mode == 'torch':
            scaled = p.binary('div', value, p.fill(255.0, (), 'float'))
            return wrap(p.binary('div', p.binary('sub', scaled, _row(_MEAN)), _row(_DEVIATION)))
        turned = p.same('flip', value, {'axes': [len(value.shape) - 1]})
        return wrap(p.binary('sub', turned, _row(_BLUE_GREEN_RED)))

    return preprocess_input


#: Module, where its builders are, their names, and how its pixels are prepared.
_MODULES: tuple[tuple[str, Any, str, str], ...] = (
    ('vgg16', vgg, 'VGG16', 'caffe'),
    ('vgg19', vgg, 'VGG19', 'caffe'),
    ('resnet', resnet, 'ResNet50 ResNet101 ResNet152', 'caffe'),
    ('resnet50', resnet, 'ResNet50', 'caffe'),
    ('resnet_v2', resnet, 'ResNet50V2 ResNet101V2 ResNet152V2', 'tf'),
    ('mobilenet', mobilenet, 'MobileNet', 'tf'),
    ('mobilenet_v2', mobilenet, 'MobileNetV2', 'tf'),
    ('mobilenet_v3', mobilenet, 'MobileNetV3Small MobileNetV3Large', 'none'),
    ('densenet', densenet, 'DenseNet121 DenseNet169 DenseNet201', 'torch'),
    ('efficientnet', efficientnet, ' '.join(f'EfficientNetB{n}' for n in range(8)), 'none'),
    ('efficientnet_v2', efficientnet, ' '.join(f'EfficientNetV2{n}' for n in ('B0', 'B1', 'B2', 'B3', 'S', 'M', 'L')), 'none'),
    ('inception_v3', inception, 'InceptionV3', 'tf'),
    ('inception_resnet_v2', inception, 'InceptionResNetV2', 'tf'),
    ('xception', inception, 'Xception', 'tf'),
    ('convnext', convnext, ' '.join(f'ConvNeXt{n}' for n in ('Tiny', 'Small', 'Base', 'Large', 'XLarge')), 'none'),
)


def install() -> None:
    """Makes the modules."""
    module('keras.applications')
    for name, home, builders, mode in _MODULES:
        made: dict[str, Any] = {builder: getattr(home, builder) for builder in builders.split()}
        for builder, function in made.items():
            function.__name__ = builder
        module(f'keras.applications.{name}', **made, preprocess_input=_preprocessing(mode), decode_predictions=_decode)
        module('keras.applications', **{builder: function for builder, function in made.items() if name != 'resnet50'})
    module('keras.applications.imagenet_utils', preprocess_input=_preprocessing('caffe'), decode_predictions=_decode)


def _decode(*_: Any, **__: Any) -> Any:
    return Inert('decode_predictions(...)')
