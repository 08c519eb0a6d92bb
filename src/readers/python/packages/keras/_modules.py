"""The smaller modules of Keras: backend, utils, callbacks, metrics, and names that older files import from."""

from __future__ import annotations

import sys
from typing import Any

from gradient_lens.inert import Inert
from gradient_lens.public.files import downloaded

from . import _datasets, _folders, _metrics, _public_sets, _quiet, losses
from ._context import context
from ._ops import creation, elementwise, joining, reductions
from ._quiet import classes, module, none
from ._tensor import Tensor
from ._variable import Variable

_CALLBACKS = (
    'Callback BackupAndRestore CSVLogger CallbackList EarlyStopping History LambdaCallback LearningRateScheduler '
    'ProgbarLogger ReduceLROnPlateau RemoteMonitor SwapEMAWeights TensorBoard TerminateOnNaN'
)
_SCHEDULES = (
    'ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay CosineDecay CosineDecayRestarts'
)


def _int_shape(x: Any) -> Any:
    return tuple(x.shape) if isinstance(x, Tensor) else Inert('int_shape')


def _register(package: Any = 'Custom', name: Any = None) -> Any:
    """`@keras.saving.register_keras_serializable(...)`"""
    return package if isinstance(package, type) else (lambda cls: cls)


def _get_file(fname: Any = None, origin: Any = None, *_: Any, **__: Any) -> Any:
    """`keras.utils.get_file`: where the download would lie."""
    return downloaded(fname, origin)


def _backend() -> dict[str, Any]:
    from ._namespace import OPS

    taken = {name: OPS[name] for name in ('sum', 'mean', 'max', 'min', 'prod', 'any', 'all', 'var', 'std', 'argmax', 'argmin',
                                          'exp', 'log', 'sqrt', 'square', 'abs', 'sign', 'round', 'sin', 'cos', 'maximum',
                                          'minimum', 'equal', 'not_equal', 'greater', 'greater_equal', 'less', 'less_equal',
                                          'reshape', 'transpose', 'squeeze', 'expand_dims', 'stack', 'repeat', 'tile',
                                          'relu', 'sigmoid', 'tanh', 'softmax', 'softplus', 'softsign', 'elu', 'hard_sigmoid',
                                          'cast', 'clip', 'zeros', 'ones', 'zeros_like', 'ones_like', 'arange', 'eye',
                                          'cumsum', 'cumprod', 'one_hot', 'logsumexp')}  # fmt: skip
    return taken | {
        'image_data_format': lambda: 'channels_last', 'set_image_data_format': none, 'floatx': lambda: 'float32',
        'set_floatx': none, 'epsilon': lambda: 1e-7, 'set_epsilon': none, 'backend': lambda: 'tensorflow',
        'clear_session': context.clear, 'int_shape': _int_shape, 'shape': creation.shape_of,
        'ndim': lambda x: x.ndim, 'is_keras_tensor': lambda x: isinstance(x, Tensor), 'learning_phase': lambda: 1,
        'set_learning_phase': none, 'concatenate': lambda tensors, axis=-1: joining.concatenate(tensors, axis),
        'permute_dimensions': lambda x, pattern: joining.transpose(x, pattern), 'flatten': joining.ravel,
        'dot': OPS['dot'], 'pow': OPS['power'], 'l2_normalize': reductions.l2_normalize,
        'random_normal': creation.random_normal, 'random_uniform': creation.random_uniform,
        'constant': creation.convert_to_tensor, 'stop_gradient': elementwise.stop_gradient, 'get_value': lambda x: x.numpy(),
        'batch_flatten': lambda x: joining.reshape(x, (-1, _size(x))), 'gather': lambda x, indices: OPS['take'](x, indices, 0),
        'Variable': Variable, 'variable': Variable, 'standardize_dtype': lambda dtype: dtype or 'float32', 'is_int_dtype': lambda dtype: 'int' in str(dtype),
    }  # fmt: skip


def _size(x: Any) -> int:
    total = 1
    for size in x.shape[1:]:
        total *= size
    return total


def install() -> None:
    """Makes the modules."""
    from ._applications import modules as _applications
    from ._hub import modules as _hub
    from .layers.regularization import dropout
    from .models import saving
    from .models.model import ModelCheckpoint
    from .optimizers import LearningRateSchedule, Optimizer

    backend = _backend()
    module('keras.backend', **backend)
    module('keras.config', **{name: backend[name] for name in ('floatx', 'epsilon', 'image_data_format', 'backend')},
           set_floatx=none, set_dtype_policy=none, enable_unsafe_deserialization=none, disable_interactive_logging=none)  # fmt: skip
    module(
        'keras.utils', to_categorical=_datasets.to_categorical, pad_sequences=_datasets.pad_sequences, set_random_seed=none,
        register_keras_serializable=_register, get_custom_objects=dict, plot_model=none, clear_session=context.clear,
        custom_object_scope=_quiet.Settable, normalize=reductions.l2_normalize, Sequence=object, PyDataset=_PyDataset,
        disable_interactive_logging=none, serialize_keras_object=none, deserialize_keras_object=none, get_file=_get_file,
    )  # fmt: skip
    module('keras.utils.np_utils', to_categorical=_datasets.to_categorical)
    module('keras.callbacks', **classes('keras.callbacks', _CALLBACKS), ModelCheckpoint=ModelCheckpoint)
    module('keras.metrics', **_metrics.METRICS, **losses.functions())
    penalties = classes('keras.regularizers', 'Regularizer L1 L2 L1L2 OrthogonalRegularizer')
    module('keras.regularizers', **penalties, l1=penalties['L1'], l2=penalties['L2'], l1_l2=penalties['L1L2'], get=lambda item: item)
    limits = classes('keras.constraints', 'Constraint MaxNorm MinMaxNorm NonNeg UnitNorm')
    module('keras.constraints', **limits, max_norm=limits['MaxNorm'], min_max_norm=limits['MinMaxNorm'],
           non_neg=limits['NonNeg'], unit_norm=limits['UnitNorm'], maxnorm=limits['MaxNorm'], get=lambda item: item)  # fmt: skip
    module('keras.optimizers.schedules', LearningRateSchedule=LearningRateSchedule,
           **classes('keras.optimizers.schedules', _SCHEDULES, LearningRateSchedule))  # fmt: skip
    module('keras.optimizers.legacy', **{name: item for name, item in vars(sys.modules['keras.optimizers']).items()
                                         if isinstance(item, type) and issubclass(item, Optimizer)})  # fmt: skip
    module('keras.saving', register_keras_serializable=_register, load_model=saving.load_model,
           save_model=saving.save_model)  # fmt: skip
    module('keras.mixed_precision', set_global_policy=none)
    module('keras.random', normal=creation.random_normal, uniform=creation.random_uniform, SeedGenerator=_quiet.Settable,
           randint=creation.random_integers, dropout=dropout, truncated_normal=creation.random_truncated_normal)  # fmt: skip
    module('keras.preprocessing')
    module('keras.preprocessing.sequence', pad_sequences=_datasets.pad_sequences)
    module('keras.preprocessing.image')
    module('keras.preprocessing.text')
    _applications.install()
    _hub.install()
    module('keras.distribution')
    module('keras.export')
    module('keras.src')
    module('keras.engine')
    layers = sys.modules['keras.layers']
    for name in ('core', 'convolutional', 'pooling', 'merge', 'recurrent', 'embeddings', 'normalization', 'advanced_activations',
                 'wrappers', 'noise'):  # fmt: skip
        # Keras 2 kept its layers in these modules.
        module(f'keras.layers.{name}', **{key: item for key, item in vars(layers).items() if not key.startswith('_')})
    module('keras.layers.experimental')
    module('keras.layers.experimental.preprocessing', **{key: item for key, item in vars(layers).items() if key[0].isupper()})
    _datasets.install()
    _folders.install()
    _public_sets.install()
    module('keras.wrappers')
    module('keras.initializers')


class _PyDataset:
    """Root class of data sets that the user defines."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass
