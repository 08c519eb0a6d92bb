"""A tracing stand-in for Keras 3: running a model records its op graph instead of computing it."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from . import _modules
from ._ops import binding as _binding
from ._tensor import Tensor as KerasTensor
from ._variable import Variable as Variable

__version__ = '3.15.0'

_binding.bind()

from . import activations as activations  # noqa: E402
from . import initializers as initializers  # noqa: E402
from . import layers as layers  # noqa: E402
from . import losses as losses  # noqa: E402
from . import models as models  # noqa: E402
from . import ops as ops  # noqa: E402
from . import optimizers as optimizers  # noqa: E402
from .initializers import Initializer as Initializer  # noqa: E402
from .layers.inputs import Input as Input  # noqa: E402
from .layers.inputs import InputLayer as InputLayer  # noqa: E402
from .layers.layer import Layer as Layer  # noqa: E402
from .losses import Loss as Loss  # noqa: E402
from .models import Model as Model  # noqa: E402
from .models import Sequential as Sequential  # noqa: E402
from .optimizers import Optimizer as Optimizer  # noqa: E402

_modules.install()

__all__ = ['KerasTensor']


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'keras.{name}')
