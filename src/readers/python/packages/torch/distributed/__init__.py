"""`torch.distributed`, for a group of one."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from . import rpc as rpc
from . import autograd as autograd
from . import fsdp as fsdp
from . import nn as nn
from . import optim as optim
from . import tensor as tensor


def is_available() -> bool:
    return False


is_initialized = is_torchelastic_launched = is_available


def get_rank(group: Any = None) -> int:
    return 0


def get_world_size(group: Any = None) -> int:
    return 1


def _nothing(*_: Any, **__: Any) -> None:
    return None


init_process_group = destroy_process_group = barrier = _nothing


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.distributed.{name}')
