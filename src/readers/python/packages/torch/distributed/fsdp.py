"""`torch.distributed.fsdp`: shards of a model; over one device the model itself."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert

from ..nn.modules.parallel import DataParallel


class FullyShardedDataParallel(DataParallel):
    def __init__(self, module: Any, process_group: Any = None, **options: Any) -> None:
        super().__init__(module)

    def no_sync(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()


def fully_shard(module: Any, **options: Any) -> Any:
    return module


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.distributed.fsdp.{name}')
