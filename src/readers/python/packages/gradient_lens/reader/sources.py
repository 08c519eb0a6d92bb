"""Parses a file so that a broken statement does not hide the ones around it."""

from __future__ import annotations

import ast
import linecache
import re
from dataclasses import dataclass, field

from .problems import Problem, syntax_problem

#: Broken statements that are cut out before the file is given up.
_MOST_CUTS = 100
#: Blanks that come with text copied from a page, which Python does not take for blanks.
_BLANKS = re.compile('[\u00a0\u2000-\u200a\u202f\u205f\u3000]')
_CONTINUES = re.compile(r'(else|elif|except|finally|case)\b|[)\]}#]')
_DEFINES = re.compile(r'@|(?:class|def|async\s+def|import|from)\b')
_ASSIGNS = re.compile(r'(\w+(?:\s*,\s*\w+)*)\s*(?::[^=\n]+|[-+*/%&|^@]|//|\*\*|<<|>>)?=(?!=)')
_GUARD = re.compile(r'if\s+__name__\b')
#: Stands in the place of a statement that does not parse: what hangs on it is missing from there on, not what it was before.
_FORGET = 'globals().pop({!r}, None)'
_FORGOTTEN = 'globals().pop('
_BODY_MISSING = re.compile(r'after .* on line (\d+)$')


@dataclass
class Parsed:
    tree: ast.Module
    problems: list[Problem]
    #: Names that the cut statements would have defined.
    lost: set[str]
    #: Variables whose value hangs on a cut statement, with what is wrong there.
    doubtful: dict[str, Problem] = field(default_factory=dict)


def read_source(filename: str) -> str:
    """The text of a file. All that asks for its lines later gets those of this text, whatever coding the file claims to have."""
    with open(filename, encoding='utf-8-sig', errors='replace') as file:
        text = file.read()
    lines = [line + '\n' for line in text.split('\n')]
    linecache.cache[filename] = (len(text), None, lines, filename)
    return text


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


def _too_deep(lines: list[str]) -> int:
    """The first line of the top-level statement that is nested more deeply than the parser can follow."""
    starts = _statement_starts(lines)
    for begin, end in zip(starts, [*starts[1:], len(lines)]):
        try:
            ast.parse('\n'.join(lines[begin:end]))
        except SyntaxError:
            continue
        except (ValueError, RecursionError, MemoryError):
            return begin
    return 0


def _placed(error: SyntaxError, lines: list[str], filename: str) -> SyntaxError:
    """A null byte, which CPython refuses before it looks for the line."""
    number = next((number for number, line in enumerate(lines) if '\0' in line), 0)
    return SyntaxError('a null byte in the source', (filename, number + 1, lines[number].find('\0') + 1, ''))


def _defined(lines: list[str]) -> set[str]:
    found = set(re.findall(r'^(?:class|(?:async\s+)?def)\s+(\w+)', '\n'.join(lines), re.MULTILINE))
    return found | set(re.findall(r'^(\w+)\s*=[^=]', '\n'.join(lines), re.MULTILINE))


def _assigned(lines: list[str]) -> list[str]:
    """Names that lines assign, at whatever depth."""
    found = [match[1] for line in lines if (match := _ASSIGNS.match(line.strip()))]
    return [name.strip() for names in found for name in names.split(',')]


def _in_doubt(chunk: list[str], lines: list[str]) -> list[str]:
    """Variables that are not known any more once a statement is left out: what it assigns, or whatever it names."""
    first = next((line for line in chunk if line.strip()), '')
    if _DEFINES.match(first) or _GUARD.match(first) or first.startswith(_FORGOTTEN):
        return []
    if _ASSIGNS.match(first):
        return _assigned([first])
    variables = set(_assigned([line for line in lines if line and not line[0].isspace()]))
    named = set(re.findall(r'[^\W\d]\w*', '\n'.join(chunk)))
    return sorted((variables & named) | set(_assigned(chunk)))


def parse(text: str, path: str, filename: str) -> Parsed:
    """Parses the file. Statements that do not parse become problems; what they would have set or changed is unknown."""
    problems: list[Problem] = []
    lost: set[str] = set()
    doubtful: dict[str, Problem] = {}
    # Editors keep form feeds, carriage returns and tabs; only the line count has to stay.
    lines = text.split('\n')
    for _ in range(_MOST_CUTS):
        try:
            return Parsed(ast.parse('\n'.join(lines), filename), problems, lost, doubtful)
        except SyntaxError as error:
            found = error
        except (ValueError, RecursionError, MemoryError) as error:
            # Nesting beyond the parser's stack.
            found = SyntaxError(str(error) or type(error).__name__, (filename, _too_deep(lines) + 1, 1, ''))
        if found.lineno is None:
            found = _placed(found, lines, filename)
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
        doubt = _in_doubt(lines[begin:end], lines)
        lost |= _defined(lines[begin:end]) | set(doubt)
        lines[begin:end] = [''] * (end - begin)
        if doubt:
            doubtful |= {name: problems[-1] for name in doubt}
            lines[begin] = '; '.join(map(_FORGET.format, doubt))
    try:
        return Parsed(ast.parse('\n'.join(lines), filename), problems, lost, doubtful)
    except SyntaxError as error:
        problems.append(syntax_problem(error, path))
        return Parsed(ast.Module([], []), problems, lost)
