"""Which top-level names have held which models: notebooks and scripts use `model` again and again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .constructions import is_reported
from .models import is_mere_copy
from .tensors import Module


@dataclass
class Binding:
    """A model that a name held; `count` numbers the models of that name from 1."""

    name: str
    model: Any
    count: int
    #: The name has held no other model since.
    last: bool = True

    @property
    def entry(self) -> str:
        """`model` for the last model of that name, `model#1` for the first of several: no Python, so it cannot be mistaken."""
        return self.name if self.last else f'{self.name}#{self.count}'


@dataclass
class Bindings:
    """Looks at the names of a file after each of its statements."""

    names: dict[str, Any]
    _of: dict[int, Binding] = field(default_factory=dict)
    _last: dict[str, Binding] = field(default_factory=dict)
    _unfinished: dict[str, int] = field(default_factory=dict)

    def forget(self) -> None:
        """The file is run anew."""
        self._of.clear()
        self._last.clear()
        self._unfinished.clear()

    def look(self, used: tuple[str, ...]) -> None:
        """Notes the models that the names of a statement hold now."""
        for name in used:
            value = self.names.get(name)
            if not isinstance(value, Module) or name.startswith('_') or not is_reported(type(value)) or is_mere_copy(value):
                continue
            before = self._last.get(name)
            if (before is not None and before.model is value) or id(value) in self._of:
                continue
            if before is not None:
                before.last = False
            # The binding holds the model, so an id stays its own.
            self._of[id(value)] = self._last[name] = Binding(name, value, 1 if before is None else before.count + 1)

    def of(self, model: Any) -> Binding | None:
        """How a model was first held."""
        return self._of.get(id(model))

    def free_entry(self, name: str) -> str:
        """An entry for a model that could not be finished, so that the name never held it."""
        before = self._last.get(name)
        number = (before.count if before else 0) + self._unfinished.get(name, 0) + 1
        self._unfinished[name] = self._unfinished.get(name, 0) + 1
        return name if number == 1 else f'{name}#{number}'

    def models(self) -> list[Any]:
        """All models that top-level names have held, in order."""
        return [binding.model for binding in self._of.values()]
