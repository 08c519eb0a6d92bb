"""`tf.*` functions whose names or arguments differ from those of `keras.ops`."""

from __future__ import annotations

from typing import Any

from gradient_lens import primitives as p
from gradient_lens.errors import UnsupportedOp
from gradient_lens.inert import Inert
from gradient_lens.value import constant

from keras._namespace import OPS
from keras._ops import creation, elementwise, neural
from keras._ops.common import sizes
from keras._ops.elementwise import softmax_value
from keras._ops.joining import pad_value

from keras._tensor import Tensor, operation, value_of, wrap
from keras.layers.regularization import dropped


def reduction(name: str) -> Any:
    """`tf.reduce_mean(input_tensor, axis, keepdims)`."""
    run = OPS[name]

    def reduce(input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None, keep_dims: bool = False) -> Tensor:
        return run(input_tensor, axis, keepdims or keep_dims)

    reduce.__name__ = f'reduce_{name}'
    return reduce


@operation
def shape(input: Any, out_type: Any = None, name: str | None = None) -> Tensor:
    held = value_of(input).shape
    return wrap(constant(list(held), (len(held),), 'int'))


def concat(values: Any, axis: int = 0, name: str | None = None) -> Tensor:
    return OPS['concatenate'](values, axis)


def stack(values: Any, axis: int = 0, name: str | None = None) -> Tensor:
    return OPS['stack'](values, axis)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    return OPS['reshape'](tensor, shape)


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str | None = None) -> Tensor:
    return OPS['transpose'](a, perm)


def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    return OPS['tile'](input, multiples)


def expand_dims(input: Any, axis: Any = -1, name: str | None = None) -> Tensor:
    return OPS['expand_dims'](input, axis)


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Tensor:
    return OPS['squeeze'](input, axis)


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:
    return OPS['repeat'](input, repeats, axis)


def slice_(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    return OPS['slice'](input_, begin, size)


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    return OPS['broadcast_to'](input, shape)


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    return OPS['cast'](x, dtype)


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Tensor:
    return OPS['clip'](t, clip_value_min, clip_value_max)


@operation
def pad(tensor: Any, paddings: Any, mode: str = 'CONSTANT', constant_values: Any = 0, name: str | None = None) -> Tensor:
    return wrap(pad_value(value_of(tensor), [sizes(item) for item in paddings], mode.lower(), float(constant_values)))


@operation
def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False, *_: Any, **__: Any) -> Tensor:
    return OPS['matmul'](a, b, transpose_a, transpose_b)


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    return OPS['full'](dims, value)


def constant_(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    made = creation.convert_to_tensor(value, dtype)
    if shape is None:
        return made
    return OPS['broadcast_to'](made, shape) if not made.shape else OPS['reshape'](made, shape)


@operation
def one_hot(indices: Any, depth: Any, on_value: Any = None, off_value: Any = None, axis: Any = None, dtype: Any = None, name: str | None = None) -> Tensor:
    if on_value is not None or off_value is not None:
        raise UnsupportedOp('tf.one_hot with values of its own')
    return OPS['one_hot'](indices, depth, -1 if axis is None else axis, dtype)


@operation
def gelu(features: Any, approximate: bool = False, name: str | None = None) -> Tensor:
    return elementwise.gelu(features, approximate)


@operation
def nn_dropout(x: Any, rate: Any = None, noise_shape: Any = None, seed: Any = None, name: str | None = None) -> Tensor:
    """Acts whenever it is called: the caller asks for training himself."""
    return wrap(dropped(value_of(x), float(rate), [axis for axis, n in enumerate(noise_shape or ()) if n == 1]))


@operation
def bias_add(value: Any, bias: Any, data_format: Any = None, name: str | None = None) -> Tensor:
    held, offset = value_of(value), value_of(bias)
    if neural.layout_of(data_format) == neural.FIRST:
        offset = p.reshape(offset, (offset.size, *[1] * (len(held.shape) - 2)))
    return wrap(p.binary('add', held, offset))


@operation
def batch_normalization(x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: float, name: str | None = None) -> Tensor:
    spread = p.unary('rsqrt', p.binary('add', value_of(variance), p.fill(float(variance_epsilon), (), 'float')))
    made = p.binary('mul', p.binary('sub', value_of(x), value_of(mean)), spread)
    if scale is not None:
        made = p.binary('mul', made, value_of(scale))
    return wrap(made if offset is None else p.binary('add', made, value_of(offset)))


def _windows(name: str) -> Any:
    run = OPS[name]

    def pool(input: Any, ksize: Any, strides: Any, padding: str, data_format: Any = None, name: str | None = None) -> Tensor:
        return run(input, ksize, strides, padding.lower(), data_format)

    pool.__name__ = name
    return pool


def convolution(input: Any, filters: Any, strides: Any = 1, padding: Any = 'VALID', data_format: Any = None, dilations: Any = 1, name: str | None = None, **kwargs: Any) -> Tensor:
    return OPS['conv'](input, filters, strides, padding, data_format, dilations if dilations is not None else 1)


def depthwise_conv2d(input: Any, filter: Any, strides: Any, padding: Any, data_format: Any = None, dilations: Any = None, name: str | None = None) -> Tensor:
    return OPS['depthwise_conv'](input, filter, strides, padding, data_format, dilations or 1)


@operation
def nn_softmax(logits: Any, axis: Any = -1, name: str | None = None) -> Tensor:
    return wrap(softmax_value(value_of(logits), -1 if axis is None else axis))


@operation
def resize(images: Any, size: Any, method: str = 'bilinear', *_: Any, antialias: bool = False, **__: Any) -> Tensor:
    from keras.layers.reshaping import resized

    if antialias:
        raise UnsupportedOp('tf.image.resize with antialiasing')
    value = value_of(images)
    if len(value.shape) != 3:
        return wrap(resized(value, sizes(size), str(method).lower(), neural.LAST))
    # One picture without a batch.
    made = resized(p.reshape(value, (1, *value.shape)), sizes(size), str(method).lower(), neural.LAST)
    return wrap(p.reshape(made, made.shape[1:]))


def convert_image_dtype(image: Any, dtype: Any = 'float32', saturate: bool = False, name: str | None = None) -> Tensor:
    """Whole numbers become shares of the largest."""
    made = OPS['cast'](image, 'float32')
    whole = isinstance(image, Tensor) and value_of(image).dtype == 'int'
    return made / 255.0 if whole and 'float' in str(dtype) else made


@operation
def add_n(inputs: Any, name: str | None = None) -> Tensor:
    total = value_of(inputs[0])
    for item in inputs[1:]:
        total = p.binary('add', total, value_of(item))
    return wrap(total)


@operation
def depth_to_space(input: Any, block_size: int, data_format: Any = 'NHWC', name: str | None = None) -> Tensor:
    value = value_of(input)
    n, h, w, c = value.shape
    b = block_size
    parts = p.permute(p.reshape(value, (n, h, w, b, b, c // (b * b))), [0, 1, 3, 2, 4, 5])
    return wrap(p.reshape(parts, (n, h * b, w * b, c // (b * b))))


@operation
def space_to_depth(input: Any, block_size: int, data_format: Any = 'NHWC', name: str | None = None) -> Tensor:
    value = value_of(input)
    n, h, w, c = value.shape
    b = block_size
    parts = p.permute(p.reshape(value, (n, h // b, b, w // b, b, c)), [0, 1, 3, 2, 4, 5])
    return wrap(p.reshape(parts, (n, h // b, w // b, b * b * c)))


def loss_of(name: str) -> Any:
    def loss(*_: Any, **__: Any) -> Any:
        return Inert(f'{name}(...)')

    loss.__name__ = name
    return loss


max_pool, avg_pool = _windows('max_pool'), _windows('average_pool')


