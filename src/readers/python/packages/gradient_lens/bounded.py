"""Unknown counts with a known most: how many words a vocabulary of at most 20,000 has, and the places in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .inert import Inert, inert_label
from .repetition import OneItem
from .spans import here


class AtMost(Inert):
    """A whole number of which only the most is known. A comparison that the most decides is decided."""

    _most: int

    def __init__(self, label: str, most: int, *, repeats: bool = False) -> None:
        super().__init__(label, repeats=repeats)
        object.__setattr__(self, '_most', most)

    @property
    def most(self) -> int:
        return self._most

    def ranged(self) -> Inert:
        return Places(f'range({inert_label(self)})', self._most)

    def __lt__(self, other: Any) -> Any:
        return True if isinstance(other, int) and self._most < other else super().__lt__(other)  # type: ignore[misc]

    def __le__(self, other: Any) -> Any:
        return True if isinstance(other, int) and self._most <= other else super().__le__(other)  # type: ignore[misc]

    def __gt__(self, other: Any) -> Any:
        return False if isinstance(other, int) and self._most <= other else super().__gt__(other)  # type: ignore[misc]

    def __ge__(self, other: Any) -> Any:
        return False if isinstance(other, int) and self._most < other else super().__ge__(other)  # type: ignore[misc]

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int):
            return AtMost(f'{inert_label(self)} + {other}', self._most + other, repeats=self._inert_repeats)
        return super().__add__(other)  # type: ignore[misc]

    __radd__ = __iadd__ = __add__


class Places(Inert):
    """`range` of an unknown count."""

    _count: int

    def __init__(self, label: str, count: int) -> None:
        super().__init__(label)
        object.__setattr__(self, '_count', count)

    def __iter__(self) -> Iterator[Any]:
        label = inert_label(self)
        return OneItem(AtMost(f'{label}[...]', max(0, self._count - 1), repeats=True), label, here())


class Listed(Inert):
    """A list of unknown things, of which the most is known that there are."""

    _most: int

    def __init__(self, label: str, most: int) -> None:
        super().__init__(label)
        object.__setattr__(self, '_most', most)

    def counted(self) -> Inert:
        return AtMost(f'len({inert_label(self)})', self._most)
