"""ShuffleNetV2: Ma et al. 2018 (arXiv:1807.11164)."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from ._weights import builder


def _pointwise(channels: int, out: int) -> list[nn.Module]:
    return [nn.Conv2d(channels, out, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]


class InvertedResidual(nn.Module):
    """Half the channels pass by; at a stride both halves are convolved."""

    def __init__(self, inp: int, oup: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        half = oup // 2
        self.branch1 = nn.Sequential()
        if stride > 1:
            self.branch1 = nn.Sequential(*self._depthwise(inp, stride), *_pointwise(inp, half))
        before = _pointwise(inp if stride > 1 else half, half)
        self.branch2 = nn.Sequential(*before, *self._depthwise(half, stride), *_pointwise(half, half))

    @staticmethod
    def _depthwise(channels: int, stride: int) -> list[nn.Module]:
        return [nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False), nn.BatchNorm2d(channels)]

    def forward(self, x: Any) -> Any:
        if self.stride == 1:
            kept, changed = x.chunk(2, 1)
            joined = torch.cat((kept, self.branch2(changed)), 1)
        else:
            joined = torch.cat((self.branch1(x), self.branch2(x)), 1)
        return F.channel_shuffle(joined, 2)


class ShuffleNetV2(nn.Module):
    def __init__(
        self, stages_repeats: Any, stages_out_channels: Any, num_classes: int = 1000, inverted_residual: Any = InvertedResidual
    ) -> None:
        super().__init__()
        first, *widths, last = stages_out_channels
        self.conv1 = nn.Sequential(nn.Conv2d(3, first, 3, 2, 1, bias=False), nn.BatchNorm2d(first), nn.ReLU(inplace=True))
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        stages: list[nn.Module] = []
        channels = first
        for repeats, width in zip(stages_repeats, widths):
            blocks = [inverted_residual(channels, width, 2)]
            blocks += [inverted_residual(width, width, 1) for _ in range(repeats - 1)]
            stages.append(nn.Sequential(*blocks))
            channels = width
        self.stage2, self.stage3, self.stage4 = stages
        self.conv5 = nn.Sequential(*_pointwise(channels, last))
        self.fc = nn.Linear(last, num_classes)

    def forward(self, x: Any) -> Any:
        x = self.stage4(self.stage3(self.stage2(self.maxpool(self.conv1(x)))))
        return self.fc(self.conv5(x).mean([2, 3]))


def _made(widths: Any, **options: Any) -> ShuffleNetV2:
    return ShuffleNetV2([4, 8, 4], widths, **options)


shufflenet_v2_x0_5 = builder('shufflenet_v2_x0_5', _made, widths=[24, 48, 96, 192, 1024])
shufflenet_v2_x1_0 = builder('shufflenet_v2_x1_0', _made, widths=[24, 116, 232, 464, 1024])
shufflenet_v2_x1_5 = builder('shufflenet_v2_x1_5', _made, widths=[24, 176, 352, 704, 1024])
shufflenet_v2_x2_0 = builder('shufflenet_v2_x2_0', _made, widths=[24, 244, 488, 976, 2048])
