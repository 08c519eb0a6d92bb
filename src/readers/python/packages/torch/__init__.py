"""A tracing stand-in for PyTorch: running a model records its op graph instead of computing it."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from gradient_lens.inert import Inert

from . import _binding, _namespace
from ._grad import enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled
from ._namespace import *  # noqa: F403
from ._tensor import Tensor
from ._types import (
    Generator,
    Size,
    bfloat16,
    cdouble,
    cfloat,
    channels_last,
    channels_last_3d,
    complex64,
    complex128,
    contiguous_format,
    device,
    double,
    dtype,
    finfo,
    float16,
    float32,
    float64,
    half,
    iinfo,
    int8,
    int16,
    int32,
    int64,
    layout,
    long,
    memory_format,
    preserve_format,
    short,
    strided,
    uint8,
)
from ._types import bool_ as bool  # noqa: A004
from ._types import float32 as float  # noqa: A004
from ._types import int32 as int  # noqa: A004

__version__ = '2.13.0'

_binding.bind()

from . import nn  # noqa: E402
from . import _submodules  # noqa: E402

_submodules.install(sys.modules[__name__])

from . import optim, utils  # noqa: E402
from .utils import data as _data  # noqa: E402


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


__all__ = [name for name in globals() if not name.startswith('_') and name not in ('annotations', 'importlib', 'sys', 'Any')]
