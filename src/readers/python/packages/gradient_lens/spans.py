"""Exact source ranges of calls in the user's files.

CPython keeps, for each instruction, the line and the UTF-8 byte column of the expression it belongs to
(`code.co_positions()`, PEP 657); editors count UTF-16 code units, so columns are converted by the line's own text.
"""

import linecache
import sys
from types import CodeType, FrameType
from typing import Any

from .identity import identity

USER_ROOT = '/user/'

#: `{"path", "range": {"start": {"line", "character"}, "end": ...}}`, zero-based, as `SourceSpan` in src/graph/source.ts.
type Span = dict[str, Any]

type _Position = tuple[int | None, int | None, int | None, int | None]


class _CodeSpans:
    """Positions of one code object and the spans made of them so far. Keeps the code alive, so its id stays its own."""

    __slots__ = ('code', 'path', 'positions', 'spans', 'plain')

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.path = code.co_filename.removeprefix(USER_ROOT)
        self.positions: list[_Position] = list(code.co_positions())
        self.spans: dict[int, Span] = {}
        #: Whether bytes, characters and UTF-16 units are the same thing in its file.
        self.plain = _is_plain(code.co_filename)

    def span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        if not self.plain:
            return make_span(self.code.co_filename, line, column, end_line, end_column)
        start, end = {'line': line - 1, 'character': column}, {'line': end_line - 1, 'character': end_column}
        return {'path': self.path, 'range': {'start': start, 'end': end}}


def _is_plain(filename: str) -> bool:
    # `linecache` gives the same list until the file changes.
    lines = linecache.getlines(filename)
    known = _plain.get(filename)
    if known is None or known[0] is not lines:
        known = _plain[filename] = (lines, all(map(str.isascii, lines)))
    return known[1]


class Pin:
    """A place that holds for everything that is recorded, while nothing of the user's code can run: no stack has to be searched."""

    __slots__ = ('span',)

    def __init__(self) -> None:
        self.span: Span | None = None


#: Plain record; there is one, since Python code under trace has one thread. Whoever sets it puts back what it held.
pin = Pin()

_known: dict[int, _CodeSpans] = {}
#: Lines of files, and whether they are all ASCII.
_plain: dict[str, tuple[list[str], bool]] = {}
#: Files that have been seen and are not the user's; most frames that are looked through are in one of them.
_others: set[str] = set()


def forget() -> None:
    """Drops what is known of the files read so far."""
    _known.clear()
    _plain.clear()
    pin.span = None


def utf16_column(filename: str, line: int, byte_column: int) -> int:
    """UTF-16 column of a UTF-8 byte column in a one-based line of a file."""
    text = linecache.getline(filename, line)
    if text.isascii():
        return byte_column
    before = text.encode('utf-8')[:byte_column].decode('utf-8', 'ignore')
    return len(before.encode('utf-16-le')) // 2


def _position(filename: str, line: int, byte_column: int) -> dict[str, int]:
    return {'line': line - 1, 'character': utf16_column(filename, line, byte_column)}


def make_span(filename: str, line: int, column: int, end_line: int, end_column: int) -> Span:
    """A span from one-based lines and UTF-8 byte columns."""
    return {
        'path': filename.removeprefix(USER_ROOT),
        'range': {'start': _position(filename, line, column), 'end': _position(filename, end_line, end_column)},
    }


def is_user_code(filename: str) -> bool:
    return filename.startswith(USER_ROOT)


def user_frame(depth: int = 1) -> FrameType | None:
    """The innermost frame of the user's code, seen from `depth` frames above the caller."""
    frame: FrameType | None = sys._getframe(depth + 1)
    while frame is not None and not frame.f_code.co_filename.startswith(USER_ROOT):
        frame = frame.f_back
    return frame


def code_span(code: CodeType, instruction: int, line: int | None = None) -> Span | None:
    """Span of the expression that the instruction at byte offset `instruction` of `code` belongs to."""
    if instruction < 0:
        return None
    known = _known.get(identity(code))
    if known is None:
        known = _known[identity(code)] = _CodeSpans(code)
    span = known.spans.get(instruction)
    if span is not None:
        return span
    start, end, column, end_column = known.positions[instruction // 2]
    if start is None or end is None or column is None or end_column is None:
        start = line if start is None else start
        if start is None:
            return None
        text = linecache.getline(code.co_filename, start).rstrip('\n')
        indent = len(text) - len(text.lstrip())
        start, end, column, end_column = start, start, indent, len(text.encode('utf-8'))
    span = known.spans[instruction] = known.span(start, column, end, end_column)
    return span


def frame_span(frame: FrameType | None) -> Span | None:
    """Span of the call that `frame` is in the middle of."""
    return None if frame is None else code_span(frame.f_code, frame.f_lasti, frame.f_lineno)


def here(depth: int = 1) -> Span | None:
    """Span of the innermost call in the user's code."""
    if pin.span is not None:
        return pin.span
    frame: FrameType | None = sys._getframe(depth + 1)
    # Written out, since every op of a model asks.
    others = _others
    while frame is not None:
        code = frame.f_code
        filename = code.co_filename
        if filename not in others:
            if filename.startswith(USER_ROOT):
                known = _known.get(identity(code))
                span = known.spans.get(frame.f_lasti) if known is not None else None
                return span or code_span(code, frame.f_lasti, frame.f_lineno)
            others.add(filename)
        frame = frame.f_back
    return None


def traceback_span(error: BaseException) -> Span | None:
    """Span of the innermost user frame of an exception's traceback."""
    span: Span | None = None
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if code.co_filename.startswith(USER_ROOT):
            span = code_span(code, step.tb_lasti, step.tb_lineno)
        step = step.tb_next
    return span
