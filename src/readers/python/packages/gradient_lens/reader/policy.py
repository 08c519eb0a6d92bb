"""Which failures of a file matter to its user."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ..errors import ReadError
from ..inert import UnknownValue
from .execution import Failure
from .omissions import LeftOut
from .problems import Problem, is_denied, node_span, problem_of
from .stops import LoopLimit
from .tolerance import assigned_names


def problems_to_report(failures: Sequence[Failure], lost: set[str], models: Sequence[Any], path: str) -> list[Problem]:
    """Problems for the statements that failed.

    A refused call, an endless loop and a definition that fails are told always. What fails in the part that loads data
    and trains is told only where no model could be read, since it may be the reason.
    """
    found: list[Problem] = []
    any_read = any(model['graph'] is not None for model in models)
    lost = lost | {name for failure in failures for name in _missing_by(failure.statement)}
    for failure in failures:
        error = failure.error
        if isinstance(error, LeftOut) or _follows_from(error, lost):
            continue
        always = is_denied(error) or _is_timeout(error) or failure.definition
        always = always or (isinstance(error, (MemoryError, RecursionError)) and not failure.guarded)
        own = isinstance(error, ReadError) and not failure.guarded
        if _is_timeout(error) and failure.guarded and any_read:
            # A training loop that goes on for ever is what training loops do.
            always = False
        if not always and models and (not own or _told_by_a_model(error, models)):
            continue
        if failure.guarded and not always and any(item.guarded for item in failures[: failures.index(failure)]):
            # What comes after the first failure of a script mostly follows from it.
            continue
        problem = problem_of(error)
        if problem['span'] is None:
            problem['span'] = node_span(path, failure.statement)
        if problem not in found and not _same_place(problem, models):
            found.append(problem)
    return found


def _missing_by(statement: ast.stmt) -> list[str]:
    """Names that are missing because a statement failed."""
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        return [statement.name]
    return assigned_names(statement)


def _is_timeout(error: BaseException) -> bool:
    return isinstance(error, LoopLimit) or getattr(error, 'problem_code', None) == 'timeout'


def _follows_from(error: BaseException, lost: set[str]) -> bool:
    """A name or a number that is missing because an earlier statement did not parse or failed."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, UnknownValue) or (isinstance(seen, NameError) and getattr(seen, 'name', None) in lost):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _told_by_a_model(error: BaseException, models: Sequence[Any]) -> bool:
    return any(model['unread'] is not None and model['unread']['message'] == str(error) for model in models)


def _same_place(problem: Problem, models: Sequence[Any]) -> bool:
    """Whether a model's own problem says the same."""
    return any(
        model['unread'] is not None
        and model['unread']['code'] == problem['code']
        and model['unread']['span'] == problem['span']
        for model in models
    )
