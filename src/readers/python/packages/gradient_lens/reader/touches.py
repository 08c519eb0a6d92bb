"""Watches which layer each input of a model reaches first."""

from __future__ import annotations

from contextlib import contextmanager
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from ..session import session
from ..value import Value
from .layers import Demand, demand_of
from .models import named_modules
from .tensors import is_tensor, value_of

#: Ops that hand their input on with its numbers as they are; only its axes may change.
_PASS_ON = frozenset(('identity', 'cast', 'reshape', 'permute', 'broadcast', 'slice', 'flip', 'roll', 'pad', 'detach'))
_SHAPE_ONLY = frozenset(
    ('neg', 'abs', 'sub', 'add', 'mul', 'div', 'relu', 'tanh', 'sigmoid', 'dropout', 'clip', 'leakyRelu', 'gelu')
)


@dataclass
class Touch:
    """An input that reached a layer; `reshaped` where its axes were changed on the way."""

    demand: Demand
    #: Shape in which it arrived, batch included.
    arrived: tuple[int, ...]
    reshaped: bool


@dataclass
class Touches:
    """The first layer of each input, by the input's number."""

    model: Any
    first: dict[int, Touch] = field(default_factory=dict)
    #: Whether every input that reached a layer had the shape that the layer takes.
    met: bool = True
    #: Shapes in which tensors reached layers that take time before the examples.
    time_first: list[tuple[int, ...]] = field(default_factory=list)
    _paths: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._paths = {id(module): path for path, module in named_modules(self.model)}

    def saw(self, module: Any, arguments: tuple[Any, ...]) -> None:
        """A module inside the model is called."""
        if not arguments or not is_tensor(arguments[0]):
            return
        demand = demand_of(module, self._paths.get(id(module), ''))
        if demand is None:
            return
        if demand.batch_axis == 1:
            self.time_first.append(tuple(arguments[0].shape))
        found = _origin(value_of(arguments[0]))
        if found is None:
            return
        number, reshaped = found
        if number not in self.first:
            arrived = tuple(arguments[0].shape)
            self.first[number] = Touch(demand, arrived, reshaped)
            self.met = self.met and demand.takes(arrived)


def _origin(value: Value) -> tuple[int, bool] | None:
    """The input that a value is, whatever was done to its axes."""
    reshaped = False
    for _ in range(64):
        node = value.node
        if node.op == 'input':
            return (node.attributes['index'], reshaped) if node.owner is session.recorder else None
        if node.op in _PASS_ON:
            reshaped = reshaped or node.op not in ('identity', 'cast', 'detach')
            value = node.inputs[0]
        elif node.op in _SHAPE_ONLY:
            follow = [item for item in node.inputs if item.shape == value.shape and item.node.op != 'parameter']
            if not follow:
                return None
            value = follow[0]
        else:
            return None
    return None


class TouchListeners:
    """The `Touches` that are told of module calls right now."""

    def __init__(self) -> None:
        self.current: Touches | None = None

    @contextmanager
    def listening(self, touches: Touches) -> Generator[Touches]:
        outer, self.current = self.current, touches
        try:
            yield touches
        finally:
            self.current = outer
