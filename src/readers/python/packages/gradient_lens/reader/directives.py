"""Comments by which a file says what its models are fed with.

    # gradient-lens: input=(3, 32, 32) args=(num_classes=10)
    # gradient-lens: input=(24,):int<60, (24,):int<60

`input` gives one shape an argument of the forward pass, without the batch axis; in square brackets the whole shape, of an
input that counts no examples (the nodes of one graph: `input=[2708, 1433], [2708, 2708]`). `:int<60` says integers below 60.
`args` holds the constructor's arguments. The comment stands above or inside the class or function that it is about;
elsewhere it counts for the whole file.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .inputs import InputSpec
from .problems import Problem, line_span, problem

_START = re.compile(r'#\s*gradient-lens\s*:\s*(.*)$', re.IGNORECASE)
_SHAPE = re.compile(r'\s*(\([\d\s,_]*\)|\[[\d\s,_]*\])\s*(?::\s*(int|float)\s*(?:<\s*([\d_]+))?)?\s*')
_HOW = 'Write `# gradient-lens: input=(3, 32, 32)`, with `:int<60` behind the shape for integers below 60; a whole shape, without a batch in front, as `[2708, 1433]`.'


class DeclaredShape(NamedTuple):
    """The shape of one input: without the batch, or `whole`."""

    sizes: tuple[int, ...]
    kind: str
    high: int | None
    whole: bool = False


@dataclass
class Directive:
    """One comment. `target` is the class or function it is about, None for the whole file."""

    line: int
    shapes: tuple[DeclaredShape, ...] | None
    #: Source text of the constructor's arguments.
    arguments: str | None
    target: str | None

    def specs(self, batch: int) -> tuple[InputSpec, ...] | None:
        if self.shapes is None:
            return None
        reason = f'The comment in line {self.line} says so.'
        return tuple(
            InputSpec(
                item.sizes if item.whole else (batch, *item.sizes),
                'int' if item.kind == 'int' else 'float',
                item.high,
                'declared',
                reason,
                None if item.whole else 0,
            )
            for item in self.shapes
        )


def _balanced(text: str) -> str | None:
    """The bracket of arguments that `text` begins with, up to its end."""
    for place, letter in enumerate(text):
        if letter == ')':
            try:
                ast.parse('call' + text[: place + 1])
            except SyntaxError:
                # Not this one: it stands in a string or closes an inner bracket.
                continue
            return text[: place + 1]
    return None


def _shapes(text: str) -> tuple[list[DeclaredShape], str] | None:
    found: list[DeclaredShape] = []
    while True:
        match = _SHAPE.match(text)
        if match is None:
            return None
        sizes = tuple(int(size) for size in re.findall(r'[\d_]+', match[1]))
        high = int(match[3]) if match[3] else None
        found.append(DeclaredShape(sizes, match[2] or 'float', high, match[1].startswith('[')))
        text = text[match.end() :]
        if not text.startswith(','):
            return found, text
        text = text[1:]


def _read(body: str) -> tuple[list[DeclaredShape] | None, str | None] | None:
    """The parts of a comment, or None where it is misspelt."""
    shapes: list[DeclaredShape] | None = None
    arguments: str | None = None
    text = body.strip()
    while text:
        match = re.match(r'(input|inputs|args)\s*=\s*', text)
        if match is None:
            return None
        text = text[match.end() :]
        if match[1] == 'args':
            held = _balanced(text) if text.startswith('(') else None
            if held is None:
                return None
            arguments = held[1:-1].strip().rstrip(',')
            text = text[len(held) :].strip()
            continue
        read = _shapes(text)
        if read is None:
            return None
        shapes = [*(shapes or []), *read[0]]
        text = read[1].strip()
    return (shapes, arguments) if shapes is not None or arguments is not None else None


def _comments(text: str) -> Iterable[tuple[int, str]]:
    if 'gradient-lens' not in text.lower():
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError, IndentationError):
        # A broken file: what was found so far stays good.
        return


def _target(tree: ast.Module, line: int, lines: list[str]) -> str | None:
    for node in tree.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            continue
        first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
        if first <= line <= (node.end_lineno or first):
            return node.name
        between = lines[line : first - 1]
        if line < first and all(item.lstrip().startswith('#') for item in between):
            return node.name
    return None


def find_directives(text: str, tree: ast.Module, path: str) -> tuple[list[Directive], list[Problem]]:
    """All comments of a file, and a problem for each that is misspelt."""
    found: list[Directive] = []
    problems: list[Problem] = []
    lines = text.split('\n')
    for line, comment in _comments(text):
        start = _START.match(comment)
        # `ignore` silences findings: that is no business of the reader.
        if start is None or start[1].lower().startswith('ignore'):
            continue
        parts = _read(start[1])
        if parts is None:
            problems.append(problem('bad-comment', f'This comment is not understood. {_HOW}', line_span(path, line)))
            continue
        shapes, arguments = parts
        found.append(Directive(line, tuple(shapes) if shapes is not None else None, arguments, _target(tree, line, lines)))
    return found, problems


def directive_for(directives: list[Directive], names: Iterable[str]) -> Directive | None:
    """The comment about one of these classes or functions; else the first one for the whole file."""
    wanted = set(names)
    for directive in directives:
        if directive.target in wanted:
            return directive
    return next((directive for directive in directives if directive.target is None), None)
