"""Makes an instance of a class that the file itself does not construct."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import Any

from ..errors import ReadError
from ..spans import Span
from .assumptions import assumed_value
from .definitions import Definitions, evaluated_call
from .directives import Directive
from .namesakes import namesakes
from .problems import Guess, Problem, problem, problem_of
from .spelling import Unspeakable, spell, spell_call
from .stops import Stop


@dataclass
class Built:
    """An instance and how it was made, or why there is none."""

    model: Any
    entry: str
    unread: Problem | None = None
    guesses: list[Guess] = field(default_factory=list)


class Builder:
    """Tries what the file says about a class's arguments, most reliable first."""

    def __init__(self, names: dict[str, Any], definitions: Definitions, path: str) -> None:
        self.names = names
        self.definitions = definitions
        self.path = path

    def build(self, cls: Any, directive: Directive | None, span: Span | None) -> Built:
        """An instance of a class."""
        name = cls.__name__
        if directive is not None and directive.arguments is not None:
            return self._from_text(f'{name}({directive.arguments})', name, span)
        signature = _signature(cls)
        required = _required(signature)
        first: Built | None = None
        for call in self.definitions.calls.get(name, []):
            held = evaluated_call(call, self.names)
            if held is None:
                continue
            built = self._call(cls, held[0], held[1], [], span)
            if built.unread is None:
                return built
            first = first or built
        if not required:
            return self._call(cls, [], {}, [], span)
        for keywords, guess in namesakes(self.path, cls, signature, span):
            built = self._call(cls, [], keywords, [guess], span)
            if built.unread is None:
                return built
        guessed = self._guess(cls, signature, required, span)
        return guessed if guessed.unread is None or first is None else first

    def _from_text(self, text: str, name: str, span: Span | None) -> Built:
        try:
            return Built(eval(compile(text, '<gradient-lens args>', 'eval'), self.names), text)
        except Stop:
            raise
        except BaseException as error:
            return Built(None, text, failed_construction(error, name, span))

    def _guess(self, cls: Any, signature: inspect.Signature, required: list[inspect.Parameter], span: Span | None) -> Built:
        keywords: dict[str, Any] = {}
        for parameter in required:
            try:
                keywords[parameter.name] = self._assumed(cls, parameter)
            except KeyError:
                return Built(None, cls.__name__, _needs_arguments(cls, signature, [parameter.name], span, None))
        spelt = {name: self._spelt(value) for name, value in keywords.items()}
        told = ', '.join(f'`{name}={value}`' for name, value in spelt.items())
        guess: Guess = {
            'message': f'Nothing in the file constructs `{cls.__name__}`; {told} assumed. Write the real ones in a comment '
            f'`# gradient-lens: args=({", ".join(f"{k}={v}" for k, v in spelt.items())})` above the class.',
            'span': span,
        }
        built = self._call(cls, [], keywords, [guess], span)
        if built.unread is not None and built.unread['code'] not in ('too-large', 'denied'):
            why = built.unread['message']
            return Built(None, cls.__name__, _needs_arguments(cls, signature, list(keywords), span, why))
        return built

    def _assumed(self, cls: Any, parameter: inspect.Parameter) -> Any:
        """A value for an argument: an instance of the class that it is annotated with or named after, else by its name.

        Raises:
            KeyError: where there is none.
        """
        try:
            return assumed_value(parameter)
        except KeyError:
            wanted = parameter.annotation
            if isinstance(wanted, str):
                wanted = self.names.get(wanted.strip('\'"'))
            if not inspect.isclass(wanted) or wanted is parameter.empty:
                bare = parameter.name.replace('_', '').lower()
                named = [item for name, item in self.names.items() if name.lower() == bare and inspect.isclass(item)]
                wanted = named[0] if named else None
            if wanted is None or wanted is cls or wanted.__module__ != '__main__':
                raise
            try:
                return wanted()
            except Exception:
                raise KeyError(parameter.name) from None

    def _spelt(self, value: Any) -> str:
        try:
            return spell(value, self.names, lambda held: f'{type(held).__name__}()')
        except Unspeakable:
            return f'{type(value).__name__}()'

    def _call(
        self,
        cls: Any,
        arguments: list[Any],
        keywords: dict[str, Any],
        guesses: list[Guess],
        span: Span | None,
    ) -> Built:
        name = cls.__name__
        try:
            bound = inspect.signature(cls).bind(*arguments, **keywords)
            entry = spell_call(name, cls, bound, self.names, lambda held: self._spelt(held) if guesses else None)
        except (Unspeakable, TypeError, ValueError):
            entry = name
        try:
            return Built(cls(*arguments, **keywords), entry, None, guesses)
        except Stop:
            raise
        except BaseException as error:
            return Built(None, entry, failed_construction(error, name, span))


def failed_construction(error: BaseException, name: str, span: Span | None) -> Problem:
    found = problem_of(error)
    if found['span'] is None:
        found['span'] = span
    if not isinstance(error, ReadError):
        found['message'] = f'`{name}` cannot be constructed: {found["message"]}'
    return found


def _signature(cls: Any) -> inspect.Signature:
    """The arguments of a class: those of its base where its own constructor takes any and hands them on."""
    for owner in inspect.getmro(cls):
        init = vars(owner).get('__init__')
        if init is None:
            continue
        try:
            signature = inspect.signature(cls if owner is cls else init)
        except (TypeError, ValueError):
            break
        named = list(signature.parameters.values())[0 if owner is cls else 1 :]
        if not named or any(item.kind not in _OPEN_ENDED for item in named):
            return signature.replace(parameters=named)
    return inspect.Signature()


_OPEN_ENDED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _required(signature: inspect.Signature) -> list[inspect.Parameter]:
    return [p for p in signature.parameters.values() if p.default is p.empty and p.kind not in _OPEN_ENDED]


def _needs_arguments(
    cls: Any, signature: inspect.Signature, names: list[str], span: Span | None, why: str | None
) -> Problem:
    shown = ', '.join(f'{p.name}=...' for p in _required(signature))
    return problem(
        'needs-arguments',
        f'`{cls.__name__}` is not constructed in this file, and nothing says what '
        + ' and '.join(f'`{name}`' for name in names)
        + (' are' if len(names) > 1 else ' is')
        + f'. Add `# gradient-lens: args=({shown})` above the class.'
        + (f' (With assumed values: {why})' if why else ''),
        span,
    )


