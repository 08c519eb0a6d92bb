"""The models of a file before they are read: what they are called, where they stand, how to make them again."""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..spans import USER_ROOT, Span
from .bindings import Bindings
from .constructions import Construction, Constructions, Maker, is_own
from .models import defines_itself, framework_of
from .execution import Failure
from .problems import Guess, Problem, line_span, name_span, problem_of
from .spelling import Unspeakable, spell, spell_call
from .tolerance import assigned_names


@dataclass
class Candidate:
    """A model to be read: an instance, or why there is none."""

    name: str
    entry: str
    model: Any
    span: Span | None
    unread: Problem | None = None
    guesses: list[Guess] = field(default_factory=list)
    #: Names under which a comment may speak about it.
    known_as: tuple[str, ...] = ()
    framework: str = 'pytorch'
    #: The call of a builder of the file that made it: another model of the same call is the same definition.
    made_by: str | None = None

    @property
    def line(self) -> tuple[str, int]:
        if self.span is None:
            return '', 0
        return self.span['path'], self.span['range']['start']['line']


class Naming:
    """Names models and spells the expressions that make them."""

    def __init__(self, names: dict[str, Any], constructions: Constructions, bindings: Bindings) -> None:
        self.names = names
        self.constructions = constructions
        self.bindings = bindings

    def candidate(self, model: Any) -> Candidate:
        """What a module that the file holds or calls is called, and how it can be asked for again."""
        cls = type(model)
        construction = self.constructions.of(model)
        variable = self.variable_of(model)
        maker = None if construction is None else self.maker_of(construction)
        own = is_own(cls) and defines_itself(model)
        span = class_span(cls) if own else (construction.span if construction else getattr(model, '_span', None))
        past = self.bindings.of(model)
        name = cls.__name__ if own else (variable or (maker.code.co_name if maker else None) or (past and past.name) or cls.__name__)
        if maker is not None and not own:
            span = function_span(maker) or span
        entry = variable or self._entry(model, construction, maker, own) or name
        if maker is not None and entry.startswith(maker.code.co_name + '('):
            name = maker.code.co_name
        known = [cls.__name__, variable or '', past.name if past else '', maker.code.co_name if maker else '']
        guesses = list(construction.guesses) if construction else []
        named = tuple(item for item in known if item)
        made_by = None if maker is None or own else self._expression(model, construction, maker)
        return Candidate(name, entry, model, span, None, guesses, named, framework_of(model), made_by)

    def unfinished(self, construction: Construction, failures: Sequence[Failure]) -> Candidate | None:
        """A model whose constructor was refused: named by the variable, or the builder of the file, that would hold it."""
        error = getattr(construction.module, '_incomplete', None)
        if error is None:
            return None
        failed = next((item for item in failures if _same_error(item.error, error)), None)
        if failed is None:
            return None
        maker = next((item for item in construction.makers if self._is_function(item)), None)
        held = assigned_names(failed.statement)
        name = maker.code.co_name if maker else held[0] if held else type(construction.module).__name__
        span = (function_span(maker) if maker else None) or construction.span
        entry = self.bindings.free_entry(name)
        return Candidate(name, entry, None, span, problem_of(error), [], (name,), framework_of(construction.module))

    def _is_function(self, maker: Maker) -> bool:
        return getattr(self.names.get(maker.code.co_name), '__code__', None) is maker.code

    def variable_of(self, model: Any) -> str | None:
        """The top-level variable that holds a module."""
        for name, value in self.names.items():
            if value is model and not name.startswith('__'):
                return name
        return None

    def maker_of(self, construction: Construction) -> Maker | None:
        """The innermost function of the file that gave the model back."""
        for maker in construction.makers:
            if maker.returned and self._is_function(maker):
                return maker
        return None

    def _entry(self, model: Any, construction: Construction | None, maker: Maker | None, own: bool) -> str | None:
        """How a model that no variable holds any more is asked for: by what makes it, else by the variable that held it."""
        past = self.bindings.of(model)
        if past is not None and not own and maker is None:
            return past.entry
        return self._expression(model, construction, maker) or (past.entry if past else None)

    def _expression(self, model: Any, construction: Construction | None, maker: Maker | None) -> str | None:
        if construction is None:
            return None
        if maker is not None:
            function = self.names[maker.code.co_name]
            try:
                bound = _bound(function, maker.arguments)
                return spell_call(maker.code.co_name, function, bound, self.names, self._special)
            except (Unspeakable, TypeError, ValueError):
                pass
        try:
            name = spell(type(model), self.names, self._special)
            bound = inspect.signature(type(model)).bind(*construction.arguments, **construction.keywords)
            return spell_call(name, type(model), bound, self.names, self._special)
        except (Unspeakable, TypeError, ValueError):
            return None

    def _special(self, value: Any) -> str | None:
        """Modules among the arguments are spelled by their own construction."""
        variable = self.variable_of(value) if hasattr(value, '__dict__') else None
        if variable is not None:
            return variable
        construction = self.constructions.of(value)
        if construction is None:
            return None
        return self._expression(value, construction, self.maker_of(construction))


def _same_error(one: BaseException, other: BaseException) -> bool:
    """Also of two runs of the file."""
    return one is other or (type(one) is type(other) and problem_of(one) == problem_of(other))


def _bound(function: Any, arguments: dict[str, Any]) -> inspect.BoundArguments:
    """The arguments a function was called with, from what its parameters held."""
    signature = inspect.signature(function)
    bound = inspect.BoundArguments(signature, {})  # type: ignore[arg-type]
    for name in signature.parameters:
        if name not in arguments:
            raise Unspeakable
        bound.arguments[name] = arguments[name]
    return bound


def class_span(cls: Any) -> Span | None:
    """The class's name where it is defined in a user file."""
    line = getattr(cls, '__firstlineno__', None)
    for value in vars(cls).values():
        code = getattr(inspect.unwrap(value) if callable(value) else value, '__code__', None)
        if code is not None and code.co_filename.startswith(USER_ROOT) and isinstance(line, int):
            return _definition_span(code.co_filename, line, cls.__name__)
    return None


def code_span_of(function: Any) -> Span | None:
    """The name of a function where it is defined."""
    code = inspect.unwrap(function).__code__
    return _definition_span(code.co_filename, code.co_firstlineno, code.co_name)


def function_span(maker: Maker) -> Span | None:
    return _definition_span(maker.code.co_filename, maker.code.co_firstlineno, maker.code.co_name)


def _definition_span(filename: str, line: int, name: str) -> Span | None:
    path = filename.removeprefix(USER_ROOT)
    # Decorators come first; the name stands a few lines below.
    for number in range(line, line + 20):
        text = linecache.getline(filename, number).lstrip()
        if text.startswith(('class ', 'def ', 'async def ')) and name in text:
            holder = type('Place', (), {'lineno': number})()
            return name_span(path, holder, name)
    return line_span(path, line)
