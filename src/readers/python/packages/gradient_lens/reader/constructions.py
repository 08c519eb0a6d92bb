"""Remembers how each model was constructed, so that it can be named, spelled and made again."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any

from ..inert import Inert, first_inert, inert_label
from ..spans import Span, frame_span, is_user_code, user_frame
from .assumptions import assumed_value
from .counts import Counts
from .decisions import Decisions
from .models import modules
from .patches import Patches
from .problems import Guess
from .settings import has_unknown_settings, settled
from .tensors import Module


@dataclass
class Maker:
    """A function that was running when the model was constructed; `returned` once it has given the model back."""

    code: CodeType
    arguments: dict[str, Any]
    returned: bool = False


@dataclass
class Construction:
    """How a model came to be."""

    module: Any
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    span: Span | None
    #: Functions around the constructor call, innermost first.
    makers: list[Maker]
    #: Made inside the constructor of another model.
    inside: bool
    guesses: list[Guess] = field(default_factory=list)
    #: What its constructor raised: then there is only half a model.
    error: BaseException | None = None


def _arguments_of(frame: FrameType) -> dict[str, Any]:
    """What a running function holds in its parameters by now."""
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    held = frame.f_locals
    return {name: held[name] for name in code.co_varnames[:count] if name in held}


class Constructions:
    """Watches the constructors of modules (`bases`: the frameworks' root classes)."""

    def __init__(self, bases: tuple[type, ...]) -> None:
        self._bases = bases
        #: By `id`; the construction holds the module, so an id stays its own.
        self.known: dict[int, Construction] = {}
        self._order: list[Construction] = []
        self.counts = Counts()
        self.decisions = Decisions(bases, self.known)

    def install(self, patches: Patches) -> None:
        """Wraps the root classes' hooks."""
        for base in self._bases:
            patches.set(base, '__new__', self._new_hook(base))
            patches.set(base, '__init_subclass__', self._subclass_hook(base))

    def failure_of(self, cls: type) -> BaseException | None:
        """What the file's own construction of a class ended with, the first that failed."""
        failed = (item.error for item in self._order if type(item.module) is cls and item.error is not None)
        return next(failed, None)

    def of(self, module: Any) -> Construction | None:
        return self.known.get(id(module))

    def guesses_of(self, model: Any) -> list[Guess]:
        """What was assumed when the model and its parts were made."""
        held = [self.known[id(part)].guesses for part in modules(model) if id(part) in self.known]
        found: list[Guess] = []
        for guess in (guess for guesses in held for guess in guesses):
            if guess not in found:
                found.append(guess)
        return found

    def forget(self) -> None:
        self.known.clear()
        self._order.clear()
        self.counts.forget()
        self.decisions.forget()

    def all(self) -> list[Construction]:
        return self._order

    def _new_hook(self, base: type) -> Any:
        plain: Any = base.__new__

        def __new__(cls: type, /, *arguments: Any, **keywords: Any) -> Any:
            module = plain(cls, *arguments, **keywords)
            self.counts.made(module)
            self._created(module, arguments, keywords)
            return module

        return staticmethod(__new__)

    def _subclass_hook(self, base: type) -> Any:
        def __init_subclass__(cls: Any, **keywords: Any) -> None:
            super(base, cls).__init_subclass__(**keywords)
            code = getattr(vars(cls).get('__init__'), '__code__', None)
            if code is not None and is_user_code(code.co_filename):
                cls.__init__ = self._knowing(cls, cls.__init__)

        return classmethod(__init_subclass__)

    def _knowing(self, cls: type, initialise: Callable[..., None]) -> Callable[..., None]:
        """The constructor, with sizes that come from data that are not here taken as what their names suggest."""

        @functools.wraps(initialise)
        def __init__(module: Any, /, *arguments: Any, **keywords: Any) -> None:
            unknown = first_inert((arguments, keywords)) is not None or has_unknown_settings(arguments, keywords)
            if unknown and type(module) is cls:
                arguments, keywords = self._assume(module, initialise, arguments, keywords)
            try:
                initialise(module, *arguments, **keywords)
            except BaseException as error:
                construction = self.known.get(id(module))
                if construction is not None:
                    construction.error = error
                raise

        return __init__

    def _assume(
        self, module: Any, initialise: Callable[..., None], arguments: tuple[Any, ...], keywords: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        try:
            signature = inspect.signature(initialise)
            bound = signature.bind(module, *arguments, **keywords)
        except TypeError:
            return arguments, keywords
        construction = self.known.get(id(module))

        def tell(name: str, value: Inert, assumed: Any) -> None:
            if construction is not None:
                construction.guesses.append(
                    {
                        'message': f'`{name}` of `{type(module).__name__}` comes from `{inert_label(value)}`, which is '
                        f'not known here; {assumed!r} is assumed.',
                        'span': construction.span,
                    }
                )

        for name, value in bound.arguments.items():
            parameter = signature.parameters[name]
            bound.arguments[name] = settled(value, tell)
            if not isinstance(value, Inert) or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            try:
                assumed = assumed_value(parameter)
            except KeyError:
                if parameter.default is parameter.empty:
                    continue
                assumed = parameter.default
            bound.arguments[name] = assumed
            tell(name, value, assumed)
        if construction is not None:
            construction.arguments, construction.keywords = bound.args[1:], bound.kwargs
        return bound.args[1:], bound.kwargs

    def _created(self, module: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        if not is_reported(type(module)):
            return
        caller = sys._getframe(2)
        if caller.f_code.co_filename.endswith('copyreg.py'):
            return
        frame = user_frame(2)
        span = frame_span(frame)
        makers: list[Maker] = []
        guesses: list[Guess] = []
        inside = False
        while frame is not None:
            code = frame.f_code
            if is_user_code(code.co_filename):
                if self.decisions.any:
                    guesses.extend(guess for guess in self.decisions.over(frame) if guess not in guesses)
                if code.co_name == '__init__' and isinstance(frame.f_locals.get('self'), self._bases):
                    inside = True
                    break
                if code.co_qualname == code.co_name and not code.co_name.startswith('<'):
                    makers.append(Maker(code, _arguments_of(frame)))
            frame = frame.f_back
        construction = Construction(module, arguments, keywords, span, makers, inside, guesses)
        self.known[id(module)] = construction
        self._order.append(construction)

    def returned(self, frame: FrameType, value: Any) -> None:
        """A user's function returned a value: it is a maker of the model that it gives back."""
        construction = self.known.get(id(value))
        if construction is None:
            return
        for maker in construction.makers:
            if maker.code is frame.f_code:
                maker.returned = True


def is_own(cls: type) -> bool:
    """Whether a class is the user's, not the framework's."""
    return not cls.__module__.startswith(('torch.', 'torchvision.', 'torchaudio.', 'keras.', 'lightning.pytorch.'))


def is_reported(cls: type) -> bool:
    """Whether instances of a class can be models of their own: the user's classes, and the framework's containers."""
    if not issubclass(cls, Module):
        # A layer of Keras is a part, never a model.
        return False
    return is_own(cls) or cls.__name__ in ('Sequential', 'Model', 'DataParallel') or cls.__module__.startswith('torchvision.')
