"""Backbones of segmentation models, and the signature that their builders share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .. import mobilenetv3, resnet
from .._utils import IntermediateLayerGetter
from .._weights import with_weights


class Plan(NamedTuple):
    """What a builder was asked for; `trained` tells whether the backbone's weights are to be loaded."""

    backbone: str
    num_classes: int
    aux_loss: bool
    trained: bool


def segmentation_builder(name: str, backbone: str, make: Callable[[Plan], Any]) -> Callable[..., Any]:
    def build(
        pretrained: Any = False, progress: bool = True, num_classes: int | None = None, aux_loss: bool | None = None,
        *, weights: Any = None, weights_backbone: Any = 'IMAGENET1K_V1', pretrained_backbone: Any = True,
    ) -> Any:  # fmt: skip
        """The backbone's weights are trained ones unless the caller says otherwise; with `weights` all are."""
        loaded = weights is not None or bool(pretrained)
        trained = weights_backbone is not None and bool(pretrained_backbone) and not loaded
        aux = loaded and backbone != 'mobilenet_v3_large' if aux_loss is None else aux_loss
        aux = True if loaded and aux_loss is None else aux
        return with_weights(make(Plan(backbone, num_classes or 21, aux, trained)), name, weights, pretrained)

    build.__name__ = build.__qualname__ = name
    return build


def resnet_backbone(plan: Plan) -> Any:
    """Strides of the last two stages become dilations; gives 2048 channels at an eighth of the size."""
    made = getattr(resnet, plan.backbone)(replace_stride_with_dilation=[False, True, True])
    with_weights(made, plan.backbone, plan.trained or None, False)
    return IntermediateLayerGetter(made, {'layer4': 'out', **({'layer3': 'aux'} if plan.aux_loss else {})})


def mobilenet_features(plan: Plan) -> tuple[Any, list[int]]:
    """The dilated features, and the places after which the size shrinks, the first and the last included."""
    made = mobilenetv3.mobilenet_v3_large(dilated=True)
    with_weights(made, plan.backbone, plan.trained or None, False)
    features: Any = made.features
    narrowing = [place for place, block in enumerate(features) if getattr(block, '_is_cn', False)]
    return features, [0, *narrowing, len(features) - 1]
