"""What the file's text says about its classes and functions, without running them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from .syntax import walk


_ASKS = frozenset({'isinstance', 'issubclass'})


@dataclass
class Definitions:
    """Top-level definitions of a file, by name, and who mentions whom."""

    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    #: Names that each definition's body mentions.
    mentions: dict[str, set[str]] = field(default_factory=dict)
    #: Calls anywhere in the file, by the name that is called.
    calls: dict[str, list[ast.Call]] = field(default_factory=dict)

    @staticmethod
    def of(tree: ast.Module) -> Definitions:
        found = Definitions()
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found.classes[node.name] = node
                # The bases are no use of a class as a part.
                found._take(*node.decorator_list, *node.bases, *node.keywords)
                found.mentions[node.name] = found._take(*node.body)
            elif isinstance(node, ast.FunctionDef):
                found.functions[node.name] = node
                found._take(*node.decorator_list, node.args)
                found.mentions[node.name] = found._take(*node.body)
            else:
                found._take(node)
        return found

    def _take(self, *nodes: ast.AST) -> set[str]:
        """Notes the calls in the nodes, and gives the names that they mention."""
        names: set[str] = set()
        asked: set[int] = set()
        for item in walk(*nodes):
            kind = type(item)
            if kind is ast.Name:
                if id(item) not in asked:
                    names.add(item.id)  # type: ignore[attr-defined]
            elif isinstance(item, ast.Call):
                called = item.func
                if isinstance(called, ast.Name) and called.id in _ASKS:
                    # Whoever asks for the class of a value does not make one.
                    asked.update(id(name) for name in walk(*item.args[1:]))
                name = called.id if isinstance(called, ast.Name) else getattr(called, 'attr', None)
                if name is not None:
                    self.calls.setdefault(name, []).append(item)
        return names

    def uses(self, name: str, wanted: set[str]) -> bool:
        """Whether a function, or functions of the file that it calls, mention one of the names."""
        seen: set[str] = set()
        stack = [name]
        while stack:
            current = stack.pop()
            if current in seen:
                continue
            seen.add(current)
            held = self.mentions.get(current, set())
            if held & wanted:
                return True
            stack.extend(item for item in held if item in self.functions)
        return False

    def returns_value(self, name: str) -> bool:
        """Whether a function gives something back."""
        node = self.functions[name]
        own = [item for item in walk(node) if isinstance(item, ast.Return) and item.value is not None]
        return bool(own)

    def parts(self, owners: set[str]) -> set[str]:
        """Names that classes of the file among `owners` mention: of their blocks, for example."""
        return {name for holder in owners for name in self.mentions[holder] if name != holder}


def evaluated_call(call: ast.Call, names: dict[str, Any]) -> tuple[list[Any], dict[str, Any]] | None:
    """The arguments of a call as far as they are plain expressions of top-level names; None where one is not."""
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for item in call.args:
        if isinstance(item, ast.Starred):
            return None
        held = _evaluated(item, names)
        if held is None:
            return None
        positional.append(held[0])
    for keyword in call.keywords:
        held = _evaluated(keyword.value, names)
        if held is None or keyword.arg is None:
            return None
        keywords[keyword.arg] = held[0]
    return positional, keywords


def _evaluated(node: ast.expr, names: dict[str, Any]) -> tuple[Any] | None:
    # Calls would run code that the file did not ask for here, except for its own classes.
    for item in walk(node):
        if isinstance(item, (ast.Call, ast.Await, ast.Yield, ast.NamedExpr)):
            return None
        if isinstance(item, ast.Name) and item.id not in names and item.id not in ('True', 'False', 'None'):
            return None
    try:
        return (eval(compile(ast.Expression(node), '<call site>', 'eval'), names),)
    except Exception:
        return None
