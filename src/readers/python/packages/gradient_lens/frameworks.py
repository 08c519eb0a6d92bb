"""What the recorder needs to know of a framework, each in a module of its stand-in package."""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple, Protocol

from .spans import Span
from .value import Node


class ParameterPart(NamedTuple):
    """One parameter of a model in the framework's own order. `owner` is the `owner` of its graph node."""

    name: str
    owner: Any
    #: Place in `Parts.modules`, or None.
    module: int | None


class ModulePart(NamedTuple):
    path: str
    type: str
    parent: int | None
    span: Span | None
    #: The module itself, to find it among the frames of nodes.
    module: Any


class Parts(NamedTuple):
    """Modules and parameters of a model, in the framework's own order."""

    parameters: list[ParameterPart]
    modules: list[ModulePart]
    #: Names of tensors that are kept but not trained, by the draws that they were made of.
    buffers: dict[Node, str]


class Framework(Protocol):
    name: str

    def wrap(self, value: Any) -> Any:
        """The framework's tensor for a value."""
        ...

    def parts(self, model: Any) -> Parts: ...

    def tensors(self, outputs: Any) -> list[Any]:
        """Values of the tensors in a model's outputs, flattened, in order."""
        ...


_HOMES = {'pytorch': 'torch._framework', 'keras': 'keras._framework'}


def framework_named(name: str) -> Framework:
    return importlib.import_module(_HOMES[name]).FRAMEWORK
