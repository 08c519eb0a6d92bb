"""`torch.distributed.optim`"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradient_lens.inert import Inert

from .._rref import RRef


class DistributedOptimizer:
    """Steps the optimisers of all workers; here they are one."""

    def __init__(self, optimizer_class: Any, params_rref: Sequence[Any], *args: Any, **kwargs: Any) -> None:
        held = [item.local_value() if isinstance(item, RRef) else item for item in params_rref]
        self.optim = optimizer_class(held, *args, **kwargs)

    def step(self, context_id: int) -> None:
        self.optim.step()


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)
    return Inert(f'torch.distributed.optim.{name}')
