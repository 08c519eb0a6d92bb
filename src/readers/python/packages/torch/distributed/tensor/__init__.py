"""`torch.distributed.tensor`"""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from . import parallel as parallel


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.distributed.tensor.{name}')
