"""Arguments that the project's own examples give to another class of the same name, or to a base of it.

Variants of a model (`simple_vit.py`, `simple_vit_with_registers.py`) mostly keep its name and its arguments, and the README
shows one of them. Classes that are derived from a model mostly take its arguments too.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from .constructions import is_own
from .definitions import evaluated_call
from .examples import examples_of
from .problems import Guess
from ..spans import Span
from .syntax import walk


def namesakes(path: str, cls: Any, signature: inspect.Signature, span: Span | None) -> Iterator[tuple[dict[str, Any], Guess]]:
    """Keyword arguments that suit the class, with the guess that they are; the most telling ones first."""
    found: list[tuple[dict[str, Any], Guess]] = []
    for name in (cls.__name__, *_bases(cls)):
        told = 'another class of its name' if name == cls.__name__ else f'`{name}`, on which it builds'
        for example in examples_of(path, {name}):
            for node in walk(example.tree):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != name:
                    continue
                keywords = _keywords(node, signature)
                if keywords:
                    message = (
                        f'Nothing constructs this `{cls.__name__}`; the arguments are those that line {node.lineno} of '
                        f'{example.path} gives to {told}.'
                    )
                    found.append((keywords, {'message': message, 'span': span}))
        if found:
            break
    yield from sorted(found, key=lambda item: -len(item[0]))


def _bases(cls: Any) -> list[str]:
    """Classes of the project that the class is derived from, nearest first."""
    return [base.__name__ for base in inspect.getmro(cls)[1:] if is_own(base)]


def _keywords(call: ast.Call, signature: inspect.Signature) -> dict[str, Any]:
    """The arguments by name, without those that the class does not have; empty where one is missing."""
    held = evaluated_call(call, {})
    if held is None:
        return {}
    parameters = signature.parameters
    known = {name: value for name, value in held[1].items() if name in parameters}
    try:
        bound = signature.bind(*held[0], **known)
    except TypeError:
        return {}
    return dict(bound.arguments)
