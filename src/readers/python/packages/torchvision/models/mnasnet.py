"""MNASNet: Tan et al. 2018 (arXiv:1807.11626)."""

from __future__ import annotations

from typing import Any

from torch import nn

from ._weights import builder, divisible

_MOMENTUM = 1 - 0.9997
#: Place of the widths in and out, kernel, stride, expansion, repeats.
_STAGES = ((3, 2, 3, 3), (5, 2, 3, 3), (5, 2, 6, 3), (3, 1, 6, 2), (5, 2, 6, 4), (3, 1, 6, 1))


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, momentum=_MOMENTUM)


class _InvertedResidual(nn.Module):
    def __init__(self, in_ch: int, out_ch: int, kernel_size: int, stride: int, expansion_factor: int) -> None:
        super().__init__()
        wide = in_ch * expansion_factor
        self.apply_residual = in_ch == out_ch and stride == 1
        self.layers = nn.Sequential(
            nn.Conv2d(in_ch, wide, 1, bias=False), _norm(wide), nn.ReLU(inplace=True),
            nn.Conv2d(wide, wide, kernel_size, stride, kernel_size // 2, groups=wide, bias=False), _norm(wide),
            nn.ReLU(inplace=True), nn.Conv2d(wide, out_ch, 1, bias=False), _norm(out_ch),
        )  # fmt: skip

    def forward(self, input: Any) -> Any:
        return self.layers(input) + input if self.apply_residual else self.layers(input)


class MNASNet(nn.Module):
    def __init__(self, alpha: float, num_classes: int = 1000, dropout: float = 0.2) -> None:
        super().__init__()
        self.alpha, self.num_classes = alpha, num_classes
        first, second, *widths = (divisible(width * alpha) for width in (32, 16, 24, 40, 80, 96, 192, 320))
        layers: list[nn.Module] = [
            nn.Conv2d(3, first, 3, 2, 1, bias=False), _norm(first), nn.ReLU(inplace=True),
            nn.Conv2d(first, first, 3, 1, 1, groups=first, bias=False), _norm(first), nn.ReLU(inplace=True),
            nn.Conv2d(first, second, 1, bias=False), _norm(second),
        ]  # fmt: skip
        channels = second
        for width, (kernel, stride, expansion, repeats) in zip(widths, _STAGES):
            blocks = [_InvertedResidual(channels, width, kernel, stride, expansion)]
            blocks += [_InvertedResidual(width, width, kernel, 1, expansion) for _ in range(repeats - 1)]
            layers.append(nn.Sequential(*blocks))
            channels = width
        layers += [nn.Conv2d(channels, 1280, 1, bias=False), _norm(1280), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(dropout, inplace=True), nn.Linear(1280, num_classes))
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode='fan_out', nonlinearity='relu')
            elif isinstance(module, nn.Linear):
                nn.init.kaiming_uniform_(module.weight, mode='fan_out', nonlinearity='sigmoid')
                nn.init.zeros_(module.bias)

    def forward(self, x: Any) -> Any:
        return self.classifier(self.layers(x).mean([2, 3]))


mnasnet0_5 = builder('mnasnet0_5', MNASNet, alpha=0.5)
mnasnet0_75 = builder('mnasnet0_75', MNASNet, alpha=0.75)
mnasnet1_0 = builder('mnasnet1_0', MNASNet, alpha=1.0)
mnasnet1_3 = builder('mnasnet1_3', MNASNet, alpha=1.3)
