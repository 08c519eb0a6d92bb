"""What holds while layers run: training mode, and the names of the layers around."""

from __future__ import annotations

import functools
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from ._saved import Saved

#: Stands for the batch of symbolic tensors while layers are connected; the model runs anew with the real one.
SYMBOLIC_BATCH = 251


class Context:
    """Plain record; there is one, since Python code under trace has one thread."""

    def __init__(self) -> None:
        #: What a layer takes for `training` where its caller says nothing.
        self.training = True
        #: Names of the layers being built or called, outermost first.
        self.scope: list[str] = []
        #: Sizes taken for what is not known, by how the file spells it.
        self.assumed: dict[str, int] = {}
        #: Runs of functional models that go on, outermost first (`models.wiring.Pass`).
        self.passes: list[Any] = []
        self.saved = Saved()
        self._counts: dict[str, int] = {}

    def clear(self) -> None:
        """`keras.utils.clear_session`: names count from the beginning."""
        self.training = True
        self.scope = []
        self._counts.clear()

    def unique_name(self, base: str) -> str:
        """`dense`, `dense_1`, ... as Keras' `auto_name`."""
        count = self._counts.get(base, 0)
        self._counts[base] = count + 1
        return base if count == 0 else f'{base}_{count}'

    @contextmanager
    def inside(self, name: str, training: bool | None = None) -> Generator[None]:
        outer = self.training
        self.scope.append(name)
        if training is not None:
            self.training = training
        try:
            yield
        finally:
            self.scope.pop()
            self.training = outer

    @contextmanager
    def at(self, scope: list[str]) -> Generator[None]:
        outer, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = outer


context = Context()


@functools.cache
def snake_case(name: str) -> str:
    """Keras' `to_snake_case`: `Conv2DTranspose` is `conv2d_transpose`."""
    name = re.sub(r'\W+', '', name)
    name = re.sub('(.)([A-Z][a-z]+)', r'\1_\2', name)
    return re.sub('([a-z])([A-Z])', r'\1_\2', name).lower()
