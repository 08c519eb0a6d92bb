"""What is kept of a parameter: its shape, how its elements are drawn, and where it was made."""

from __future__ import annotations

from typing import Sequence

from .errors import BadState, UnsupportedOp
from .repetition import repetition
from .session import session
from .spans import Span, here
from .value import Shape, Value, source


class ParameterRecord:
    """`contents` is the value its elements start with; `value` is the graph's parameter node."""

    __slots__ = ('contents', 'value', 'trainable', 'origin', 'initialiser_span', 'span', 'name', 'loops')

    def __init__(self, contents: Value, span: Span | None, trainable: bool = True) -> None:
        self.contents = contents
        self.trainable = trainable
        #: `default`, `file` or `checkpoint`.
        self.origin = 'default'
        self.initialiser_span: Span | None = None
        self.span = span
        self.name = ''
        #: Loops over something unknown around its making.
        self.loops = tuple(repetition.running())
        self.value = self._node(contents.shape)

    def _node(self, shape: Sequence[int]) -> Value:
        return source('parameter', {}, shape, 'float', owner=self, live=True, span=self.span)

    @property
    def shape(self) -> Shape:
        return self.value.shape

    def read(self) -> Value:
        """The parameter where a gradient may flow to it, its starting contents where the file sets it up."""
        if session.grad or session.recorder is not None:
            return self.value
        return self.contents

    def write(self, contents: Value, origin: str = 'file') -> None:
        """Sets the starting contents."""
        if session.recorder is not None:
            raise UnsupportedOp('a change of a parameter inside the forward pass', 'set it in __init__')
        if contents.shape != self.shape:
            self.value = self._node(contents.shape)
        self.contents = contents
        self.origin = origin
        self.initialiser_span = here(2)

    def guard_in_place(self) -> None:
        """PyTorch's rule for leaves."""
        if self.trainable and session.grad:
            raise BadState('a leaf Variable that requires grad is being used in an in-place operation.')

    def start(self, contents: Value) -> None:
        """The framework's own initialisation."""
        if contents.shape != self.shape:
            self.value = self._node(contents.shape)
        self.contents = contents
        self.origin = 'default'
        self.initialiser_span = None

    def copy(self) -> ParameterRecord:
        twin = ParameterRecord(self.contents, self.span, self.trainable)
        twin.origin, twin.initialiser_span = self.origin, self.initialiser_span
        return twin
