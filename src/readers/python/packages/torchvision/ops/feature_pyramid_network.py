"""Feature pyramids (Lin et al. 2016, arXiv:1612.03144)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from torch import nn
from torch.nn import functional as F

from .misc import Conv2dNormActivation


class ExtraFPNBlock(nn.Module):
    """Adds levels above or below those of the pyramid."""

    def forward(self, results: Any, x: Any, names: Any) -> Any:
        raise NotImplementedError


class LastLevelMaxPool(ExtraFPNBlock):
    def forward(self, results: Any, x: Any, names: Any) -> Any:
        return [*results, F.max_pool2d(results[-1], 1, 2, 0)], [*names, 'pool']


class LastLevelP6P7(ExtraFPNBlock):
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.p6 = nn.Conv2d(in_channels, out_channels, 3, 2, 1)
        self.p7 = nn.Conv2d(out_channels, out_channels, 3, 2, 1)
        for layer in (self.p6, self.p7):
            nn.init.kaiming_uniform_(layer.weight, a=1)
            nn.init.constant_(layer.bias, 0)
        self.use_P5 = in_channels == out_channels

    def forward(self, results: Any, x: Any, names: Any) -> Any:
        sixth = self.p6(results[-1] if self.use_P5 else x[-1])
        return [*results, sixth, self.p7(F.relu(sixth))], [*names, 'p6', 'p7']


class FeaturePyramidNetwork(nn.Module):
    """An ordered mapping of maps, fine to coarse, to one of the same names, all with `out_channels`."""

    def __init__(
        self, in_channels_list: Sequence[int], out_channels: int, extra_blocks: Any = None, norm_layer: Any = None
    ) -> None:
        super().__init__()
        plain: Any = {'activation_layer': None, 'norm_layer': norm_layer}
        self.inner_blocks = nn.ModuleList(
            Conv2dNormActivation(channels, out_channels, 1, padding=0, **plain) for channels in in_channels_list
        )
        self.layer_blocks = nn.ModuleList(
            Conv2dNormActivation(out_channels, out_channels, 3, **plain) for _ in in_channels_list
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_uniform_(module.weight, a=1)
                if module.bias is not None:
                    nn.init.constant_(module.bias, 0)
        self.extra_blocks = extra_blocks

    def forward(self, x: Any) -> Any:
        names, maps = list(x), list(x.values())
        above = self.inner_blocks[-1](maps[-1])
        results = [self.layer_blocks[-1](above)]
        for place in range(len(maps) - 2, -1, -1):
            lateral = self.inner_blocks[place](maps[place])
            above = lateral + F.interpolate(above, size=lateral.shape[-2:], mode='nearest')
            results.insert(0, self.layer_blocks[place](above))
        if self.extra_blocks is not None:
            results, names = self.extra_blocks(results, maps, names)
        return OrderedDict(zip(names, results))
