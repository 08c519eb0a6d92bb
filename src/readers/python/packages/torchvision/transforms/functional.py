"""What transforms do to the shape of a picture or of a (..., C, H, W) tensor."""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy
import torch
from gradient_lens.errors import UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.value import source
from torch._tensor import read, wrap

from ..picture import Picture
from . import _traced


class InterpolationMode(Enum):
    NEAREST = 'nearest'
    NEAREST_EXACT = 'nearest-exact'
    BILINEAR = 'bilinear'
    BICUBIC = 'bicubic'
    BOX = 'box'
    HAMMING = 'hamming'
    LANCZOS = 'lanczos'


def unknown_tensor(shape: tuple[int, ...], kind: str = 'float', dtype: Any = None) -> Any:
    """A tensor of a shape, its values not known."""
    return wrap(source('input', {'index': 0}, shape, kind, owner=None, live=False), dtype)


def reshape(picture: Any, channels: int | None, height: int | None, width: int | None) -> Any:
    """The picture with another size; None keeps what it has."""
    if isinstance(picture, Picture):
        return Picture(channels or picture.channels, height or picture.height, width or picture.width)
    if isinstance(picture, torch.Tensor):
        *before, c, h, w = picture.shape
        return unknown_tensor((*before, channels or c, height or h, width or w), read(picture).dtype, picture.dtype)
    return picture


def size_of(picture: Any) -> tuple[int, int] | None:
    """Height and width, where they are known."""
    if isinstance(picture, Picture):
        return (picture.height, picture.width) if picture.height is not None and picture.width is not None else None
    if isinstance(picture, torch.Tensor) and len(picture.shape) >= 2:
        return picture.shape[-2], picture.shape[-1]
    return None


def pair(size: Any) -> tuple[int, int]:
    """Height and width of a size argument; one number is both."""
    if isinstance(size, (int, float)):
        return int(size), int(size)
    first, *rest = list(size)
    return int(first), int(rest[0] if rest else first)


def resize(img: Any, size: Any, interpolation: Any = InterpolationMode.BILINEAR, *rest: Any, **options: Any) -> Any:
    """One number is the length of the shorter side; the other keeps the ratio."""
    height, width = _wanted_size(img, size)
    if _traced.is_traced(img):
        return _traced.resized(img, height, width, getattr(interpolation, 'value', 'bilinear'))
    return reshape(img, None, height, width)


def _wanted_size(img: Any, size: Any) -> tuple[int, int]:
    if not isinstance(size, int) and len(size) == 2:
        return pair(size)
    wanted = pair(size)[0]
    now = size_of(img)
    if now is None:
        return wanted, wanted
    height, width = now
    if height <= width:
        return wanted, int(wanted * width / height)
    return int(wanted * height / width), wanted


def center_crop(img: Any, output_size: Any) -> Any:
    if _traced.is_traced(img):
        return _traced.centre(img, *pair(output_size))
    return reshape(img, None, *pair(output_size))


def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    if _traced.is_traced(img):
        return _traced.cropped(img, top, left, height, width)
    return reshape(img, None, height, width)


def resized_crop(img: Any, top: int, left: int, height: int, width: int, size: Any, *rest: Any, **options: Any) -> Any:
    if _traced.is_traced(img):
        return _traced.resized(_traced.cropped(img, top, left, height, width), *pair(size))
    return reshape(img, None, *pair(size))


def crops_of_five(img: Any, size: Any) -> list[Any]:
    """The four corners, then the centre."""
    height, width = pair(size)
    now = size_of(img) or (height, width)
    bottom, right = now[0] - height, now[1] - width
    corners = [crop(img, top, left, height, width) for top in (0, bottom) for left in (0, right)]
    return [*corners, center_crop(img, size)]


def pad(img: Any, padding: Any, fill: Any = 0, padding_mode: str = 'constant') -> Any:
    now = size_of(img)
    if now is None:
        return img
    sides = [padding] * 4 if isinstance(padding, int) else list(padding)
    if len(sides) == 1:
        sides = sides * 4
    left, top, right, bottom = sides if len(sides) == 4 else (*sides, *sides)
    if _traced.is_traced(img):
        return _traced.padded(img, (left, top, right, bottom), fill, padding_mode)
    return reshape(img, None, now[0] + top + bottom, now[1] + left + right)


def to_tensor(pic: Any) -> Any:
    """(H, W, C) arrays and pictures become (C, H, W) tensors of floats."""
    if isinstance(pic, Picture):
        if pic.height is None or pic.width is None:
            return Inert('a picture of unknown size')
        return unknown_tensor((pic.channels, pic.height, pic.width))
    if isinstance(pic, numpy.ndarray):
        shape = pic.shape
        if len(shape) == 2:
            return unknown_tensor((1, *shape))
        return unknown_tensor((shape[2], shape[0], shape[1])) if len(shape) == 3 else Inert('numpy.ndarray')
    return pic


def pil_to_tensor(pic: Any) -> Any:
    tensor = to_tensor(pic)
    return tensor if isinstance(tensor, Inert) else unknown_tensor(tuple(tensor.shape), 'int', torch.uint8)


def to_pil_image(pic: Any, mode: Any = None) -> Any:
    if isinstance(pic, torch.Tensor):
        shape = pic.shape
        return Picture(shape[0] if len(shape) == 3 else 1, shape[-2], shape[-1])
    if isinstance(pic, numpy.ndarray):
        shape = pic.shape
        return Picture(shape[2] if len(shape) == 3 else 1, shape[0], shape[1])
    return pic


def to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    if _traced.is_traced(img):
        return _traced.grey(img, num_output_channels)
    return reshape(img, num_output_channels, None, None)


rgb_to_grayscale = to_grayscale


def convert_image_dtype(image: Any, dtype: Any = None) -> Any:
    return unknown_tensor(tuple(image.shape)) if isinstance(image, torch.Tensor) else image


def normalize(tensor: Any, mean: Any, std: Any, inplace: bool = False) -> Any:
    return _traced.normalized(tensor, mean, std) if _traced.is_traced(tensor) else tensor


def hflip(img: Any) -> Any:
    return img.flip(-1) if _traced.is_traced(img) else img


def vflip(img: Any) -> Any:
    return img.flip(-2) if _traced.is_traced(img) else img


horizontal_flip, vertical_flip = hflip, vflip


def gaussian_blur(img: Any, kernel_size: Any, sigma: Any = None) -> Any:
    if not _traced.is_traced(img):
        return img
    size = pair(kernel_size)
    if sigma is None:
        sigma = [0.3 * ((n - 1) * 0.5 - 1) + 0.8 for n in size]
    return _traced.blurred(img, size, [float(sigma)] * 2 if isinstance(sigma, (int, float)) else sigma)


def _of_pictures(name: str) -> Any:
    """A change of colours or places: a picture keeps its size; a tensor inside a model is not followed."""

    def change(img: Any, *arguments: Any, **options: Any) -> Any:
        if _traced.is_traced(img):
            raise UnsupportedOp(f'torchvision.transforms.functional.{name} in the forward pass')
        return img

    return change


rotate, affine, perspective, erase = map(_of_pictures, ('rotate', 'affine', 'perspective', 'erase'))
adjust_brightness, adjust_contrast = map(_of_pictures, ('adjust_brightness', 'adjust_contrast'))
adjust_saturation, adjust_hue = map(_of_pictures, ('adjust_saturation', 'adjust_hue'))
adjust_gamma, adjust_sharpness = map(_of_pictures, ('adjust_gamma', 'adjust_sharpness'))
autocontrast, equalize, invert = map(_of_pictures, ('autocontrast', 'equalize', 'invert'))
posterize, solarize, elastic_transform = map(_of_pictures, ('posterize', 'solarize', 'elastic_transform'))


def get_image_size(img: Any) -> Any:
    now = size_of(img)
    return [now[1], now[0]] if now else Inert('image size')


def get_dimensions(img: Any) -> Any:
    now = size_of(img)
    channels = img.channels if isinstance(img, Picture) else img.shape[-3]
    return [channels, *now] if now else Inert('image dimensions')


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torchvision.transforms.functional.{name}')
