"""Walks syntax trees. `ast.walk` gives the same nodes at several times the cost, which is felt in files of a thousand layers."""

from __future__ import annotations

import ast
from typing import Any, get_args

#: Nodes that say which operator or context is meant, and nothing more.
_MARKS = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop, ast.type_ignore)


def _holds_nodes(kind: object) -> bool:
    """Whether a field of this type (`expr`, `list[stmt]`, `expr | None`, `str`) holds nodes that are worth a visit."""
    kinds = get_args(kind) or (kind,)
    return any(isinstance(item, type) and issubclass(item, ast.AST) and item not in _MARKS for item in kinds)


def _fields() -> dict[type, tuple[str, ...]]:
    # Lists hold None where something is left out (`{**held}`, keyword-only arguments without a default).
    found: dict[type, tuple[str, ...]] = {type(None): ()}
    kinds: list[type[ast.AST]] = [ast.AST]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
        types = getattr(kind, '_field_types', {})
        found[kind] = tuple(name for name in kind._fields if _holds_nodes(types.get(name, ast.AST)))
    return found


_FIELDS = _fields()


def walk(*nodes: ast.AST) -> list[ast.AST]:
    """The nodes and all that are below them, nearest first, as `ast.walk` gives them; without operators and contexts."""
    found: list[Any] = [*nodes]
    extend, append = found.extend, found.append
    for item in found:
        for name in _FIELDS[item.__class__]:
            value: Any = getattr(item, name, None)
            if value.__class__ is list:
                extend(value)
            elif value is not None:
                append(value)
    return [item for item in found if item is not None] if None in found else found
