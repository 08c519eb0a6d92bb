"""Loops over something unknown, which run once here and nobody knows how often in truth.

What a model is made of, or does, inside such a loop that began after the model did, is there an unknown number of times.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from .spans import Span


class UnknownLoop:
    """One loop; `label` is what it runs over, `span` where."""

    __slots__ = ('label', 'span')

    def __init__(self, label: str, span: Span | None) -> None:
        self.label = label
        self.span = span


class Repetition:
    """The unknown loops that are running, outermost first; there is one record, since Python code under trace has one thread."""

    def __init__(self) -> None:
        self.loops: list[UnknownLoop] = []
        self._ended: set[UnknownLoop] = set()

    def begin(self, loop: UnknownLoop) -> None:
        self.loops.append(loop)

    def end(self, loop: UnknownLoop) -> None:
        if loop in self.loops:
            self.loops.remove(loop)
        else:
            self._ended.add(loop)

    @contextmanager
    def afresh(self) -> Generator[None]:
        """Inside, only loops count that begin inside: what a call does is not multiplied by a loop around the call."""
        outer, self.loops = self.loops, []
        try:
            yield
        finally:
            self.loops = [loop for loop in outer if loop not in self._ended]
            self._ended.difference_update(outer)

    def clear(self) -> None:
        self.loops.clear()
        self._ended.clear()


repetition = Repetition()


class OneItem:
    """Iterates over one item; the loop counts as running from then until it asks for the next or is left."""

    __slots__ = ('_item', '_loop', '_state')

    def __init__(self, item: Any, label: str, span: Span | None) -> None:
        self._item = item
        self._loop = UnknownLoop(label, span)
        self._state = 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._state == 0:
            self._state = 1
            repetition.begin(self._loop)
            return self._item
        self._finish()
        raise StopIteration

    def __del__(self) -> None:
        # A `break`, or an exception, drops the iterator.
        self._finish()

    def _finish(self) -> None:
        if self._state == 1:
            repetition.end(self._loop)
        self._state = 2
