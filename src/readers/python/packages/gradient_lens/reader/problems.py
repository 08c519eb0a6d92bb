"""From exceptions to located problems (`Problem` of src/graph/reading.ts)."""

from __future__ import annotations

import linecache
from typing import TypedDict

from ..errors import ReadError
from ..inert import UnknownValue
from ..spans import USER_ROOT, Span, make_span, traceback_span
from .faults import is_own_fault
from .stops import LoopLimit


class Related(TypedDict):
    message: str
    span: Span


class Problem(TypedDict):
    code: str
    message: str
    span: Span | None
    related: list[Related]


class Guess(TypedDict):
    message: str
    span: Span | None


def problem(code: str, message: str, span: Span | None = None, related: list[Related] | None = None) -> Problem:
    return {'code': code, 'message': message, 'span': span, 'related': related or []}


def utf16_length(text: str) -> int:
    return len(text.encode('utf-16-le')) // 2


def line_span(path: str, line: int) -> Span:
    """The text of one line (one-based), without its indentation."""
    text = linecache.getline(USER_ROOT + path, line).rstrip()
    start = len(text) - len(text.lstrip())
    return {
        'path': path,
        'range': {
            'start': {'line': line - 1, 'character': start},
            'end': {'line': line - 1, 'character': utf16_length(text)},
        },
    }


def syntax_problem(error: SyntaxError, path: str) -> Problem:
    """The place of a syntax error. CPython counts columns in code points from 1; 0 stands for 'not known'."""
    line = max(error.lineno or 1, 1)
    text = linecache.getline(USER_ROOT + path, line).rstrip('\n')
    start = max((error.offset or 1) - 1, 0)
    end_line, end = error.end_lineno or line, (error.end_offset or 0) - 1
    if end_line != line or end <= start:
        end = max(start + 1, len(text.rstrip()))
    return problem(
        'syntax-error',
        f'{type(error).__name__}: {error.msg}. What this statement defines is left out until it parses.',
        {
            'path': path,
            'range': {
                'start': {'line': line - 1, 'character': utf16_length(text[:start])},
                'end': {'line': line - 1, 'character': utf16_length(text[:end])},
            },
        },
    )


def is_denied(error: BaseException) -> bool:
    """Whether the sandbox refused something that reaches outside of it."""
    return isinstance(error, PermissionError) or getattr(error, 'problem_code', None) == 'denied'


def _code(error: BaseException) -> str:
    # The sandbox names the code of what it raises itself.
    own = getattr(error, 'problem_code', None)
    if isinstance(own, str):
        return own
    if isinstance(error, ReadError):
        return error.code
    if isinstance(error, LoopLimit):
        return 'timeout'
    if is_denied(error):
        return 'denied'
    if _is_memory(error):
        return 'out-of-memory'
    if isinstance(error, RecursionError):
        return 'recursion'
    if isinstance(error, ImportError):
        return 'import-error'
    if is_own_fault(error):
        return 'internal-error'
    return 'runtime-error'


def _is_memory(error: BaseException) -> bool:
    # Longer than an address can count is longer than any memory, though CPython names it otherwise.
    return isinstance(error, MemoryError) or (isinstance(error, OverflowError) and 'index-sized' in str(error))


def _message(error: BaseException) -> str:
    if isinstance(error, (ReadError, UnknownValue)) or hasattr(error, 'problem_code'):
        return str(error)
    if isinstance(error, LoopLimit):
        return f'This loop did not end within {error.rounds:,} rounds while the file was read; what follows it was read.'
    if is_denied(error):
        return (
            f'{getattr(error, "strerror", None) or error}: files are read in a sandbox from which no program, file or network of this '
            'machine can be reached. Put such calls under `if __name__ == "__main__":`.'
        )
    if _is_memory(error):
        return 'This needs more memory than the sandbox has. Build a smaller model, or guard the statement.'
    if isinstance(error, RecursionError):
        return 'This calls itself without end.'
    if isinstance(error, SystemExit):
        return 'The script ends itself here, before it comes to a model.'
    text = str(error)
    if is_own_fault(error):
        return (
            f'Gradient Lens failed here by a fault of its own, or did not expect an argument ({type(error).__name__}: {text}). '
            'Please report it together with this line; other models are not affected.'
        )
    return f'{type(error).__name__}: {text}' if text else type(error).__name__


def problem_of(error: BaseException) -> Problem:
    """The problem that an exception is, at the innermost call in the user's code."""
    related: list[Related] = []
    span = traceback_span(error)
    if isinstance(error, ReadError):
        span = error.span or span
        related = [{'message': message, 'span': where} for message, where in error.related]
    elif isinstance(error, SyntaxError) and (error.filename or '').startswith(USER_ROOT):
        return syntax_problem(error, (error.filename or '').removeprefix(USER_ROOT))
    elif isinstance(error, LoopLimit):
        span = error.span or span
    return problem(_code(error), _message(error), span, related)


def node_span(path: str, node: object) -> Span | None:
    """Span of a syntax tree's node."""
    line, column = getattr(node, 'lineno', None), getattr(node, 'col_offset', None)
    end_line, end_column = getattr(node, 'end_lineno', None), getattr(node, 'end_col_offset', None)
    if line is None or column is None or end_line is None or end_column is None:
        return None
    return make_span(USER_ROOT + path, line, column, end_line, end_column)


def name_span(path: str, node: object, name: str) -> Span | None:
    """Span of the name that a `class` or `def` statement defines; of the whole statement where it is not on its line."""
    line = getattr(node, 'lineno', None)
    if line is None:
        return None
    text = linecache.getline(USER_ROOT + path, line)
    at = text.find(name)
    if at < 0:
        return node_span(path, node)
    start = utf16_length(text[:at])
    return {
        'path': path,
        'range': {
            'start': {'line': line - 1, 'character': start},
            'end': {'line': line - 1, 'character': start + utf16_length(name)},
        },
    }
