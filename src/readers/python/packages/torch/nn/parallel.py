"""`torch.nn.parallel`."""

from __future__ import annotations

from typing import Any

from .modules.parallel import DataParallel as DataParallel
from .modules.parallel import DistributedDataParallel as DistributedDataParallel


def data_parallel(
    module: Any, inputs: Any, device_ids: Any = None, output_device: Any = None, dim: int = 0, module_kwargs: Any = None
) -> Any:
    """Over one device it is a call."""
    given = inputs if isinstance(inputs, tuple) else (inputs,)
    return module(*given, **(module_kwargs or {}))
