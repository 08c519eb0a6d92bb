"""Runs what shows a file's models at work: its own trial functions, scripts that use it, and written examples."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, field
from typing import Any

from .callsites import CallSites
from .constructions import Construction, Constructions
from .definitions import Definitions
from .examples import examples_of, run_example, take_own_place
from .execution import Executor
from .factories import Factories
from .models import ROOTS, has_forward, modules
from .observation import Observation
from .syntax import walk
from .tensors import Module


@dataclass
class Demonstrations:
    """Knows the file's namespace after it has been run."""

    path: str
    names: dict[str, Any]
    definitions: Definitions
    seen: Observation
    constructions: Constructions
    executor: Executor
    factories: Factories
    call_sites: CallSites
    #: What scripts of the workspace made, without calling it.
    made_elsewhere: list[Construction] = field(default_factory=list)

    def run(self) -> None:
        """Calls the file's functions that need no arguments and try a model out (`def test(): net = Net(); ...`), then the rest."""
        wanted = self.model_names() & set(self.definitions.classes)
        tried = {type(call.model).__name__ for call in self.seen.calls}
        for name in self.definitions.functions:
            function = self.factories.own_function(name)
            if function is None or self.definitions.returns_value(name) or wanted <= tried:
                continue
            if self.definitions.uses(name, wanted - tried):
                self.factories.called(function)
                tried = {type(call.model).__name__ for call in self.seen.calls}
        before = len(self.constructions.all())
        self.call_sites.run(self._not_called, self.is_model_class)
        made = self.constructions.all()[before:]
        self.made_elsewhere = [item for item in made if self.is_model_class(type(item.module)) and item.error is None]
        self._try_written_examples(wanted)

    def is_model_class(self, value: Any) -> bool:
        """Whether a value is a model class that this file defines."""
        return inspect.isclass(value) and issubclass(value, Module) and value.__module__ == '__main__'

    def model_names(self) -> set[str]:
        return {name for name, value in self.names.items() if self.is_model_class(value)}

    def part_owners(self) -> set[str]:
        """Classes of the file that can have models as parts: models and layers, not agents and trainers around them."""
        held = {name: self.names.get(name) for name in self.definitions.classes}
        # What is no class now could not be defined; it may have been a model.
        return {name for name, cls in held.items() if not inspect.isclass(cls) or issubclass(cls, ROOTS)}

    def _not_called(self) -> set[str]:
        """Model classes of the file of which no called model has an instance."""
        called = {type(part) for call in self.seen.calls for part in modules(call.model)}
        held = {name: self.names.get(name) for name in self.definitions.classes}
        return {name for name, cls in held.items() if self.is_model_class(cls) and has_forward(cls) and cls not in called}

    def _try_written_examples(self, wanted: set[str]) -> None:
        """Runs the docstring and README examples of the classes that nothing has called yet."""

        def missing() -> set[str]:
            return wanted - {type(call.model).__name__ for call in self.seen.calls}

        if not missing():
            return
        take_own_place(self.path, self.names)
        for example in examples_of(self.path, missing()):
            if self.executor.out_of_time or not missing() & {node.id for node in walk(example.tree) if isinstance(node, ast.Name)}:
                continue
            before = len(self.seen.calls)
            run_example(example, {**self.names, '__name__': '<example>'}, self.executor)
            # Models of other files that the example calls as well are theirs to report.
            self.seen.calls[before:] = [call for call in self.seen.calls[before:] if self.is_model_class(type(call.model))]
