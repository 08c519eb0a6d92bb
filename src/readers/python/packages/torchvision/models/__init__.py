"""Builders of well-known models; those that are not here are unknown."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from gradient_lens.errors import BadArgument
from gradient_lens.inert import Inert

from . import (
    convnext,
    densenet,
    efficientnet,
    googlenet,
    inception,
    maxvit,
    mnasnet,
    mobilenet,
    mobilenetv3,
    regnet,
    resnet,
    segmentation,
    shufflenetv2,
    squeezenet,
    swin_transformer,
    vgg,
    video,
    vision_transformer,
)

#: What `torchvision.models` itself names: the model's class, and its builders by what their names begin with.
_FAMILIES: dict[ModuleType, tuple[str, tuple[str, ...]]] = {
    convnext: ('ConvNeXt', ('convnext_',)),
    densenet: ('DenseNet', ('densenet',)),
    efficientnet: ('EfficientNet', ('efficientnet_',)),
    googlenet: ('GoogLeNet GoogLeNetOutputs', ('googlenet',)),
    inception: ('Inception3 InceptionOutputs', ('inception_',)),
    maxvit: ('MaxVit', ('maxvit_',)),
    mnasnet: ('MNASNet', ('mnasnet',)),
    mobilenet: ('MobileNetV2', ('mobilenet_v2',)),
    mobilenetv3: ('MobileNetV3', ('mobilenet_v3_',)),
    regnet: ('RegNet', ('regnet_',)),
    resnet: ('ResNet', ('resnet', 'resnext', 'wide_resnet')),
    shufflenetv2: ('ShuffleNetV2', ('shufflenet_v2_',)),
    squeezenet: ('SqueezeNet', ('squeezenet',)),
    swin_transformer: ('SwinTransformer', ('swin_',)),
    vgg: ('VGG AlexNet', ('vgg', 'alexnet')),
    vision_transformer: ('VisionTransformer', ('vit_',)),
}
_BUILDERS: dict[str, Callable[..., Any]] = {}
for _module, (_classes, _beginnings) in _FAMILIES.items():
    for _name, _item in vars(_module).items():
        if _name in _classes.split():
            globals()[_name] = _item
        elif callable(_item) and not isinstance(_item, type) and _name.startswith(_beginnings):
            globals()[_name] = _BUILDERS[_name] = _item
for _home, _label in ((segmentation, 'segmentation'), (video, 'video')):
    for _name in _home.__all__:
        _item = getattr(_home, _name)
        if callable(_item) and not isinstance(_item, type):
            _BUILDERS[_name] = _item


def list_models(module: ModuleType | None = None, **_: Any) -> list[str]:
    own = None if module is None else set(vars(module))
    return sorted(name for name in _BUILDERS if own is None or name in own)


def get_model_builder(name: str) -> Callable[..., Any]:
    found = _BUILDERS.get(name.lower())
    if found is None:
        raise BadArgument(f'Unknown model {name}')
    return found


def get_model(name: str, **config: Any) -> Any:
    return get_model_builder(name)(**config)


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.models.{name}')
