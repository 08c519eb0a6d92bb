"""How much a script does on its own account, outside of any model that is being read."""

from __future__ import annotations

from collections.abc import Callable

from .session import session

#: Told of the ops of a script, as many as it ran; they may end it.
work_hooks: list[Callable[[int], None]] = []

#: Elements that take about as long to compute as an op takes by itself.
_ELEMENTS_AN_OP = 50


def worked(elements: int = 0) -> None:
    """An op on an array, a tensor or something unknown was run; `elements` are those that were computed one by one."""
    if session.recorder is None:
        for hook in work_hooks:
            hook(1 + elements // _ELEMENTS_AN_OP)
