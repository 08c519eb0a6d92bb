"""The names of `keras.ops`."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import UnsupportedOp

from ._ops import arithmetic, composed, creation, elementwise, indexing, joining, neural, pictures, reductions, spectra
from ._pictures import sized
from ._tensor import Tensor, operation, value_of, wrap


def _spatial(x: Any) -> int:
    return len(value_of(x).shape) - 2


def _padding(padding: Any) -> Any:
    return padding.lower() if isinstance(padding, str) else padding


def _inner(item: Any, count: int) -> Any:
    """TensorFlow gives strides with batch and channels; the inner ones count."""
    return list(item)[1:-1] if isinstance(item, (list, tuple)) and len(item) == count + 2 else item


@operation
def conv(
    inputs: Any, kernel: Any, strides: Any = 1, padding: Any = 'valid', data_format: Any = None, dilation_rate: Any = 1,
    name: str | None = None,
) -> Tensor:  # fmt: skip
    count, weight, layout = _spatial(inputs), value_of(kernel), neural.layout_of(data_format)
    value = value_of(inputs)
    channels = value.shape[-1] if layout == neural.LAST else value.shape[1]
    groups = channels // weight.shape[-2]
    return wrap(neural.conv(value, weight, None, _inner(strides, count), _padding(padding), _inner(dilation_rate, count), groups, layout))


@operation
def depthwise_conv(
    inputs: Any, kernel: Any, strides: Any = 1, padding: Any = 'valid', data_format: Any = None, dilation_rate: Any = 1
) -> Tensor:
    count, layout = _spatial(inputs), neural.layout_of(data_format)
    made = neural.depthwise(
        value_of(inputs), value_of(kernel), None, _inner(strides, count), _padding(padding), _inner(dilation_rate, count), layout
    )
    return wrap(made)


@operation
def conv_transpose(
    inputs: Any, kernel: Any, strides: Any = 1, padding: str = 'valid', output_padding: Any = None, data_format: Any = None,
    dilation_rate: Any = 1,
) -> Tensor:  # fmt: skip
    layout = neural.layout_of(data_format)
    made = neural.conv_transpose(
        value_of(inputs), value_of(kernel), None, strides, _padding(padding), output_padding, dilation_rate, layout
    )
    return wrap(made)


def _pool(name: str, kind: str) -> Any:
    def run(inputs: Any, pool_size: Any = 2, strides: Any = None, padding: str = 'valid', data_format: Any = None) -> Tensor:
        count = _spatial(inputs)
        layout = neural.layout_of(data_format)
        return wrap(neural.pool(value_of(inputs), kind, _inner(pool_size, count), _inner(strides, count), padding.lower(), count, layout))

    run.__name__ = name
    return operation(run)


OPS: dict[str, Any] = {
    **composed.FUNCTIONS,
    **elementwise.FUNCTIONS, **arithmetic.FUNCTIONS, **reductions.FUNCTIONS, **joining.FUNCTIONS, **indexing.FUNCTIONS,
    **creation.FUNCTIONS, 'conv': conv, 'depthwise_conv': depthwise_conv,
    'conv_transpose': conv_transpose, 'max_pool': _pool('max_pool', 'max'), 'average_pool': _pool('average_pool', 'avg'),
    'normalize': reductions.l2_normalize, **spectra.FUNCTIONS,
}  # fmt: skip


@operation
def resize(
    images: Any, size: Any = None, interpolation: str = 'bilinear', antialias: bool = False, crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False, fill_mode: Any = 'constant', fill_value: Any = 0.0, data_format: Any = None,
) -> Tensor:  # fmt: skip
    """`keras.ops.image.resize`"""
    from .layers.reshaping import resized

    if antialias or crop_to_aspect_ratio or pad_to_aspect_ratio:
        raise UnsupportedOp('`keras.ops.image.resize` with antialiasing, or one that keeps the aspect ratio')
    return wrap(resized(value_of(images), [int(n) for n in size], interpolation, neural.layout_of(data_format)))


#: `keras.ops.image`
IMAGE: dict[str, Any] = {
    'extract_patches': pictures.extract_patches, 'rgb_to_grayscale': pictures.rgb_to_grayscale, 'resize': sized(resize),
}  # fmt: skip
