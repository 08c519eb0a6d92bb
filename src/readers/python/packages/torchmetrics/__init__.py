"""Metrics say nothing about a model: calling one gives something unknown, and is no part of what is read."""

from __future__ import annotations

from typing import Any

from gradient_lens.inert import Inert


class Metric:
    """Any metric, and the root of the user's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        return

    def add_state(self, name: str, default: Any, *args: Any, **kwargs: Any) -> None:
        setattr(self, name, default)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Inert(f'{type(self).__name__}(...)')

    def update(self, *args: Any, **kwargs: Any) -> None:
        return

    def compute(self) -> Any:
        return Inert(f'{type(self).__name__}.compute()')

    def reset(self) -> None:
        return

    def to(self, *args: Any, **kwargs: Any) -> Metric:
        return self

    def clone(self, *args: Any, **kwargs: Any) -> Metric:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'{type(self).__name__}.{name}')


def __getattr__(name: str) -> Any:
    if name.startswith('__') or not name[:1].isupper():
        raise AttributeError(name)
    return type(name, (Metric,), {'__module__': __name__})
