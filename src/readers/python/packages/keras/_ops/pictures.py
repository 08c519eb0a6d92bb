"""Pictures [N, H, W, C] or [H, W, C]: patches, cropping, padding, turning, grey values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import BadArgument, UnsupportedOp
from gradient_lens.session import session
from gradient_lens.value import Value, constant

from .._tensor import Tensor, operation, value_of, wrap
from . import neural
from .common import number, sizes

#: ITU-R BT.601, as `tf.image.rgb_to_grayscale` has them.
_GREY = (0.2989, 0.587, 0.114)


def _pair(item: Any) -> tuple[int, int]:
    """A size for both axes, also among those of batch and channels (`[1, 8, 8, 1]`)."""
    if isinstance(item, int):
        return item, item
    held = sizes(item)
    first, second = held[1:3] if len(held) == 4 else held
    return first, second


def _batched(value: Value) -> tuple[Value, bool]:
    if len(value.shape) not in (3, 4):
        raise BadArgument(f'a picture has 3 axes, or 4 with the batch; found the shape {list(value.shape)}')
    return (value, True) if len(value.shape) == 4 else (p.reshape(value, (1, *value.shape)), False)


def _unbatched(value: Value, batched: bool) -> Tensor:
    return wrap(value if batched else p.reshape(value, value.shape[1:]))


def _windows(value: Value, axis: int, size: int, stride: int, rate: int) -> Value:
    """The axis cut into windows: [..., places, size, ...]."""
    places = max((value.shape[axis] - (size - 1) * rate - 1) // stride + 1, 0)
    before, after = value.shape[:axis], value.shape[axis + 1 :]
    if stride == size and rate == 1:
        return p.reshape(p.narrow(value, axis, 0, places * size), (*before, places, size, *after))
    taken = [place * stride + step * rate for place in range(places) for step in range(size)]
    return p.reshape(p.gather(value, constant(taken, (len(taken),), 'int'), axis), (*before, places, size, *after))


def _patches(value: Value, size: tuple[int, int], stride: tuple[int, int], rate: tuple[int, int], padding: str) -> Value:
    """[N, places, places, height * width * C], the channels of a patch innermost (`tf.image.extract_patches`)."""
    if padding.lower() == 'same':
        margins = []
        for n, k, s, r in zip(value.shape[1:3], size, stride, rate):
            total = max((-(-n // s) - 1) * s + (k - 1) * r + 1 - n, 0)
            margins.append((total // 2, total - total // 2))
        value = _padded(value, margins)
    rows = _windows(value, 1, size[0], stride[0], rate[0])
    cells = _windows(rows, 3, size[1], stride[1], rate[1])
    n, h, kh, w, kw, c = cells.shape
    return p.reshape(p.permute(cells, [0, 1, 3, 2, 4, 5]), (n, h, w, kh * kw * c))


def _padded(value: Value, margins: Sequence[tuple[int, int]]) -> Value:
    from .joining import pad_value

    return pad_value(value, [[0, 0], *map(list, margins), [0, 0]], 'constant', 0.0)


@operation
def extract_patches(
    images: Any = None, size: Any = None, strides: Any = None, dilation_rate: Any = 1, padding: str = 'valid', data_format: Any = None,
    *, image: Any = None,
) -> Tensor:  # fmt: skip
    """`keras.ops.image.extract_patches`"""
    value, batched = _batched(value_of(images if images is not None else image))
    if neural.layout_of(data_format) == neural.FIRST:
        raise UnsupportedOp('extract_patches with the channels first')
    shape = _pair(size)
    return _unbatched(_patches(value, shape, shape if strides is None else _pair(strides), _pair(dilation_rate), padding), batched)


@operation
def tf_extract_patches(images: Any, sizes: Any, strides: Any, rates: Any, padding: str, name: str | None = None) -> Tensor:
    value, batched = _batched(value_of(images))
    return _unbatched(_patches(value, _pair(sizes), _pair(strides), _pair(rates), padding), batched)


def _cut(images: Any, top: Any, left: Any, height: Any, width: Any) -> Tensor:
    value, batched = _batched(value_of(images))
    y, x, h, w = (number(item) for item in (top, left, height, width))
    if y < 0 or x < 0 or y + h > value.shape[1] or x + w > value.shape[2]:
        raise BadArgument(f'the box of {h}x{w} at ({y}, {x}) does not lie in pictures of {value.shape[1]}x{value.shape[2]}')
    return _unbatched(p.narrow(p.narrow(value, 1, y, y + h), 2, x, x + w), batched)


@operation
def crop_to_bounding_box(image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> Tensor:
    return _cut(image, offset_height, offset_width, target_height, target_width)


@operation
def pad_to_bounding_box(image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any) -> Tensor:
    value, batched = _batched(value_of(image))
    y, x, h, w = (number(item) for item in (offset_height, offset_width, target_height, target_width))
    margins = [(y, h - y - value.shape[1]), (x, w - x - value.shape[2])]
    if min(item for pair in margins for item in pair) < 0:
        raise BadArgument(f'a picture of {value.shape[1]}x{value.shape[2]} does not fit into {h}x{w} at ({y}, {x})')
    return _unbatched(_padded(value, margins), batched)


@operation
def resize_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    value, batched = _batched(value_of(image))
    for axis, wanted in ((1, number(target_height)), (2, number(target_width))):
        spare = wanted - value.shape[axis]
        if spare < 0:
            value = p.narrow(value, axis, -spare // 2, -spare // 2 + wanted)
        elif spare > 0:
            margins = [(0, 0), (0, 0)]
            margins[axis - 1] = (spare // 2, spare - spare // 2)
            value = _padded(value, margins)
    return _unbatched(value, batched)


@operation
def central_crop(image: Any, central_fraction: Any) -> Tensor:
    value, batched = _batched(value_of(image))
    for axis in (1, 2):
        start = int((value.shape[axis] - value.shape[axis] * float(central_fraction)) / 2)
        value = p.narrow(value, axis, start, value.shape[axis] - start)
    return _unbatched(value, batched)


def _turned(axis: int) -> Any:
    def turn(image: Any, **_: Any) -> Tensor:
        value, batched = _batched(value_of(image))
        return _unbatched(p.same('flip', value, {'axes': [axis]}), batched)

    turn.__name__ = 'flip_up_down' if axis == 1 else 'flip_left_right'
    return operation(turn)


@operation
def rgb_to_grayscale(images: Any, *_: Any, **__: Any) -> Tensor:
    value = p.cast(value_of(images), 'float')
    weights = constant(list(_GREY), (3,), 'float')
    return wrap(p.reduce('sum', p.binary('mul', value, weights), [len(value.shape) - 1], True))


@operation
def grayscale_to_rgb(images: Any, **_: Any) -> Tensor:
    value = value_of(images)
    return wrap(p.concat([value] * 3, len(value.shape) - 1))


@operation
def per_image_standardization(image: Any) -> Tensor:
    """Mean 0 and variance 1 of each picture; the deviation is held above 1 / sqrt(elements)."""
    value = p.cast(value_of(image), 'float')
    axes = list(range(len(value.shape)))[-3:]
    count = 1
    for axis in axes:
        count *= value.shape[axis]
    apart = p.binary('sub', value, p.reduce('mean', value, axes, True))
    spread = p.unary('sqrt', p.reduce('mean', p.binary('mul', apart, apart), axes, True))
    return wrap(p.binary('div', apart, p.binary('maximum', spread, p.fill(count**-0.5, (), 'float'))))


def _at_random(name: str) -> Any:
    """A change of pictures that is drawn anew for each: their shape stays; in a model it is not followed."""

    def change(image: Any, *_: Any, **__: Any) -> Tensor:
        if session.recording:
            raise UnsupportedOp(f'`tf.image.{name}`', 'use the layer of Keras for it, or apply it to the data')
        return wrap(value_of(image))

    change.__name__ = name
    return operation(change)


@operation
def random_crop(value: Any, size: Any, *_: Any, **__: Any) -> Tensor:
    held, wanted = value_of(value), sizes(size)
    if session.recording:
        raise UnsupportedOp('`tf.image.random_crop`', 'use the layer RandomCrop, or apply it to the data')
    for axis, n in enumerate(wanted):
        held = p.narrow(held, axis, 0, held.shape[axis] if n < 0 else n)
    return wrap(held)


flip_up_down, flip_left_right = _turned(1), _turned(2)

_RANDOM = (
    'random_flip_left_right random_flip_up_down random_brightness random_contrast random_hue random_saturation random_jpeg_quality '
    'stateless_random_flip_left_right stateless_random_flip_up_down stateless_random_brightness stateless_random_contrast'
).split()

#: `tf.image`
TF_IMAGE: dict[str, Any] = {
    'extract_patches': tf_extract_patches, 'crop_to_bounding_box': crop_to_bounding_box, 'pad_to_bounding_box': pad_to_bounding_box,
    'resize_with_crop_or_pad': resize_with_crop_or_pad, 'central_crop': central_crop, 'flip_up_down': flip_up_down,
    'flip_left_right': flip_left_right, 'rgb_to_grayscale': rgb_to_grayscale, 'grayscale_to_rgb': grayscale_to_rgb,
    'per_image_standardization': per_image_standardization, 'random_crop': random_crop,
    **{name: _at_random(name) for name in _RANDOM},
}  # fmt: skip
