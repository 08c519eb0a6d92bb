"""Options of the command line that decide which model a project builds: `if args.net == 'vgg16': net = vgg16()`."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..spans import USER_ROOT

_LARGEST = 256 * 1024


@dataclass(frozen=True)
class Choice:
    """Under `option`, `value` leads to one of the names that were asked for."""

    option: str
    value: str


def choices_for(names: set[str], active: str) -> list[Choice]:
    """The options that lead to one of the names, as the files beside the active one compare, map and look them up."""
    if not names:
        return []
    wanted = re.compile(r'\b(?:' + '|'.join(map(re.escape, sorted(names))) + r')\b')
    found: dict[Choice, None] = {}
    for text in _texts(active):
        looked_up = _looked_up_by_name(text)
        if looked_up is None and wanted.search(text) is None:
            continue
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            found.update(dict.fromkeys(_of_node(node, names)))
        if looked_up is not None:
            found.update((Choice(looked_up, name), None) for name in sorted(names) if not name.startswith('_'))
    return list(found)


def _texts(active: str) -> Iterator[str]:
    for folder, _, files in os.walk(USER_ROOT):
        for file in sorted(files):
            path = os.path.join(folder, file)
            if not file.endswith('.py') or path == USER_ROOT + active or os.path.getsize(path) > _LARGEST:
                continue
            with open(path, encoding='utf-8', errors='replace') as held:
                yield held.read()


_LOOKED_UP = re.compile(
    r'(?:__dict__|globals\(\)|vars\([\w.]+\))\[\s*(?:[\w.]+\.)?(\w+)\s*\]|getattr\(\s*[\w.]+\s*,\s*(?:[\w.]+\.)?(\w+)\s*\)'
)


def _looked_up_by_name(text: str) -> str | None:
    """The option whose value is itself the name of a builder: `models.__dict__[args.arch]()`."""
    match = _LOOKED_UP.search(text)
    return None if match is None else match[1] or match[2]


def _of_node(node: ast.AST, names: set[str]) -> Iterator[Choice]:
    if isinstance(node, ast.If) and any(_mentions(item, names) for item in node.body):
        for option, value in _comparisons(node.test):
            yield Choice(option, value)
    elif isinstance(node, ast.Match):
        option = _option_of(node.subject)
        for case in node.cases:
            pattern = case.pattern
            value = pattern.value if isinstance(pattern, ast.MatchValue) else None
            if option and isinstance(value, ast.Constant) and isinstance(value.value, str):
                if any(_mentions(item, names) for item in case.body):
                    yield Choice(option, value.value)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict):
        yield from _entries(node.value, node.slice, names)


def _entries(table: ast.Dict, key: ast.expr, names: set[str]) -> Iterator[Choice]:
    """`{'vgg': VGG, 'resnet': ResNet}[args.model]`."""
    option = _option_of(key)
    for name, value in zip(table.keys, table.values):
        if option and isinstance(name, ast.Constant) and isinstance(name.value, str) and _mentions(value, names):
            yield Choice(option, name.value)


def _comparisons(test: ast.expr) -> Iterator[tuple[str, str]]:
    """Options and the values that make a condition true: `args.net == 'vgg16'`, `args.net in ('a', 'b')`."""
    for node in ast.walk(test):
        if not isinstance(node, ast.Compare) or len(node.comparators) != 1:
            continue
        sides: list[Any] = [node.left, node.comparators[0]]
        if isinstance(node.ops[0], ast.Eq):
            for one, other in (sides, reversed(sides)):
                option = _option_of(one)
                if option and isinstance(other, ast.Constant) and isinstance(other.value, str):
                    yield option, other.value
        elif isinstance(node.ops[0], ast.In) and isinstance(sides[1], (ast.Tuple, ast.List, ast.Set)):
            option = _option_of(sides[0])
            for item in sides[1].elts:
                if option and isinstance(item, ast.Constant) and isinstance(item.value, str):
                    yield option, item.value


def _option_of(node: ast.expr) -> str | None:
    """`args.net` and `net` (which a function got as an argument) speak of the option `net`; so does `args.net.lower()`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ('lower', 'strip'):
        node = node.func.value
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    return node.id if isinstance(node, ast.Name) else None


def _mentions(node: ast.AST, names: set[str]) -> bool:
    for item in ast.walk(node):
        if isinstance(item, ast.Name) and item.id in names:
            return True
        if isinstance(item, ast.Attribute) and item.attr in names:
            return True
        if isinstance(item, ast.alias) and item.name in names:
            return True
    return False
