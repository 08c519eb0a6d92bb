"""Padding, upsampling, pixel shuffling and distances as layers."""

from __future__ import annotations

from typing import Any

from ..._convert import size
from ..._tensor import Tensor
from .. import functional as F
from .layer import Layer


class _Pad(Layer):
    _spatial = 0
    _mode = 'constant'

    def __init__(self, padding: Any) -> None:
        super().__init__()
        self.padding = tuple(padding) if isinstance(padding, (tuple, list)) else (size(padding),) * (2 * self._spatial)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return str(self.padding)


class _ConstantPad(_Pad):
    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, 'constant', self.value)


def _pads(base: type[_Pad], name: str, mode: str) -> list[type[_Pad]]:
    """The one-, two- and three-dimensional layer of one kind of padding."""
    return [type(f'{name}{n}d', (base,), {'_spatial': n, '_mode': mode, '__module__': __name__}) for n in (1, 2, 3)]


ZeroPad1d, ZeroPad2d, ZeroPad3d = _pads(_Pad, 'ZeroPad', 'constant')
ReflectionPad1d, ReflectionPad2d, ReflectionPad3d = _pads(_Pad, 'ReflectionPad', 'reflect')
ReplicationPad1d, ReplicationPad2d, ReplicationPad3d = _pads(_Pad, 'ReplicationPad', 'replicate')
CircularPad1d, CircularPad2d, CircularPad3d = _pads(_Pad, 'CircularPad', 'circular')
ConstantPad1d, ConstantPad2d, ConstantPad3d = _pads(_ConstantPad, 'ConstantPad', 'constant')


class Upsample(Layer):
    def __init__(
        self, size: Any = None, scale_factor: Any = None, mode: str = 'nearest', align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.size, self.scale_factor, self.mode = size, scale_factor, mode
        self.align_corners, self.recompute_scale_factor = align_corners, recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.interpolate(
            input, self.size, self.scale_factor, self.mode, self.align_corners, self.recompute_scale_factor
        )

    def extra_repr(self) -> str:
        factor = f'scale_factor={self.scale_factor}' if self.size is None else f'size={self.size}'
        return f'{factor}, mode={self.mode!r}'


class UpsamplingNearest2d(Upsample):
    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, 'nearest')


class UpsamplingBilinear2d(Upsample):
    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, 'bilinear', True)


class PixelShuffle(Layer):
    def __init__(self, upscale_factor: int) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_shuffle(input, self.upscale_factor)


class PixelUnshuffle(Layer):
    def __init__(self, downscale_factor: int) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return F.pixel_unshuffle(input, self.downscale_factor)


class ChannelShuffle(Layer):
    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        return F.channel_shuffle(input, self.groups)


class CosineSimilarity(Layer):
    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Layer):
    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
