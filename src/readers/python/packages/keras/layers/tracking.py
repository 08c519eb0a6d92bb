"""What a layer holds: layers and variables, in the order in which they are set (Keras 3's `Tracker`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, SupportsIndex

type Notice = Callable[[Any], None]


class TrackedList(list[Any]):
    """A list in a layer: what is put into it belongs to the layer."""

    _notice: Notice

    @staticmethod
    def of(items: Iterable[Any], notice: Notice) -> TrackedList:
        made = TrackedList(items)
        made._notice = notice
        for item in made:
            notice(item)
        return made

    def append(self, item: Any) -> None:
        super().append(item)
        self._notice(item)

    def insert(self, index: SupportsIndex, item: Any) -> None:
        super().insert(index, item)
        self._notice(item)

    def extend(self, items: Iterable[Any]) -> None:
        for item in items:
            self.append(item)

    def __iadd__(self, items: Iterable[Any]) -> TrackedList:  # type: ignore[override,misc]
        self.extend(items)
        return self

    def __setitem__(self, key: Any, item: Any) -> None:
        super().__setitem__(key, item)
        self._notice(item)


class TrackedDict(dict[Any, Any]):
    """A dict in a layer."""

    _notice: Notice

    @staticmethod
    def of(items: dict[Any, Any], notice: Notice) -> TrackedDict:
        made = TrackedDict(items)
        made._notice = notice
        for item in made.values():
            notice(item)
        return made

    def __setitem__(self, key: Any, item: Any) -> None:
        super().__setitem__(key, item)
        self._notice(item)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, item in dict(*args, **kwargs).items():
            self[key] = item


def tracked(value: Any, notice: Notice) -> Any:
    """The value, its containers made to tell of what is put in later."""
    if type(value) is list:
        return TrackedList.of(value, notice)
    if type(value) is dict:
        return TrackedDict.of(value, notice)
    notice(value)
    return value
