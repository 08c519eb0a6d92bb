"""The functions of a file that can be called as they stand: those that try a model out, and those that build one."""

from __future__ import annotations

import inspect
from typing import Any

from ..errors import ReadError
from ..spans import USER_ROOT
from .candidates import Candidate, Naming, code_span_of
from .constructions import Constructions
from .definitions import Definitions
from .execution import Executor
from .models import ROOTS, fresh_names, has_weights, is_keras
from .problems import problem_of
from .stops import IMPORT_ROUNDS, SCRIPT_ROUNDS, EnoughSeen, LoopWatch
from .tensors import Module


class Factories:
    """Calls functions without required arguments."""

    def __init__(
        self,
        names: dict[str, Any],
        definitions: Definitions,
        constructions: Constructions,
        executor: Executor,
        watch: LoopWatch,
        naming: Naming,
    ) -> None:
        self.names = names
        self.definitions = definitions
        self.constructions = constructions
        self.executor = executor
        self.watch = watch
        self.naming = naming
        #: Entries of builders for which the time did not suffice.
        self.later: list[str] = []

    def own_function(self, name: str) -> Any:
        """A function of this file that can be called without arguments."""
        function: Any = self.names.get(name)
        code = getattr(inspect.unwrap(function) if callable(function) else function, '__code__', None)
        if code is None or not code.co_filename.startswith(USER_ROOT) or name not in self.definitions.functions:
            return None
        if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE):
            return None
        open_ended = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        for parameter in inspect.signature(function).parameters.values():
            if parameter.default is parameter.empty and parameter.kind not in open_ended:
                return None
        return function

    def called(self, function: Any) -> Any:
        # An example that fails says nothing about the model; its class is looked at by itself.
        return self._attempted(function, SCRIPT_ROUNDS)[0]

    def _attempted(self, function: Any, rounds: int) -> tuple[Any, BaseException | None]:
        """What a function gives, or what it raised."""
        fresh_names()
        self.watch.begin(rounds)
        try:
            return function(), None
        except EnoughSeen:
            return None, None
        except BaseException as error:
            return None, error

    def models(self, model_classes: set[str], found: list[Candidate]) -> list[Candidate]:
        """What the builders give; `model_classes` are the model classes of the file."""
        made: list[Candidate] = []
        classes = model_classes | {name for name, value in self.names.items() if value is not None and _is_nn(value)}
        shown = {name for candidate in found for name in candidate.known_as}
        in_time = not self.executor.out_of_time
        for name in self.definitions.functions:
            function = self.own_function(name)
            if function is None or name.startswith('_') or name in shown or not self.definitions.returns_value(name):
                continue
            if not self.definitions.uses(name, classes):
                continue
            if in_time and self.executor.out_of_time:
                self.later.append(f'{name}()')
                continue
            model, error = self._attempted(function, IMPORT_ROUNDS)
            if in_time and getattr(error, 'problem_code', None) == 'timeout':
                self.executor.out_of_time = True
                self.later.append(f'{name}()')
            elif error is not None:
                made.extend(self._failed(name, function, error))
            elif isinstance(model, Module) and has_weights(model):
                candidate = self.naming.candidate(model)
                candidate.name = name
                candidate.entry = f'{name}()'
                candidate.known_as = (*candidate.known_as, name)
                made.append(candidate)
        return made

    def _failed(self, name: str, function: Any, error: BaseException) -> list[Candidate]:
        """A builder that began with a model is that model's definition: what keeps it from being read is said there."""
        keras = {key for key, value in self.names.items() if is_keras(value)}
        of_keras = self.definitions.uses(name, keras)
        half_built = self._half_built(function)
        if not half_built and not (of_keras and isinstance(error, ReadError)):
            return []
        kind = 'keras' if of_keras else 'pytorch'
        known = (name, *half_built)
        return [Candidate(name, f'{name}()', None, code_span_of(function), problem_of(error), [], known, kind)]

    def _half_built(self, function: Any) -> list[str]:
        """Classes whose constructor failed while the function ran."""
        code = getattr(inspect.unwrap(function), '__code__', None)
        return [
            type(item.module).__name__
            for item in self.constructions.all()
            if item.error is not None and not item.inside and any(maker.code is code for maker in item.makers)
        ]


def _is_nn(value: Any) -> bool:
    """`torch`, `nn`, Keras, and layers taken from them: a function that mentions them may build a model."""
    name = getattr(value, '__name__', '')
    if inspect.ismodule(value):
        if is_keras(value):
            return True
        return name in ('torch.nn', 'torchvision', 'torchvision.models') or name.startswith('torchvision.models.')
    return inspect.isclass(value) and issubclass(value, ROOTS)
