"""What a model is fed: the shape, kind and origin of each argument of its forward pass."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Literal

type Origin = Literal['declared', 'observed', 'solved', 'guessed']


@dataclass(frozen=True)
class InputSpec:
    """One tensor that goes into a model. `batch_axis` is the axis that counts examples, None where there is none."""

    shape: tuple[int, ...]
    kind: Literal['float', 'int'] = 'float'
    #: Exclusive upper limit of integers.
    high: int | None = None
    origin: Origin = 'declared'
    reason: str = ''
    batch_axis: int | None = 0

    def with_batch(self, batch: int) -> InputSpec:
        if self.batch_axis is None:
            return self
        shape = (*self.shape[: self.batch_axis], batch, *self.shape[self.batch_axis + 1 :])
        return replace(self, shape=shape)


@dataclass(frozen=True)
class TensorSlot:
    """Stands for a tensor in a recorded call; `number` counts the inputs."""

    number: int


class Placeholder:
    """Stands for an argument that is no tensor of its own, and is made of those that go in."""

    def filled(self, tensors: Sequence[Any]) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Record(Placeholder):
    """Stands for an object of the file's that holds tensors: a copy of `template` gets those of `fields`."""

    template: Any
    fields: dict[str, Any]

    def filled(self, tensors: Sequence[Any]) -> Any:
        made = copy.copy(self.template)
        for name, value in self.fields.items():
            object.__setattr__(made, name, _filled(value, tensors))
        return made


@dataclass(frozen=True)
class Feed:
    """A whole call of a model: its arguments with `TensorSlot`s in place of tensors, and what goes into the slots."""

    specs: tuple[InputSpec, ...]
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]

    @staticmethod
    def of(specs: Sequence[InputSpec]) -> Feed:
        """A call with nothing but tensors, in order."""
        return Feed(tuple(specs), tuple(TensorSlot(i) for i in range(len(specs))), {})

    def with_batch(self, batch: int) -> Feed:
        return replace(self, specs=tuple(spec.with_batch(batch) for spec in self.specs))

    def fill(self, tensors: Sequence[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments with tensors in their slots."""
        return _filled(self.arguments, tensors), _filled(self.keywords, tensors)

    def names(self, forward: Callable[..., Any]) -> list[str]:
        """The names of the forward pass's arguments, one a slot."""
        found = [f'input{i}' if i else 'input' for i in range(len(self.specs))]
        try:
            bound = inspect.signature(forward).bind(*self.arguments, **self.keywords)
        except (TypeError, ValueError):
            return found
        for name, value in bound.arguments.items():
            slots = _slots(value)
            for place, slot in enumerate(slots):
                found[slot.number] = name if len(slots) == 1 else f'{name}[{place}]'
            for field, slot in value.fields.items() if isinstance(value, Record) else ():
                if isinstance(slot, TensorSlot):
                    found[slot.number] = f'{name}.{field}'
        return found


def _filled(value: Any, tensors: Sequence[Any]) -> Any:
    if isinstance(value, TensorSlot):
        return tensors[value.number]
    if isinstance(value, Placeholder):
        return value.filled(tensors)
    if isinstance(value, (list, tuple)):
        items = [_filled(item, tensors) for item in value]
        if isinstance(value, tuple) and hasattr(value, '_fields'):
            return type(value)(*items)
        return type(value)(items)
    if isinstance(value, dict):
        return {key: _filled(item, tensors) for key, item in value.items()}
    return value


def _slots(value: Any) -> list[TensorSlot]:
    if isinstance(value, TensorSlot):
        return [value]
    if isinstance(value, (list, tuple)):
        return [slot for item in value for slot in _slots(item)]
    if isinstance(value, dict):
        return [slot for item in value.values() for slot in _slots(item)]
    return _slots(value.fields) if isinstance(value, Record) else []


def with_slots(value: Any, is_tensor: Callable[[Any], bool], found: list[Any]) -> Any:
    """The value with its tensors replaced by slots, the tensors appended to `found`."""
    if is_tensor(value):
        found.append(value)
        return TensorSlot(len(found) - 1)
    if isinstance(value, (list, tuple)):
        items = [with_slots(item, is_tensor, found) for item in value]
        if isinstance(value, tuple) and hasattr(value, '_fields'):
            return type(value)(*items)
        return type(value)(items)
    if isinstance(value, dict):
        return {key: with_slots(item, is_tensor, found) for key, item in value.items()}
    if isinstance(value, SimpleNamespace) or type(value).__module__ == '__main__' and not callable(value):
        fields = {name: item for name, item in vars(value).items() if is_tensor(item)} if hasattr(value, '__dict__') else {}
        return Record(value, {name: with_slots(item, is_tensor, found) for name, item in fields.items()}) if fields else value
    return value


def required_inputs(forward: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters of the forward pass that have no default."""
    try:
        parameters = inspect.signature(forward).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p for p in parameters if p.default is p.empty and p.kind in positional]
