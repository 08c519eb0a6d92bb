"""Changes to modules and classes that are taken back when a reading ends."""

from __future__ import annotations

import linecache
import os
import sys
from contextlib import ExitStack
from typing import Any

from ..spans import USER_ROOT

_MISSING = object()


class Patches(ExitStack):
    """Use as a context manager around a reading."""

    def set(self, owner: Any, name: str, value: Any) -> None:
        """Sets an attribute until the end."""
        before = vars(owner).get(name, _MISSING)
        setattr(owner, name, value)
        if before is _MISSING:
            self.callback(delattr, owner, name)
        else:
            self.callback(setattr, owner, name, before)

    def add(self, held: list[Any], item: Any, at: int | None = None) -> None:
        """Puts an item on a list until the end."""
        held.insert(len(held) if at is None else at, item)
        self.callback(_take_out, held, item)

    def keep_modules(self) -> None:
        """Forgets at the end which modules the user's code imported, where it stood, and what was read of its files."""
        modules, folder, places = dict(sys.modules), os.getcwd(), list(sys.path)
        own = {folder for _, folders, _ in os.walk(USER_ROOT) for folder in folders}
        for package in own.intersection(('timm', 'lightning', 'pytorch_lightning', 'torchmetrics', 'accelerate')):
            # The workspace's own package goes before the stand-in.
            for name in [name for name in sys.modules if name == package or name.startswith(package + '.')]:
                del sys.modules[name]

        def restore() -> None:
            for name in list(sys.modules):
                if name not in modules:
                    del sys.modules[name]
            sys.modules.update(modules)
            os.chdir(folder)
            sys.path[:] = places
            for name in [name for name in linecache.cache if name.startswith(USER_ROOT)]:
                del linecache.cache[name]

        self.callback(restore)


def _take_out(held: list[Any], item: Any) -> None:
    for place, other in enumerate(held):
        if other is item:
            del held[place]
            return
