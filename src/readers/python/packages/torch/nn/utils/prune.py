"""`torch.nn.utils.prune`: masks that depend on the weights' values are refused by name."""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import UnsupportedOp


def identity(module: Any, name: str) -> Any:
    """A mask of ones."""
    return module


def is_pruned(module: Any) -> bool:
    return False


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise UnsupportedOp(f'torch.nn.utils.prune.{name}', 'leave the pruning off where the model is built')

    return refuse
