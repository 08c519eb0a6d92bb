"""Wrappers that spread a model over devices: over one they call it."""

from __future__ import annotations

from typing import Any

from .module import Module


class DataParallel(Module):
    module: Any

    def __init__(self, module: Any, device_ids: Any = None, output_device: Any = None, dim: int = 0) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[int] = []

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        return self.module(*inputs, **kwargs)


class DistributedDataParallel(DataParallel):
    def __init__(self, module: Any, device_ids: Any = None, output_device: Any = None, dim: int = 0, **options: Any) -> None:
        super().__init__(module)

    def no_sync(self) -> Any:
        from contextlib import nullcontext

        return nullcontext()
