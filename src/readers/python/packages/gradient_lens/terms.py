"""What the file's own code computes as its loss: terms on top of that of the outputs, or the whole."""

from __future__ import annotations

from typing import Any

from . import primitives as p
from .spans import Span
from .value import Value


class Terms:
    """The terms of one forward pass, in order."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        #: They are the whole loss: the outputs have none of their own.
        self.whole = False
        self.span: Span | None = None

    def add(self, value: Value, span: Span | None) -> None:
        """Takes a term up; of one that has elements, the sum counts."""
        axes = list(range(len(value.shape)))
        self.values.append(p.reduce('sum', value, axes, False) if axes else value)
        self.span = self.span or span

    def be(self, value: Value, span: Span | None) -> None:
        """Takes a value for the whole loss, the terms before it included."""
        self.values, self.whole, self.span = [], True, None
        self.add(value, span)

    def recipe(self, recipe: dict[str, Any], outputs: int) -> dict[str, Any]:
        """`Recipe` of src/graph/graph.ts with the terms, which are the last of this number of outputs."""
        if not self.values:
            return recipe
        loss = {'kind': 'output', 'span': self.span} if self.whole else recipe['loss']
        return {**recipe, 'loss': loss, 'terms': list(range(outputs - len(self.values), outputs))}
