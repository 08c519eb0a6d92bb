"""Gradient modes. Under `no_grad` what flows into an op is cut off first."""

from __future__ import annotations

import functools
from typing import Any, Callable, Self

from gradient_lens.session import session


class _Mode:
    """A context manager that also decorates functions, with or without being called first."""

    enabled = False

    def __new__(cls, function: Any = None, *args: Any, **kwargs: Any) -> Any:
        mode = object.__new__(cls)
        if callable(function):
            mode.__init__()
            return mode(function)
        return mode

    def __init__(self, *_: Any, **__: Any) -> None:
        self._outer: list[bool] = []

    def __enter__(self) -> Self:
        self._outer.append(session.grad)
        session.grad = self.enabled
        return self

    def __exit__(self, *_: object) -> None:
        session.grad = self._outer.pop()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return wrapped


class no_grad(_Mode):
    enabled = False


class enable_grad(_Mode):
    enabled = True


class inference_mode(_Mode):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        mode = kwargs.get('mode', args[0] if args else True)
        self.enabled = not (mode if isinstance(mode, bool) else True)


class set_grad_enabled:
    """Takes effect at once; as a context manager it sets the mode back."""

    def __init__(self, mode: bool) -> None:
        self._outer = session.grad
        session.grad = bool(mode)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        session.grad = self._outer


def is_grad_enabled() -> bool:
    return session.grad
