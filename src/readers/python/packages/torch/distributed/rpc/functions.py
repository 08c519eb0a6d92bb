"""`torch.distributed.rpc.functions`"""

from __future__ import annotations

from typing import Any


def async_execution(fn: Any) -> Any:
    """Marks a function that gives a future; the caller waits for it."""
    return fn
