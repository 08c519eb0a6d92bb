"""Values that nobody here can know: what unknown packages, absent files and unread tables give.

An `Inert` accepts whatever training scripts do to such a value (attributes, calls, decorators, loops, arithmetic) and
stays unknown all the while. It never turns into a number: `int`, `len` and the like raise `UnknownValue`, so that no
unknown size can slip into a shape.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterable, Iterator
from types import FrameType, FunctionType
from typing import Any, Self

from .repetition import OneItem
from .spans import here, is_user_code


class UnknownValue(TypeError):
    """An unknown value was asked for a number."""

    def __init__(self, label: str, wanted: str) -> None:
        super().__init__(f'`{label}` is not known here, so it has no {wanted}')
        self.label = label


_CONTAINERS = (list, tuple, set, frozenset, dict)
#: Types that hold nothing unknown.
_KNOWN = frozenset((int, float, bool, str, bytes, complex, type(None)))


def inert_label(value: object) -> str:
    """How the user's code spelled the unknown value, e.g. `pandas.read_csv(...).values`."""
    return object.__getattribute__(value, '_inert_label') if isinstance(value, Inert) else type(value).__name__


def inert_origin(value: object) -> str:
    """What is unknown in the first place: `hub.load(...)` of a layer that was called on its result."""
    return (object.__getattribute__(value, '_inert_origin') if isinstance(value, Inert) else '') or inert_label(value)


def inert_cause(value: Inert) -> BaseException | None:
    """What the statement raised that would have given the value, or what it is made of, if one failed."""
    return object.__getattribute__(value, '_inert_cause')


def holds_inert(value: object, depth: int = 3) -> bool:
    """Whether the value is unknown, or a container with something unknown in it."""
    return first_inert(value, depth) is not None


def first_inert(value: object, depth: int = 3) -> Inert | None:
    """The first unknown value in a value or container."""
    if isinstance(value, Inert):
        return value
    if depth == 0:
        return None
    if not isinstance(value, _CONTAINERS):
        return None
    items: Iterable[object] = [item for pair in value.items() for item in pair] if isinstance(value, dict) else value
    # A table of a million numbers is told at a glance.
    if _KNOWN.issuperset(map(type, items)):
        return None
    for item in items:
        if isinstance(item, Inert):
            return item
        if depth > 1 and isinstance(item, _CONTAINERS):
            found = first_inert(item, depth - 1)
            if found is not None:
                return found
    return None


def unknown_argument(arguments: tuple[object, ...], keywords: dict[str, object], depth: int = 1) -> Inert | None:
    """The first unknown value among arguments, or in containers among them; every call of a layer and of an op asks."""
    for item in arguments:
        if type(item) not in _KNOWN:
            found = first_inert(item, depth)
            if found is not None:
                return found
    for item in keywords.values():
        if type(item) not in _KNOWN:
            found = first_inert(item, depth)
            if found is not None:
                return found
    return None


#: Items at either end of a container that are looked into.
_LOOKED_INTO = 8


def stands_for_many(container: object) -> bool:
    """Whether a container was filled in a loop over something unknown: how many items it has in truth is not known."""
    if isinstance(container, dict):
        container = list(container.values())
    if not isinstance(container, (list, tuple)):
        return False
    for item in (*container[:_LOOKED_INTO], *container[-_LOOKED_INTO:]):
        held = first_inert(item)
        if held is not None and object.__getattribute__(held, '_inert_repeats'):
            return True
    return False


def _unpacked(frame: FrameType) -> int | None:
    """How many names the running instruction unpacks into (`a, b = value`), None where it is a loop or a call."""
    code = frame.f_code.co_code
    at = frame.f_lasti
    name = dis.opname[code[at]]
    if name == 'UNPACK_SEQUENCE':
        return code[at + 1]
    if name == 'UNPACK_EX':
        return code[at + 1] + 1
    return None


def _asking(frame: FrameType) -> FrameType | None:
    """The frame of the user's code that asks for a type (`isinstance`, `case list():`), None where something else does."""
    asking: FrameType | None = frame
    # Classes that say themselves what belongs to them, as abstract ones do.
    while asking is not None and asking.f_code.co_name == '__instancecheck__':
        asking = asking.f_back
    if asking is None or not is_user_code(asking.f_code.co_filename):
        return None
    return asking if dis.opname[asking.f_code.co_code[asking.f_lasti]] in _QUESTIONS else None


#: Instructions in which a type is asked for; `value.__class__` is none of them.
_QUESTIONS = frozenset(('CALL', 'CALL_KW', 'CALL_FUNCTION_EX', 'MATCH_CLASS'))


def _is_users(value: object) -> bool:
    """A function or class that the user's code defines, as against `float32` handed to `astype`."""
    if isinstance(value, FunctionType):
        return True
    return isinstance(value, type) and value.__module__.partition('.')[0] not in _OURS


#: Packages whose classes are types of numbers or layers, not something that is being decorated.
_OURS = frozenset(('builtins', 'numpy', 'torch', 'torchvision', 'torchaudio', 'timm', 'lightning', 'keras', 'tensorflow'))

type CallHook = Callable[[str, tuple[Any, ...], dict[str, Any]], None]

# Told of each call of an unknown function; the recorder refuses traced tensors there.
call_hooks: list[CallHook] = []

#: Asked whether an unknown value holds, with the frame of the user's code and what the value says of itself.
decision_hooks: list[Callable[[FrameType, str, bool], bool]] = []
#: Told where the user's code asks for the type of something unknown (`isinstance`), with the frame of that code.
type_hooks: list[Callable[[FrameType, str], None]] = []
#: Told where the user's code goes through something unknown, with the frame of that code.
iteration_hooks: list[Callable[[FrameType, str], None]] = []


def text_number(value: object) -> Any:
    """The value; where it is unknown and the caller's caller formats text (`'%d' % tensor`), a number to print."""
    frame = sys._getframe(2)
    formats = isinstance(value, Inert) and dis.opname[frame.f_code.co_code[frame.f_lasti]] == 'BINARY_OP'
    return 0 if formats else value


class Inert:
    """An unknown value. `label` is the expression that it came from, for messages; `origin` that of the first unknown one."""

    _inert_label: str
    _inert_origin: str
    _inert_truth: bool

    #: It stands for many: an item of a loop over something unknown, and what is made of that.
    _inert_repeats: bool
    #: Why the statement failed that would have given it a value.
    _inert_cause: BaseException | None

    def __init__(
        self, label: str = 'value', origin: str = '', truth: bool = True, *, repeats: bool = False, cause: BaseException | None = None
    ) -> None:
        object.__setattr__(self, '_inert_truth', truth)
        object.__setattr__(self, '_inert_label', label if len(label) <= 60 else '...' + label[-57:])
        object.__setattr__(self, '_inert_origin', origin)
        object.__setattr__(self, '_inert_repeats', repeats)
        object.__setattr__(self, '_inert_cause', cause)

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return _made_of(self, f'{inert_label(self)}.{name}')

    def _asked_for_type(self) -> type[Inert]:
        # Python looks here where `isinstance` would say no: the answer stays no, but it is no known answer.
        frame = _asking(sys._getframe(1)) if type_hooks else None
        if frame is not None:
            for hook in type_hooks:
                hook(frame, inert_label(self))
        return Inert

    __class__ = property(_asked_for_type)  # type: ignore[assignment]

    def __setattr__(self, name: str, value: object) -> None:
        # Setting something on the unknown leaves it unknown.
        return

    def __delattr__(self, name: str) -> None:
        return

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for hook in call_hooks:
            hook(inert_label(self), args, kwargs)
        # A lone function or class is being decorated: the decorated one works as if it were not.
        if len(args) == 1 and not kwargs and _is_users(args[0]):
            return args[0]
        return _made_of(self, f'{inert_label(self)}(...)')

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        # `class Mine(unknown.Base)`: the class keeps what it defines itself. Two unknown bases are two classes.
        return (type('InertBase', (InertBase,), {'_inert_base': inert_label(self)}),)

    def __iter__(self) -> Iterator[Any]:
        """One unknown item for loops; as many as names stand on the left for `a, b = unknown`."""
        count = _unpacked(sys._getframe(1))
        label = inert_label(self)
        if count is None:
            frame = sys._getframe(1)
            for hook in iteration_hooks if is_user_code(frame.f_code.co_filename) else ():
                hook(frame, label)
            return OneItem(Inert(f'{label}[...]', self._inert_origin, repeats=True), label, here())
        return iter([_made_of(self, f'{label}[{i}]') for i in range(count)])

    def __next__(self) -> Any:
        return _made_of(self, f'next({inert_label(self)})')

    def __getitem__(self, key: object) -> Any:
        label = f'{inert_label(self)}[{key!r}]' if isinstance(key, (str, int)) else f'{inert_label(self)}[...]'
        return _made_of(self, label)

    def __setitem__(self, key: object, value: object) -> None:
        return

    def __delitem__(self, key: object) -> None:
        return

    def __contains__(self, item: object) -> bool:
        return self._decided(f'... in {inert_label(self)}', False)

    def __enter__(self) -> Any:
        return _made_of(self, inert_label(self))

    def __exit__(self, *exception: object) -> bool:
        return False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> bool:
        return False

    def __len__(self) -> int:
        raise UnknownValue(inert_label(self), 'length')

    def __int__(self) -> int:
        # `'%02d' % unknown` is text, whose length the format says.
        if text_number(self) == 0:
            return 0
        raise UnknownValue(inert_label(self), 'integer value')

    def __index__(self) -> int:
        raise UnknownValue(inert_label(self), 'integer value')

    def __float__(self) -> float:
        # Not a number, literally, for `'%.3f' % loss`. An explicit `float(...)` may end up in a list whose length says
        # nothing, so that is refused.
        frame = sys._getframe(1)
        if dis.opname[frame.f_code.co_code[frame.f_lasti]] == 'BINARY_OP':
            return float('nan')
        raise UnknownValue(inert_label(self), 'value')

    def __bool__(self) -> bool:
        return self._decided(inert_label(self), object.__getattribute__(self, '_inert_truth'))

    def _decided(self, label: str, usual: bool) -> bool:
        """What the hooks decide, where the user's code itself asks."""
        frame = sys._getframe(2)
        for hook in decision_hooks if is_user_code(frame.f_code.co_filename) else ():
            return hook(frame, label, usual)
        return usual

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f'<unknown {inert_label(self)}>'

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __fspath__(self) -> str:
        return '/unknown'

    def __class_getitem__(cls, key: object) -> type[Inert]:
        return cls

    def __or__(self, other: object) -> Any:
        return self

    def __ror__(self, other: object) -> Any:
        return self


class InertBase:
    """Stands for an unknown base class: any constructor arguments, any attribute."""

    #: How the user's code spelled it.
    _inert_base = ''

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        # Keyword arguments belong to the unknown base.
        super().__init_subclass__()

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__') and name.endswith('__'):
            raise AttributeError(name)
        return Inert(f'{type(self).__name__}.{name}')


def _made_of(value: Inert, label: str) -> Any:
    """Something unknown that hangs on another unknown value."""
    return Inert(label, value._inert_origin, repeats=value._inert_repeats, cause=value._inert_cause)


def made_of(value: Inert, label: str) -> Inert:
    """What a layer or an op makes of something unknown: that stays what messages speak of."""
    return Inert(label, inert_origin(value), repeats=value._inert_repeats, cause=value._inert_cause)


def _stays_unknown(symbol: str) -> Callable[..., Any]:
    def operator(self: Inert, *others: object) -> Any:
        return _made_of(self, f'{inert_label(self)} {symbol} ...')

    return operator


def _compares(symbol: str) -> Callable[[Inert, object], Any]:
    def comparison(self: Inert, other: object) -> Any:
        same = self is other
        holds = (symbol == '==' and same) or (symbol == '!=' and not same)
        shown = repr(other) if isinstance(other, (int, float, str)) and len(repr(other)) <= 20 else '...'
        return Inert(f'{inert_label(self)} {symbol} {shown}', self._inert_origin, holds, repeats=self._inert_repeats)

    return comparison


for _name, _symbol in {
    'add': '+', 'sub': '-', 'mul': '*', 'truediv': '/', 'floordiv': '//', 'mod': '%', 'pow': '**', 'matmul': '@',
    'and': '&', 'xor': '^', 'lshift': '<<', 'rshift': '>>',
}.items():  # fmt: skip
    for _prefix in ('', 'r', 'i'):
        setattr(Inert, f'__{_prefix}{_name}__', _stays_unknown(_symbol))
for _name, _symbol in {'lt': '<', 'le': '<=', 'gt': '>', 'ge': '>=', 'eq': '==', 'ne': '!='}.items():
    setattr(Inert, f'__{_name}__', _compares(_symbol))
for _name in ('neg', 'pos', 'abs', 'invert', 'round', 'trunc', 'floor', 'ceil', 'divmod', 'rdivmod', 'await'):
    setattr(Inert, f'__{_name}__', _stays_unknown(_name))
