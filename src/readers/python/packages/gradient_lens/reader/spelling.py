"""Spells values as expressions that give them back in a file's namespace: `Net(depth=3)`, `nn.ReLU`, `(3, 32, 32)`."""

from __future__ import annotations

import dataclasses
import enum
import inspect
from collections.abc import Callable, Mapping
from types import FunctionType, ModuleType
from typing import Any

type Namespace = Mapping[str, Any]
#: Spells values that only the caller can (modules that the file constructed), or gives None.
type Special = Callable[[Any], str | None]


class Unspeakable(Exception):
    """A value that no short expression gives back."""


_LONGEST = 400


def name_of(value: Any, names: Namespace) -> str | None:
    """The name that a class or function has in the namespace, also as an attribute of an imported module."""
    name = getattr(value, '__name__', None)
    if not isinstance(name, str):
        return None
    if names.get(name) is value:
        return name
    for key, held in names.items():
        if held is value and key.isidentifier() and not key.startswith('__'):
            return key
    for key, held in names.items():
        if isinstance(held, ModuleType) and key.isidentifier() and vars(held).get(name) is value:
            return f'{key}.{name}'
    return None


def spell(value: Any, names: Namespace, special: Special, depth: int = 5) -> str:
    """The expression of a value.

    Raises:
        Unspeakable: where there is none, or only a long one.
    """
    if depth == 0:
        raise Unspeakable
    text = _spell(value, names, special, depth)
    if len(text) > _LONGEST:
        raise Unspeakable
    return text


def _spell(value: Any, names: Namespace, special: Special, depth: int) -> str:
    if value is None or value is ... or type(value) in (bool, int, float, str, bytes, complex):
        return repr(value)
    if isinstance(value, (type, FunctionType)):
        name = name_of(value, names)
        if name is None:
            builtin = getattr(value, '__name__', '')
            if getattr(value, '__module__', '') != 'builtins' or not builtin.isidentifier():
                raise Unspeakable
            name = builtin
        return name
    if isinstance(value, enum.Enum):
        owner = name_of(type(value), names)
        if owner is None:
            raise Unspeakable
        return f'{owner}.{value.name}'
    if type(value) is tuple:
        items = [spell(item, names, special, depth - 1) for item in value]
        return f'({items[0]},)' if len(items) == 1 else f'({", ".join(items)})'
    if type(value) is list:
        return f'[{", ".join(spell(item, names, special, depth - 1) for item in value)}]'
    if type(value) is dict:
        pairs = [(spell(k, names, special, depth - 1), spell(v, names, special, depth - 1)) for k, v in value.items()]
        return '{' + ', '.join(f'{k}: {v}' for k, v in pairs) + '}'
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _spell_dataclass(value, names, special, depth)
    text = special(value)
    if text is None:
        raise Unspeakable
    return text


def _spell_dataclass(value: Any, names: Namespace, special: Special, depth: int) -> str:
    name = name_of(type(value), names)
    if name is None:
        raise Unspeakable
    given: list[str] = []
    for field in dataclasses.fields(value):
        if not field.init:
            continue
        item = getattr(value, field.name)
        if field.default is not dataclasses.MISSING and _equal(item, field.default):
            continue
        if field.default_factory is not dataclasses.MISSING and _equal(item, field.default_factory()):
            continue
        given.append(f'{field.name}={spell(item, names, special, depth - 1)}')
    return f'{name}({", ".join(given)})'


def _equal(one: Any, other: Any) -> bool:
    if one is other:
        return True
    try:
        return type(one) is type(other) and (one == other) is True
    except Exception:
        return False


def spell_call(
    name: str, target: Any, arguments: inspect.BoundArguments, names: Namespace, special: Special
) -> str:
    """The call with the arguments that differ from the defaults.

    Raises:
        Unspeakable: where an argument has no expression.
    """
    given: list[str] = []
    positional = True
    for parameter in inspect.signature(target).parameters.values():
        if parameter.name not in arguments.arguments:
            positional = positional and parameter.kind is parameter.VAR_POSITIONAL
            continue
        value = arguments.arguments[parameter.name]
        if parameter.kind is parameter.VAR_POSITIONAL:
            if not positional and value:
                raise Unspeakable
            given.extend(spell(item, names, special) for item in value)
            positional = False
        elif parameter.kind is parameter.VAR_KEYWORD:
            given.extend(f'{key}={spell(item, names, special)}' for key, item in value.items())
        elif parameter.default is not parameter.empty and _equal(value, parameter.default):
            positional = False
        elif positional and parameter.default is parameter.empty and parameter.kind is not parameter.KEYWORD_ONLY:
            given.append(spell(value, names, special))
        else:
            given.append(f'{parameter.name}={spell(value, names, special)}')
            positional = False
    return f'{name}({", ".join(given)})'
