"""`torch.distributed.autograd`: backward passes over all workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradient_lens.inert import Inert


class context:
    """`with dist_autograd.context() as context_id:`"""

    def __enter__(self) -> int:
        return 1

    def __exit__(self, *_: object) -> None:
        return None


def backward(context_id: int, roots: Sequence[Any], retain_graph: bool = False) -> None:
    for root in roots:
        root.backward()


def get_gradients(context_id: int) -> Any:
    return Inert('torch.distributed.autograd.get_gradients(...)')
