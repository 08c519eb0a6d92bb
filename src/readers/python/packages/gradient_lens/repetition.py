"""Loops over something unknown, which run once here and nobody knows how often in truth.

What a model is made of, or does, inside such a loop that began after the model did, is there an unknown number of times.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from .spans import Span


class UnknownLoop:
    """One loop; `label` is what it runs over, `span` where. Of a `while`, `lines` are the first and last of its frame."""

    __slots__ = ('label', 'span', '_frame', '_lines')

    def __init__(self, label: str, span: Span | None, frame: FrameType | None = None, lines: tuple[int, int] = (0, 0)) -> None:
        self.label = label
        self.span = span
        # Every statement of a file has a frame of its own, and a function that has ended has none.
        self._frame = None if frame is None else (id(frame), frame.f_code)
        self._lines = lines

    @property
    def left(self) -> bool:
        """Whether a `while` was left by a `break` or an exception."""
        if self._frame is None:
            return False
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if id(frame) == self._frame[0] and frame.f_code is self._frame[1]:
                return not self._lines[0] <= frame.f_lineno <= self._lines[1]
            frame = frame.f_back
        return True


class Repetition:
    """The unknown loops that are running, outermost first; there is one record, since Python code under trace has one thread."""

    def __init__(self) -> None:
        #: Those that began and have not said that they ended.
        self.loops: list[UnknownLoop] = []
        self._ended: set[UnknownLoop] = set()
        #: Loops that have begun so far.
        self.begun = 0

    def running(self) -> list[UnknownLoop]:
        """The loops around what happens now."""
        if self.loops and any(loop.left for loop in self.loops):
            self.loops = [loop for loop in self.loops if not loop.left]
        return self.loops

    def begin(self, loop: UnknownLoop) -> None:
        self.begun += 1
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
