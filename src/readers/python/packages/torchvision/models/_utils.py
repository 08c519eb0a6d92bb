"""What segmentation models are made of: a backbone that gives some of its maps, and heads that are scaled up."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from gradient_lens.errors import BadArgument
from torch import nn
from torch.nn import functional as F


class IntermediateLayerGetter(nn.ModuleDict):
    """The children of a model up to the last one asked for; gives the results of those named, under new names."""

    def __init__(self, model: Any, return_layers: dict[str, str]) -> None:
        names = [name for name, _ in model.named_children()]
        if not set(return_layers) <= set(names):
            raise BadArgument('return_layers are not present in model')
        last = max(names.index(name) for name in return_layers)
        super().__init__({name: getattr(model, name) for name in names[: last + 1]})
        self.return_layers = {str(key): str(value) for key, value in return_layers.items()}

    def forward(self, x: Any) -> Any:
        found: OrderedDict[str, Any] = OrderedDict()
        for name, module in self.items():
            x = module(x)
            if name in self.return_layers:
                found[self.return_layers[name]] = x
        return found


class SimpleSegmentationModel(nn.Module):
    """Pictures [N, 3, H, W] to a mapping of maps [N, classes, H, W]: `out`, and `aux` where there is such a head."""

    def __init__(self, backbone: nn.Module, classifier: nn.Module, aux_classifier: nn.Module | None = None) -> None:
        super().__init__()
        self.backbone, self.classifier, self.aux_classifier = backbone, classifier, aux_classifier

    def forward(self, x: Any) -> Any:
        size = tuple(x.shape[-2:])
        maps = self.backbone(x)
        result = OrderedDict(out=F.interpolate(self.classifier(maps['out']), size, mode='bilinear', align_corners=False))
        if self.aux_classifier is not None:
            aux = self.aux_classifier(maps['aux'])
            result['aux'] = F.interpolate(aux, size, mode='bilinear', align_corners=False)
        return result
