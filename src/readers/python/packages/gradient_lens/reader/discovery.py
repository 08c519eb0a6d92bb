"""Gathers the models of a file: those it trains, those it holds, those its functions and classes make."""

from __future__ import annotations

import inspect
from typing import Any

from ..spans import Span
from .baseless import baseless_models
from .building import Builder, failed_construction
from .candidates import Candidate, Naming, class_span
from .constructions import Construction, Constructions, is_own
from .definitions import Definitions
from .demonstrations import Demonstrations
from .directives import Directive, directive_for
from .execution import Executor
from .factories import Factories
from .models import (
    framework_of, fresh_names, has_forward, has_weights, is_mere_copy, is_only_used, is_shell, is_wired, modules, parameters, unwrapped,
    without_excerpts,
)  # fmt: skip
from .observation import Observation
from .problems import Problem, problem, problem_of
from .searches import built, is_search_space, search_spaces
from .stops import IMPORT_ROUNDS, LoopWatch, Stop
from .tracing import Traced
from .tensors import Module

#: Models of one file that are read without being asked for by name.
_MOST_MODELS = 40


class Discovery:
    """Looks at a file that has been run."""

    def __init__(
        self,
        names: dict[str, Any],
        definitions: Definitions,
        seen: Observation,
        constructions: Constructions,
        executor: Executor,
        watch: LoopWatch,
        directives: list[Directive],
        naming: Naming,
        builder: Builder,
        factories: Factories,
        shown: Demonstrations,
    ) -> None:
        self.names = names
        self.definitions = definitions
        self.seen = seen
        self.constructions = constructions
        self.executor = executor
        self.watch = watch
        self.directives = directives
        self.naming = naming
        self.builder = builder
        self.factories = factories
        self.shown = shown
        #: The time limit came while a class was built.
        self.out_of_time = False
        #: Models that are not read, with the place of each.
        self.passed_over: list[tuple[str, Span | None]] = []

    # ---- what the file shows by itself ----

    def find(self) -> list[Candidate]:
        """All root models, in the order of their definition."""
        scripted = self.constructions.all().copy()
        self.shown.run()
        models = self._roots([*scripted, *self.shown.made_elsewhere])
        found = [self.naming.candidate(model) for model in models]
        found.extend(self._unfinished(scripted, models))
        found.extend(self.factories.models(self.shown.model_names(), found))
        found.extend(search_spaces(self.names, self.executor))
        found.extend(self._classes(found))
        found.extend(baseless_models(self.names, self.definitions))
        unique: dict[str, Candidate] = {}
        for candidate in found:
            unique.setdefault(candidate.made_by or candidate.entry, candidate)
        candidates = sorted(unique.values(), key=lambda candidate: candidate.line)
        self.passed_over[:0] = [(candidate.name, candidate.span) for candidate in candidates[_MOST_MODELS:]]
        return candidates[:_MOST_MODELS]

    def problems(self) -> list[Problem]:
        """Models that were found and passed over."""
        if not self.passed_over:
            return []
        name, span = self.passed_over[0]
        rest = f' and {len(self.passed_over) - 1} more' if len(self.passed_over) > 1 else ''
        message = (
            f'`{name}`{rest} were not read: of one file {_MOST_MODELS} models are read, as far as the time goes. '
            'Move them into a file of their own.'
        )
        return [problem('too-many-models', message, span)]

    def find_entry(self, entry: str) -> tuple[list[Candidate], list[Problem]]:
        """The model that an expression, a class or a variable names."""
        scripted = self.constructions.all().copy()
        held = self.names.get(entry)
        if isinstance(held, Module) and not is_mere_copy(held):
            return [self._entry_candidate(entry, held)], []
        self.shown.run()
        for model in self._roots([*scripted, *self.shown.made_elsewhere]):
            candidate = self.naming.candidate(model)
            if candidate.entry == entry:
                return [candidate], []
        try:
            fresh_names()
            value = held if inspect.isclass(held) else eval(compile(entry, '<entry>', 'eval'), self.names)
        except BaseException as error:
            found = problem_of(error)
            return [Candidate(entry, entry, None, found['span'], found, [], (entry,))], []
        if inspect.isclass(value) and issubclass(value, Module):
            return [self._class(value)], []
        if inspect.isfunction(value):
            value = self.factories.called(value)
        elif is_search_space(value):
            value = built(value, self.executor)
        if isinstance(value, Module):
            return [self._entry_candidate(entry, value)], []
        return [], [problem('bad-entry', f'`{entry}` gives {type(value).__name__}, not a model.')]

    def _entry_candidate(self, entry: str, model: Any) -> Candidate:
        candidate = self.naming.candidate(model)
        candidate.entry = entry
        return candidate

    # ---- models that the file's code made ----

    def _roots(self, scripted: list[Construction]) -> list[Any]:
        """Called models, models in variables, and models that were made and never reached; no parts of others."""
        found: list[Any] = []

        def add(model: Any) -> None:
            model = unwrapped(model)
            if not isinstance(model, Module) or any(model is other for other in found):
                return
            construction = self.constructions.of(model)
            if (construction is None or construction.error is None) and _is_subject(model) and not is_only_used(model):
                found.append(model)

        for call in self.seen.calls:
            add(call.model)
        for name, value in self.names.items():
            if isinstance(value, Module) and not name.startswith('_') and not value._is_loss:
                add(value)
        for model in self.naming.bindings.models():
            if not model._is_loss:
                add(model)
        for construction in scripted:
            if not construction.inside and _in_a_script(construction, self.naming):
                add(construction.module)
        called = {id(unwrapped(call.model)) for call in self.seen.calls}
        parts: dict[int, Any] = {}
        for model in found:
            whole = not is_shell(model) or any(isinstance(call.reading, Traced) for call in self.seen.calls_of(model))
            if whole and (id(model) in called or _forward_is_own(model) or is_wired(model)):
                for part in modules(model):
                    if part is not model:
                        parts[id(part)] = model
        return self._one_elsewhere(without_excerpts([model for model in found if id(model) not in parts]))

    def _one_elsewhere(self, found: list[Any]) -> list[Any]:
        """Of the instances of a class that scripts of the workspace make, one: none where the file itself has one."""
        elsewhere = self.shown.call_sites.assumed
        kept = [model for model in found if id(model) not in elsewhere]
        called = {id(unwrapped(call.model)) for call in self.seen.calls if call.feed is not None}
        trained = {id(unwrapped(loss.model)) for loss in self.seen.losses}
        for model in sorted(found, key=lambda item: (id(item) not in trained, id(item) not in called)):
            if id(model) in elsewhere and not any(self._same_kind(model, other) for other in kept):
                kept.append(model)
        return [model for model in found if any(model is other for other in kept)]

    def _same_kind(self, one: Any, other: Any) -> bool:
        """Whether two models have one definition: the class, or the builder where the file has several for one class."""
        constructions = [self.constructions.of(model) for model in (one, other)]
        makers = [None if item is None else self.naming.maker_of(item) for item in constructions]
        codes = [None if maker is None else maker.code for maker in makers]
        return type(one) is type(other) and codes[0] is codes[1]

    def _unfinished(self, scripted: list[Construction], models: list[Any]) -> list[Candidate]:
        """Models that the file could not finish, so that nothing holds them."""
        held = {id(model) for model in models}
        left = [item for item in scripted if id(item.module) not in held]
        failures = [*self.executor.later_failures, *self.executor.failures]
        made = [self.naming.unfinished(item, failures) for item in left]
        return [candidate for candidate in made if candidate is not None]

    # ---- models that the file can make ----

    def _classes(self, found: list[Candidate]) -> list[Candidate]:
        """Classes of the file that nothing has made a model of yet."""
        made: list[Candidate] = []
        parts = self.definitions.parts(self.shown.part_owners())
        held = {type(part) for candidate in found if candidate.model is not None for part in modules(candidate.model)}
        for name in self.definitions.classes:
            cls = self.names.get(name)
            if not self.shown.is_model_class(cls) or not has_forward(cls) or cls in held:
                continue
            if name in parts or self._is_base(cls):
                continue
            if any(candidate.unread is not None and name in candidate.known_as for candidate in found):
                continue
            if self.out_of_time or len(found) + len(made) >= _MOST_MODELS:
                self.passed_over.append((name, class_span(cls)))
                continue
            candidate = self._class(cls)
            if candidate.model is not None:
                held.update(type(part) for part in modules(candidate.model))
                if not has_weights(candidate.model) and not parameters(candidate.model):
                    continue
            made.append(candidate)
        # A class that is tried before the one that it is a part of was no model of its own.
        inside = {type(part) for item in made if item.model is not None for part in modules(item.model)[1:]}
        return [item for item in made if not any(cls.__name__ == item.name and cls.__module__ == '__main__' for cls in inside)]

    def _class(self, cls: Any) -> Candidate:
        span = class_span(cls)
        directive = directive_for(self.directives, [cls.__name__])
        self.watch.begin(IMPORT_ROUNDS)
        name = cls.__name__
        failure = self.constructions.failure_of(cls)
        try:
            built = self.builder.build(cls, directive, span)
        except BaseException as error:
            late = getattr(error, 'problem_code', None) == 'timeout'
            if not isinstance(error, Stop) and not late:
                raise
            self.out_of_time = self.out_of_time or late
            return Candidate(name, name, None, span, problem_of(error), [], (name,), framework_of(cls))
        unread = built.unread
        if failure is not None and unread is not None and unread['code'] == 'needs-arguments':
            # The file (or its README) does construct it; what failed there says more.
            unread = failed_construction(failure, name, span)
        return Candidate(name, built.entry, built.model, span, unread, built.guesses, (name,), framework_of(cls))

    def _is_base(self, cls: Any) -> bool:
        """An unfinished class that others of the file complete."""
        if not getattr(cls, '__abstractmethods__', None):
            return False
        return any(self.shown.is_model_class(held) and held is not cls and issubclass(held, cls) for held in self.names.values())


def _is_subject(model: Any) -> bool:
    """Whether a model has something to train, or is the file's own with all its weights frozen."""
    return has_weights(model) or (bool(parameters(model)) and (is_own(type(model)) or is_wired(model)))


def _forward_is_own(model: Any) -> bool:
    return has_forward(type(model))


def _in_a_script(construction: Construction, naming: Naming) -> bool:
    """Made while the file ran, not given away by a function that keeps no hold of it."""
    return is_own(type(construction.module)) or bool(construction.makers)
