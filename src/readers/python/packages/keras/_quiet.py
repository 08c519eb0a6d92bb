"""Parts of Keras and TensorFlow that no model goes through: known names do nothing, the rest is unknown."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from gradient_lens.inert import Inert


class Quiet(ModuleType):
    """A module whose unknown names are inert."""

    __path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'{self.__name__}.{name}')


def module(name: str, **contents: Any) -> ModuleType:
    """Makes a module (or adds to it) and hangs it into its parent."""
    made = sys.modules.get(name)
    if made is None:
        made = sys.modules[name] = Quiet(name)
    for key, value in contents.items():
        setattr(made, key, value)
    parent, _, leaf = name.rpartition('.')
    if parent in sys.modules:
        setattr(sys.modules[parent], leaf, made)
    return made


def none(*_: Any, **__: Any) -> None:
    return None


def decorator(function: Any = None, *_: Any, **__: Any) -> Any:
    """A decorator that changes nothing, with or without arguments."""
    return function if callable(function) else (lambda inner: inner)


class Settable:
    """A callback, metric or penalty: takes any arguments and keeps them as attributes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.update(kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Inert(f'{type(self).__name__}(...)')

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return Inert(f'{type(self).__name__}.{name}')


def classes(home: str, names: str, base: type = Settable) -> dict[str, Any]:
    return {name: type(name, (base,), {'__module__': home}) for name in names.split()}
