"""Python's own `random` in a forward pass: a number drawn there decides as a draw of the framework does."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import Any

from ..chance import note
from ..session import session
from .patches import Patches

#: Draws of which the one in the middle is taken, where a function gives numbers.
_DRAWS = 101
_NUMBERS = 'random uniform triangular gauss normalvariate betavariate expovariate randint randrange getrandbits'.split()
_OTHERS = 'choice choices sample shuffle'.split()


def install(patches: Patches) -> None:
    """Puts the module's functions under watch."""
    for name in _NUMBERS:
        patches.set(random, name, _watched(name, getattr(random, name), _middle))
    for name in _OTHERS:
        patches.set(random, name, _watched(name, getattr(random, name), _first))


def _watched(name: str, plain: Callable[..., Any], chosen: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(plain)
    def draw(*arguments: Any, **keywords: Any) -> Any:
        if not session.recording:
            return plain(*arguments, **keywords)
        note(f'What `random.{name}` gives')
        # The same source each time: a model is read alike however often it is tried.
        return chosen(functools.partial(getattr(random.Random(0), name), *arguments, **keywords))

    return draw


def _middle(draw: Callable[[], Any]) -> Any:
    return sorted(draw() for _ in range(_DRAWS))[_DRAWS // 2]


def _first(draw: Callable[[], Any]) -> Any:
    return draw()
