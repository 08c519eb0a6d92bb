"""What transforms do to a tensor that flows through a model: exactly, by the ops of PyTorch.

Pictures are (..., C, H, W), as in torchvision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from gradient_lens.session import session

#: ITU-R 601-2 luma, as torchvision has it.
_LUMA = (0.2989, 0.587, 0.114)


def is_traced(picture: Any) -> bool:
    return session.recording and isinstance(picture, torch.Tensor)


def _as_batch(picture: Any) -> Any:
    return picture.reshape(-1, *picture.shape[-3:]) if picture.ndim != 4 else picture


def resized(picture: Any, height: int, width: int, mode: str = 'bilinear') -> Any:
    if (height, width) == tuple(picture.shape[-2:]):
        return picture
    mode = mode if mode in ('nearest', 'nearest-exact', 'bicubic') else 'bilinear'
    align = None if mode.startswith('nearest') else False
    whole = F.interpolate(_as_batch(picture).float(), size=(height, width), mode=mode, align_corners=align)
    return whole.reshape(*picture.shape[:-2], height, width)


def cropped(picture: Any, top: int, left: int, height: int, width: int) -> Any:
    """A crop; what reaches over the edge is nought."""
    bottom, right = top + height - picture.shape[-2], left + width - picture.shape[-1]
    if min(top, left) < 0 or max(bottom, right) > 0:
        sides = (max(-left, 0), max(right, 0), max(-top, 0), max(bottom, 0))
        return cropped(F.pad(picture, sides), max(top, 0), max(left, 0), height, width)
    return picture[..., top : top + height, left : left + width]


def centre(picture: Any, height: int, width: int) -> Any:
    rows, columns = picture.shape[-2:]
    return cropped(picture, round((rows - height) / 2.0), round((columns - width) / 2.0), height, width)


def padded(picture: Any, sides: Sequence[int], fill: Any = 0, mode: str = 'constant') -> Any:
    """`sides`: left, top, right, bottom."""
    left, top, right, bottom = sides
    if mode == 'constant':
        return F.pad(picture, (left, right, top, bottom), value=fill)
    mode = {'edge': 'replicate', 'symmetric': 'symmetric'}.get(mode, mode)
    whole = F.pad(_as_batch(picture), (left, right, top, bottom), mode=mode)
    return whole.reshape(*picture.shape[:-2], *whole.shape[-2:])


def normalized(picture: Any, mean: Any, std: Any) -> Any:
    """(x - mean) / std, channel by channel."""
    mean, std = (torch.as_tensor(item, dtype=picture.dtype).reshape(-1, 1, 1) for item in (mean, std))
    return (picture - mean) / std


def grey(picture: Any, channels: int) -> Any:
    if picture.shape[-3] == 3:
        red, green, blue = picture.unbind(-3)
        picture = (_LUMA[0] * red + _LUMA[1] * green + _LUMA[2] * blue).unsqueeze(-3)
    return picture.expand(*picture.shape[:-3], channels, *picture.shape[-2:])


def blurred(picture: Any, size: Sequence[int], sigma: Sequence[float]) -> Any:
    """Gaussian blur with reflected edges; `size` and `sigma` are (x, y)."""
    across, down = (_bell(n, s) for n, s in zip(size, sigma))
    channels = picture.shape[-3]
    kernel = (down[:, None] * across[None, :]).expand(channels, 1, size[1], size[0])
    x, y = size[0] // 2, size[1] // 2
    whole = F.conv2d(F.pad(_as_batch(picture), (x, x, y, y), mode='reflect'), kernel, groups=channels)
    return whole.reshape(picture.shape)


def _bell(size: int, sigma: float) -> Any:
    weights = [math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2) for i in range(size)]
    return torch.tensor([weight / sum(weights) for weight in weights])


def middle_crop(picture: Any, scale: Sequence[float], height: int, width: int) -> Any:
    """The crop that `RandomResizedCrop` takes in the middle of its draws: square pixels, a share of the area, the centre."""
    rows, columns = picture.shape[-2:]
    side = round(math.sqrt(rows * columns * (scale[0] + scale[1]) / 2))
    return resized(centre(picture, min(side, rows), min(side, columns)), height, width)
