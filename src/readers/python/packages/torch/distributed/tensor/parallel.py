"""`torch.distributed.tensor.parallel`: layers spread over devices; over one device they are as they were."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert


def parallelize_module(module: Any, *arguments: Any, **options: Any) -> Any:
    return module


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.distributed.tensor.parallel.{name}')
