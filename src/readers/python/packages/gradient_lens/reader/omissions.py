"""What is left out when a file is read again because a statement of it brought the interpreter down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypedDict

from ..spans import USER_ROOT
from .syntax import walk


class Line(TypedDict):
    path: str
    #: One-based.
    line: int


class LeftOut(BaseException):
    """Raised in the place of a statement that is not run; whoever asked for it tells why."""


@dataclass
class Omissions:
    """Top-level statements that are not run, in all files of a reading."""

    #: Of each of these lines the statement around it.
    lines: list[Line] = field(default_factory=list)
    #: Only imports, classes, functions and plain values are run.
    definitions_only: bool = False

    @staticmethod
    def of(request: Any) -> Omissions:
        return Omissions(request.get('leaveOut', []), request.get('definitionsOnly', False))

    def check(self, statement: ast.stmt, path: str) -> None:
        """Raises:
        LeftOut: where the statement is not to be run.
        """
        if self.definitions_only and not _defines(statement):
            raise LeftOut
        for item in self.lines:
            if item['path'] in (path, USER_ROOT + path) and _covers(statement, item['line']):
                raise LeftOut


def _covers(statement: ast.stmt, line: int) -> bool:
    first = min([statement.lineno, *(item.lineno for item in getattr(statement, 'decorator_list', []))])
    return first <= line <= (statement.end_lineno or statement.lineno)


_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom, ast.Pass)
#: What a plain value is made of.
_PLAIN = (ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Dict, ast.UnaryOp)


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, _DEFINITIONS):
        return True
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        plain = statement.value is None or all(isinstance(item, _PLAIN) for item in walk(statement.value))
        return plain and all(isinstance(target, ast.Name) for target in targets)
    if isinstance(statement, (ast.Try, ast.If)):
        # `try: import apex`, with what stands in for it.
        return all(_defines(item) for item in _inner(statement))
    return False


def _inner(statement: ast.Try | ast.If) -> Iterator[ast.stmt]:
    yield from statement.body
    yield from statement.orelse
    if isinstance(statement, ast.Try):
        yield from statement.finalbody
        for handler in statement.handlers:
            yield from handler.body
