"""Metrics as functions, which give something unknown."""

from typing import Any

from gradient_lens.inert import Inert


def __getattr__(name: str) -> Any:
    if name.startswith('__'):
        raise AttributeError(name)

    def metric(*args: Any, **kwargs: Any) -> Any:
        return Inert(f'{name}(...)')

    return metric
