"""Examples that a project writes down: `>>>` lines of docstrings, and fences of Python in its README."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..spans import USER_ROOT
from .execution import Executor
from .importing import dotted_name
from .stops import SCRIPT_ROUNDS, Stop
from .syntax import walk

_FENCE = re.compile(r'^(?P<indent> {0,3})```+ *(?:python|py|python3)\b[^\n]*\n(?P<code>.*?)^ {0,3}```', re.MULTILINE | re.DOTALL)
_PROMPT = re.compile(r'^[ \t]*(?:>>>|\.\.\.)(?: (.*))?$')
#: Examples of one file that are run, and the names of the files that hold the project's own.
_MOST = 12
_READMES = ('README.md', 'readme.md', 'Readme.md')


@dataclass
class Example:
    """Statements that are run together; their lines are those of the file at `path`."""

    path: str
    tree: ast.Module


def examples_of(path: str, names: set[str]) -> Iterator[Example]:
    """The examples that mention one of the names: first those of the file itself, then those of the project's README."""
    found = [*_prompts(path, _text(path)), *(example for name in _READMES for example in _fences(name, _text(name)))]
    wanted = [item for item in found if any(isinstance(node, ast.Name) and node.id in names for node in walk(item.tree))]
    yield from wanted[:_MOST]


def run_example(example: Example, names: dict[str, Any], executor: Executor) -> None:
    """Runs an example up to its first failure, which says nothing about the model: examples leave out what is not new."""
    executor.watch.begin(SCRIPT_ROUNDS)
    for statement in example.tree.body:
        try:
            exec(compile(ast.Module([statement], []), USER_ROOT + example.path, 'exec', dont_inherit=True), names)
        except (Exception, Stop, SystemExit):
            return


def take_own_place(path: str, names: dict[str, Any]) -> None:
    """Puts the file's classes in the place of their copies: its package has imported the file before it was run itself."""
    own = dotted_name(path)
    for module in list(sys.modules.values()):
        if not str(getattr(module, '__file__', '') or '').startswith(USER_ROOT):
            continue
        for name, held in list(vars(module).items()):
            if isinstance(held, type) and held.__module__ == own and isinstance(names.get(held.__name__), type):
                setattr(module, name, names[held.__name__])


def _text(path: str) -> str:
    try:
        with open(os.path.join(USER_ROOT, path), encoding='utf-8') as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ''


def _fences(path: str, text: str) -> Iterator[Example]:
    for match in _FENCE.finditer(text):
        yield from _parsed(path, match['code'], text.count('\n', 0, match.start('code')))


def _prompts(path: str, text: str) -> Iterator[Example]:
    """Runs of lines with prompts; what is printed between them is left out, its lines stay."""
    held: list[str] = []
    start = 0
    for number, line in enumerate([*text.split('\n'), '', '']):
        match = _PROMPT.match(line)
        if match is not None:
            start = start if held else number
            held += [''] * (number - start - len(held)) + [match[1] or '']
        elif held and not line.strip():
            yield from _parsed(path, '\n'.join(held), start)
            held = []


def _parsed(path: str, code: str, lines_before: int) -> Iterator[Example]:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return
    yield Example(path, ast.increment_lineno(tree, lines_before) if lines_before else tree)
