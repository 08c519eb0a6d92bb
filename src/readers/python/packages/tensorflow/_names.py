"""Where TensorFlow keeps its functions."""

from __future__ import annotations

import math
import sys
from typing import Any, Self

from gradient_lens.inert import Inert
from gradient_lens.session import session
from gradient_lens.spans import here

from keras import initializers
from keras._namespace import OPS
from keras._ops import creation, elementwise, indexing, joining
from keras import _data, _text
from keras._ops.pictures import TF_IMAGE
from keras._pictures import decoded, sized, unchanged
from keras._quiet import module, none
from keras._tensor import is_tensor
from keras._types import DType

from . import _functions as f

_SAME = (
    'abs add subtract multiply divide maximum minimum exp log log1p expm1 sqrt rsqrt square sin cos tan sinh cosh tanh '
    'sigmoid sign floor ceil round equal not_equal less less_equal greater greater_equal logical_and logical_or logical_not '
    'where cumsum cumprod tensordot einsum zeros ones zeros_like ones_like eye stop_gradient linspace reciprocal erf'
).split()
_DECODERS = {name: decoded for name in ('decode_jpeg', 'decode_png', 'decode_image', 'decode_bmp', 'decode_and_crop_jpeg')}
_DTYPES = 'float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool string'.split()


class _Tape:
    """`tf.GradientTape`: the gradients are measured elsewhere."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def gradient(self, target: Any = None, sources: Any = None, *_: Any, **__: Any) -> Any:
        if session.derived is not None:
            session.derived.append((target, sources, here()))
        return Inert('gradients')

    def jacobian(self, *_: Any, **__: Any) -> Any:
        return Inert('jacobian')

    def watch(self, *_: Any) -> None:
        return None


def _function(func: Any = None, **_: Any) -> Any:
    """`@tf.function`"""
    return func if callable(func) else (lambda inner: inner)


TOP: dict[str, Any] = {name: OPS[name] for name in _SAME}
TOP.update({name: DType(name) for name in _DTYPES})
TOP.update({f'reduce_{name}': f.reduction(name) for name in ('sum', 'mean', 'max', 'min', 'prod', 'any', 'all', 'logsumexp')})
TOP.update({
    'shape': f.shape, 'concat': f.concat, 'stack': f.stack, 'unstack': joining.unstack, 'split': joining.split_by_sizes,
    'reshape': f.reshape, 'transpose': f.transpose, 'tile': f.tile, 'expand_dims': f.expand_dims, 'squeeze': f.squeeze,
    'repeat': f.repeat, 'slice': f.slice_, 'broadcast_to': f.broadcast_to, 'cast': unchanged(f.cast), 'clip_by_value': f.clip_by_value,
    'pad': f.pad, 'matmul': f.matmul, 'fill': f.fill, 'constant': f.constant_, 'one_hot': f.one_hot,
    'gather': indexing.gather, 'convert_to_tensor': creation.convert_to_tensor, 'range': creation.arange, 'identity': elementwise.identity,
    'pow': OPS['power'], 'negative': OPS['negative'], 'argmax': OPS['argmax'], 'argmin': OPS['argmin'], 'norm': OPS['norm'],
    'reverse': joining.flip, 'roll': joining.roll, 'add_n': f.add_n, 'is_tensor': is_tensor, 'GradientTape': _Tape,
    'function': _function, 'TensorSpec': _data.TensorSpec, 'RaggedTensorSpec': _data.TensorSpec, 'no_op': none, 'print': none, 'rank': lambda x: x.ndim,
    'random_normal_initializer': initializers.RandomNormal, 'random_uniform_initializer': initializers.RandomUniform,
    'zeros_initializer': initializers.Zeros, 'ones_initializer': initializers.Ones,
    'constant_initializer': initializers.Constant, 'ensure_shape': lambda x, shape, name=None: x,
    'executing_eagerly': lambda: True,
})  # fmt: skip

_NN: dict[str, Any] = {
    name: OPS[name] for name in ('relu', 'relu6', 'elu', 'selu', 'silu', 'swish', 'sigmoid', 'tanh', 'softplus', 'softsign',
                                 'log_softmax', 'moments', 'top_k')
}  # fmt: skip
_NN.update({
    'softmax': f.nn_softmax, 'gelu': f.gelu, 'crelu': Inert('tensorflow.nn.crelu'), 'dropout': f.nn_dropout,
    'leaky_relu': lambda features, alpha=0.2, name=None: elementwise.leaky_relu(features, alpha),
    'l2_normalize': OPS['l2_normalize'], 'bias_add': f.bias_add, 'batch_normalization': f.batch_normalization,
    'conv1d': f.convolution, 'conv2d': f.convolution, 'conv3d': f.convolution, 'depthwise_conv2d': f.depthwise_conv2d,
    'max_pool': f.max_pool, 'max_pool1d': f.max_pool, 'max_pool2d': f.max_pool, 'max_pool3d': f.max_pool,
    'avg_pool': f.avg_pool, 'avg_pool1d': f.avg_pool, 'avg_pool2d': f.avg_pool, 'avg_pool3d': f.avg_pool,
    'embedding_lookup': lambda params, ids, *_, **__: indexing.take(params, ids, 0), 'depth_to_space': f.depth_to_space,
    'space_to_depth': f.space_to_depth,
})  # fmt: skip
_NN.update({
    name: f.loss_of(f'tf.nn.{name}')
    for name in ('softmax_cross_entropy_with_logits', 'sparse_softmax_cross_entropy_with_logits', 'sigmoid_cross_entropy_with_logits',
                 'l2_loss', 'ctc_loss')
})  # fmt: skip


def _dtypes() -> dict[str, Any]:
    return {name: DType(name) for name in _DTYPES}


def _math() -> dict[str, Any]:
    return {name: TOP[name] for name in TOP if name in OPS or name.startswith('reduce_')} | {
        'pow': OPS['power'], 'divide_no_nan': OPS['divide_no_nan'], 'squared_difference': OPS['squared_difference'],
        'l2_normalize': OPS['l2_normalize'], 'softplus': OPS['softplus'], 'reduce_std': f.reduction('std'),
        'reduce_variance': f.reduction('var'), 'is_nan': OPS['isnan'], 'top_k': indexing.top_k,
        'reduce_euclidean_norm': OPS['norm'], 'floormod': OPS['mod'], 'mod': OPS['mod'], 'log_sigmoid': OPS['log_sigmoid'],
        'atan2': OPS['arctan2'], 'add_n': f.add_n,
    }  # fmt: skip


def install() -> None:
    """Makes the modules of TensorFlow, and `tensorflow.keras` out of `keras`."""
    module('tensorflow.nn', **_NN)
    module('tensorflow.math', **_math())
    module('tensorflow.linalg', matmul=f.matmul, matrix_transpose=lambda a, name=None: joining.swapaxes(a, -1, -2),
           norm=OPS['norm'], eye=creation.eye, einsum=OPS['einsum'], tensordot=OPS['tensordot'],
           band_part=_band_part, l2_normalize=OPS['l2_normalize'])  # fmt: skip
    module('tensorflow.random', normal=creation.random_normal, uniform=creation.random_uniform, set_seed=none,
           truncated_normal=creation.random_truncated_normal, shuffle=lambda value, **_: value)  # fmt: skip
    module('tensorflow.image', resize=sized(f.resize), **{name: unchanged(item) for name, item in TF_IMAGE.items()},
           convert_image_dtype=unchanged(f.convert_image_dtype), **_DECODERS)  # fmt: skip
    module('tensorflow.experimental')
    module('tensorflow.experimental.numpy', **(OPS | _dtypes() | {
        'array': creation.convert_to_tensor, 'asarray': creation.convert_to_tensor, 'concatenate': joining.concatenate,
        'experimental_enable_numpy_behavior': none, 'newaxis': None, 'pi': math.pi,
    }))  # fmt: skip
    module('tensorflow.dtypes', **_dtypes(), cast=f.cast)
    module('tensorflow.data', Dataset=_data.Dataset, AUTOTUNE=_data.AUTOTUNE, TextLineDataset=_data.unknown_rows,
           TFRecordDataset=_data.unknown_rows)  # fmt: skip
    module('tensorflow.data.experimental', AUTOTUNE=_data.AUTOTUNE)
    module('tensorflow.config', list_physical_devices=lambda *_: [], set_visible_devices=none, run_functions_eagerly=none)
    module('tensorflow.config.experimental', list_physical_devices=lambda *_: [], set_memory_growth=none)
    module('tensorflow.io', **_DECODERS)
    for name in ('train', 'losses', 'metrics', 'saved_model', 'summary', 'distribute', 'compat', 'compat.v1', 'sets',
                 'python', 'errors', 'debugging', 'test', 'lite', 'signal', 'sparse', 'ragged'):  # fmt: skip
        module(f'tensorflow.{name}')
    module('tensorflow.strings', **{name: _text.same for name in ('lower', 'upper', 'strip', 'regex_replace', 'join', 'substr')})
    module('tensorflow.initializers', **{key: item for key, item in vars(initializers).items() if not key.startswith('_')})
    held = sys.modules['keras']
    for name, item in list(sys.modules.items()):
        if name == 'keras' or name.startswith('keras.'):
            sys.modules[f'tensorflow.{name}'] = item
            sys.modules[f'tensorflow.python.{name}'] = item
            sys.modules['tf_keras' + name.removeprefix('keras')] = item
    setattr(sys.modules['tensorflow'], 'keras', held)
    module('tensorflow.optimizers', **{key: item for key, item in vars(sys.modules['keras.optimizers']).items() if key[0] != '_'})


def _band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Any:
    """tf.linalg.band_part: the causal masks that are made with it keep one triangle whole."""
    lower, upper = int(num_lower), int(num_upper)
    made = input
    if upper >= 0:
        made = OPS['tril'](made, upper)
    return OPS['triu'](made, -lower) if lower >= 0 else made
