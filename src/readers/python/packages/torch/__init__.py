"""A tracing stand-in for PyTorch: running a model records its op graph instead of computing it."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from gradient_lens.inert import Inert

from . import _binding, _complex_ops
from ._grad import enable_grad as enable_grad
from ._grad import inference_mode as inference_mode
from ._grad import no_grad as no_grad
from ._grad import set_grad_enabled as set_grad_enabled
from ._namespace import NAMES as _NAMES
from ._tensor import Tensor as Tensor
from ._types import Size as Size
from ._types import device as device
from ._types import dtype as dtype

__version__ = '2.13.0'
globals().update(_NAMES)

_binding.bind()
_complex_ops.bind()

from . import nn as nn  # noqa: E402
from . import _aliases, _submodules  # noqa: E402

_submodules.install(sys.modules[__name__])
_aliases.install(sys.modules[__name__])
_complex_ops.install(sys.modules[__name__])

from . import optim as optim  # noqa: E402
from . import utils as utils  # noqa: E402

importlib.import_module('torch.utils.data')
for _name in ('futures', 'multiprocessing', 'distributed'):
    importlib.import_module(f'torch.{_name}')
importlib.import_module('torch.fft')


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(f"module 'torch' has no attribute {name!r}")
    try:
        return importlib.import_module(f'torch.{name}')
    except ModuleNotFoundError as error:
        if error.name != f'torch.{name}':
            raise
    # Not known here: harmless while nothing of the model goes through it, refused by name when something does.
    return Inert(f'torch.{name}')
