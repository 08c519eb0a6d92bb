"""Parses a file so that a broken statement does not hide the ones around it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from .problems import Problem, syntax_problem

#: Broken statements that are cut out before the file is given up.
_MOST_CUTS = 100
#: Blanks that come with text copied from a page, which Python does not take for blanks.
_BLANKS = re.compile('[\u00a0\u2000-\u200a\u202f\u205f\u3000]')
_CONTINUES = re.compile(r'(else|elif|except|finally|case)\b|[)\]}#]')
_BODY_MISSING = re.compile(r'after .* on line (\d+)$')


@dataclass
class Parsed:
    tree: ast.Module
    problems: list[Problem]
    #: Names that the cut statements would have defined.
    lost: set[str]


def _statement_starts(lines: list[str]) -> list[int]:
    """Zero-based lines at which top-level statements begin, judged by indentation alone."""
    starts = [0]
    decorated = False
    for number, line in enumerate(lines):
        if not line or line[0].isspace() or _CONTINUES.match(line):
            continue
        if not decorated and number:
            starts.append(number)
        decorated = line.startswith('@')
    return starts


def _chunk_around(lines: list[str], line: int) -> tuple[int, int]:
    """The half-open range of lines of the top-level statement that a line belongs to."""
    starts = _statement_starts(lines)
    begin = max(start for start in starts if start <= line)
    later = [start for start in starts if start > line]
    return begin, later[0] if later else len(lines)


def _defined(lines: list[str]) -> set[str]:
    found = set(re.findall(r'^(?:class|(?:async\s+)?def)\s+(\w+)', '\n'.join(lines), re.MULTILINE))
    return found | set(re.findall(r'^(\w+)\s*=[^=]', '\n'.join(lines), re.MULTILINE))


def parse(text: str, path: str, filename: str) -> Parsed:
    """Parses the file; statements that do not parse become problems, and blank lines in the tree's eyes."""
    problems: list[Problem] = []
    lost: set[str] = set()
    # Editors keep form feeds, carriage returns and tabs; only the line count has to stay.
    lines = text.split('\n')
    for _ in range(_MOST_CUTS):
        try:
            return Parsed(ast.parse('\n'.join(lines), filename), problems, lost)
        except SyntaxError as error:
            found = error
        except (ValueError, RecursionError, MemoryError) as error:
            # A null byte, or nesting beyond the parser's stack.
            found = SyntaxError(str(error) or type(error).__name__, (filename, 1, 1, ''))
            problems.append(syntax_problem(found, path))
            return Parsed(ast.Module([], []), problems, lost)
        line = min(max((found.lineno or 1) - 1, 0), len(lines) - 1)
        if 'non-printable character' in (found.msg or '') and _BLANKS.search(lines[line]):
            lines = [_BLANKS.sub(' ', item) for item in lines]
            continue
        missing = _BODY_MISSING.search(found.msg or '')
        begin, end = _chunk_around(lines, int(missing[1]) - 1 if missing else line)
        if not any(lines[begin:end]):
            begin, end = line, line + 1
            if not lines[line]:
                break
        problems.append(syntax_problem(found, path))
        lost |= _defined(lines[begin:end])
        lines[begin:end] = [''] * (end - begin)
    try:
        return Parsed(ast.parse('\n'.join(lines), filename), problems, lost)
    except SyntaxError as error:
        problems.append(syntax_problem(error, path))
        return Parsed(ast.Module([], []), problems, lost)
