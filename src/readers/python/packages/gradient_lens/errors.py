"""Errors that say where and what to do. Each also is the built-in error that the framework would raise."""

from .spans import Span, here


class ReadError(Exception):
    """Why a model cannot be read.

    `code` becomes the problem's code, `span` the call in the user's code, `related` other places that belong to it
    as (message, span).
    """

    code = 'runtime-error'

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.span: Span | None = here(2)
        self.related: list[tuple[str, Span]] = []

    def relate(self, message: str, span: Span | None) -> None:
        if span is not None:
            self.related.append((message, span))


class ShapeMismatch(ReadError, RuntimeError):
    """Shapes that do not fit together. `wanted` and `got` are the numbers of features or channels, where that is it."""

    code = 'shape-mismatch'

    def __init__(self, message: str, wanted: int | None = None, got: int | None = None) -> None:
        super().__init__(message)
        self.span = here(2)
        self.wanted = wanted
        self.got = got
        #: The framework's own layer that refused its input.
        self.module: object = None


class NotAsDeclared(ShapeMismatch):
    """A call gives a model something else than what it declares as its input."""


class OutOfRange(ReadError, IndexError):
    """An index or an axis outside a tensor."""

    code = 'shape-mismatch'


class BadArgument(ReadError, ValueError):
    """A value that the framework would reject as well."""


class BadType(ReadError, TypeError):
    """An argument of a type that the framework would reject as well."""


class BadState(ReadError, RuntimeError):
    """An operation that the framework would refuse here."""


class UnsupportedOp(ReadError, NotImplementedError):
    """Something the tracing packages do not follow; never replaced by a guess."""

    code = 'unknown-layer'

    def __init__(self, name: str, advice: str = '') -> None:
        super().__init__(f'Gradient Lens cannot follow {name}' + (f': {advice}' if advice else '') + '.')
        self.span = here(2)
        self.name = name


class PartNotMade(ReadError, RuntimeError):
    """A part of a model that an earlier statement should have made, and failed."""

    code = 'runtime-error'

    def __init__(self, name: str, reason: str, place: Span | None) -> None:
        super().__init__(f'`{name}` goes into this model, and the statement that makes it fails: {reason}')
        self.span = here(2)
        self.relate('It fails here.', place)


class DataDependent(ReadError, RuntimeError):
    """Python control flow (or a Python number) that hangs on a value known only when real data flows."""

    code = 'data-dependent'

    def __init__(self, what: str) -> None:
        super().__init__(
            f'{what} depends on the data that flows through the model, which is not known while it is read. '
            'Use torch.where or a fixed argument instead, or name another entry with a fixed path.'
        )
        self.span = here(2)


class TooLarge(ReadError, MemoryError):
    """A graph or a tensor beyond what can be measured."""

    code = 'too-large'
