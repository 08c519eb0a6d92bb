"""Objects of settings (`args`, `config`) some of whose values are not known: what a model asks of them is assumed by its name."""

from __future__ import annotations

import copy
import inspect
from argparse import Namespace
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ..inert import Inert
from .assumptions import assumed_value
from .tensors import Module

#: Told of the name of a setting, its unknown value, and the one that is taken.
type Tell = Callable[[str, Inert, Any], None]


def has_unknown_settings(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    return any(_is_unsettled(value) for value in (*arguments, *keywords.values()))


def settled(value: Any, tell: Tell) -> Any:
    """A copy of such an object that gives a value where its own is unknown and the name says what it may be."""
    if not _is_unsettled(value):
        return value
    kind: Any = type(value)

    class Settled(kind):
        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            if not isinstance(found, Inert):
                return found
            try:
                assumed = assumed_value(inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD))
            except (KeyError, ValueError):
                return found
            if not isinstance(assumed, (int, float)):
                return found
            tell(name, found, assumed)
            object.__setattr__(self, name, assumed)
            return assumed

    Settled.__name__, Settled.__qualname__, Settled.__module__ = kind.__name__, kind.__qualname__, kind.__module__
    if kind is SimpleNamespace:
        return Settled(**vars(value))
    made = copy.copy(value)
    object.__setattr__(made, '__class__', Settled)
    return made


def _is_unsettled(value: Any) -> bool:
    """Whether a value is such an object: a namespace, or an instance of a plain class of the user's."""
    kind: Any = type(value)
    plain = kind in (Namespace, SimpleNamespace) or (kind.__module__ == '__main__' and not isinstance(value, (Module, type, Inert)))
    return plain and type(getattr(value, '__dict__', None)) is dict and any(isinstance(item, Inert) for item in vars(value).values())
