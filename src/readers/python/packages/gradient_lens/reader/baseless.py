"""Model classes on a base that is not known here: what their constructor and forward pass do besides cannot be known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn

from ..inert import InertBase
from .candidates import Candidate, class_span
from .definitions import Definitions
from .problems import problem
from .tensors import TorchModule


def baseless_models(names: dict[str, Any], definitions: Definitions) -> Iterator[Candidate]:
    """The file's own classes that make layers of PyTorch and have a `forward`, but stand on an unknown base."""
    found = {
        name: cls
        for name in definitions.classes
        if isinstance(cls := names.get(name), type) and issubclass(cls, InertBase) and _makes_a_net(cls)
    }
    parts = definitions.parts(set(found))
    for name, cls in found.items():
        if name in parts:
            continue
        span = class_span(cls)
        unread = problem(
            'unknown-base',
            f'`{name}` stands on `{cls._inert_base}`, which is not known here, so it cannot be read. To have its layers '
            'measured, put them into a class of their own that stands on `nn.Module`.',
            span,
        )
        yield Candidate(name, name, None, span, unread, [], (name,))


def _makes_a_net(cls: type[InertBase]) -> bool:
    made = getattr(vars(cls).get('__init__'), '__code__', None)
    if made is None or 'forward' not in vars(cls) or issubclass(cls, TorchModule):
        return False
    return any(isinstance(kind := getattr(nn, name, None), type) and issubclass(kind, TorchModule) for name in made.co_names)
