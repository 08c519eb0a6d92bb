"""torchvision.ops: blocks and losses. What picks boxes or samples maps by learned places is refused by name."""

from typing import Any

from gradient_lens.inert import Inert

from . import boxes, dropping, feature_pyramid_network, focal_loss, misc
from . import stochastic_depth as _depth
from .boxes import (
    box_area,
    box_convert,
    box_iou,
    clip_boxes_to_image,
    distance_box_iou_loss,
    generalized_box_iou,
    generalized_box_iou_loss,
)
from .dropping import DropBlock2d, DropBlock3d, drop_block2d, drop_block3d
from .feature_pyramid_network import FeaturePyramidNetwork
from .focal_loss import sigmoid_focal_loss
from .misc import (
    MLP,
    Conv2dNormActivation,
    Conv3dNormActivation,
    ConvNormActivation,
    FrozenBatchNorm2d,
    Permute,
    SqueezeExcitation,
)

StochasticDepth, stochastic_depth = _depth.StochasticDepth, _depth.stochastic_depth

__all__ = [
    'MLP', 'Conv2dNormActivation', 'Conv3dNormActivation', 'ConvNormActivation', 'DropBlock2d', 'DropBlock3d',
    'FeaturePyramidNetwork', 'FrozenBatchNorm2d', 'Permute', 'SqueezeExcitation', 'StochasticDepth', 'box_area',
    'box_convert', 'box_iou', 'boxes', 'clip_boxes_to_image', 'distance_box_iou_loss', 'drop_block2d', 'drop_block3d',
    'dropping', 'feature_pyramid_network', 'focal_loss', 'generalized_box_iou', 'generalized_box_iou_loss', 'misc',
    'sigmoid_focal_loss', 'stochastic_depth',
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.ops.{name}')
