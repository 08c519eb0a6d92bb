"""What hangs on a decision in a file: which names it may bind, whether it leaves its function, which calls it may skip."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from functools import cached_property
from types import CodeType
from typing import Any, Literal

from ..spans import USER_ROOT, Span
from .problems import node_span
from .sources import parse
from .syntax import walk

type Position = tuple[int, int, int, int]
type Kind = Literal['assert', 'check', 'while', 'branch']

#: Methods that change what they are called on.
_CHANGING = frozenset(
    ('append', 'extend', 'insert', 'add', 'add_module', 'register_module', 'update', 'setdefault', 'pop', 'remove', 'apply')
)
#: Roots of calls that only report.
_REPORTING = frozenset(('print', 'log', 'logger', 'logging', 'warnings', 'wandb', 'writer', 'pprint', 'tqdm'))
_ENDING = frozenset(('exit', 'quit', 'sys.exit', 'os._exit'))
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def dotted(node: ast.expr) -> str:
    """`self.layers` of `self.layers[0]`; empty where it is no name."""
    while isinstance(node, (ast.Subscript, ast.Starred)):
        node = node.value
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        held = dotted(node.value)
        return f'{held}.{node.attr}' if held else ''
    return ''


def bound_names(*nodes: ast.AST) -> frozenset[str]:
    """Names, dotted ones too, that statements bind or change."""
    found: set[str] = set()
    for node in walk(*nodes):
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            found.add(dotted(node))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition('.')[0])
    return frozenset((found | changed_names(*nodes)) - {''})


def changed_names(*nodes: ast.AST) -> set[str]:
    """Names, dotted ones too, on which methods like `append` are called."""
    calls = [node.func for node in walk(*nodes) if isinstance(node, ast.Call)]
    return {dotted(item.value) for item in calls if isinstance(item, ast.Attribute) and item.attr in _CHANGING}


def mentions(names: frozenset[str], *nodes: ast.AST) -> bool:
    """Whether one of the names, or something held in it, is used."""
    for node in walk(*nodes):
        if isinstance(node, (ast.Name, ast.Attribute)) and dotted(node) in names:
            return True
    return False


@dataclass(eq=False)
class Place:
    """One condition, or one statement whose value hangs on a condition."""

    kind: Kind
    #: Whether the test holds where the asked value does not.
    negated: bool
    #: From the file's root down to the condition's statement.
    path: tuple[ast.AST, ...]
    #: The statements that hang on it.
    region: tuple[ast.AST, ...]
    span: Span | None

    @property
    def lines(self) -> tuple[int, int]:
        """First and last line of its statement."""
        statement: Any = self.path[-1]
        return statement.lineno, statement.end_lineno

    @cached_property
    def _leaving(self) -> set[type]:
        return {type(node) for node in walk(*self.region)} & {ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom}

    @cached_property
    def bound(self) -> frozenset[str]:
        loops = [node for node in self.path[:-1] if isinstance(node, _LOOPS)]
        skips = {ast.Break, ast.Continue} & self._leaving and loops
        return bound_names(*self.region, *(loops[-1:] if skips else []))

    @cached_property
    def changed(self) -> frozenset[str]:
        """Names of what stays itself and is changed: `model` of `model.fc = ...` and of `model.add(...)`."""
        roots = {name.partition('.')[0] for name in self.bound if '.' in name}
        return frozenset(roots | changed_names(*self.region))

    @cached_property
    def returns(self) -> bool:
        """Whether the function around it may end here."""
        return bool(self._leaving & {ast.Return, ast.Yield, ast.YieldFrom})

    @cached_property
    def matters(self) -> bool:
        """Whether more hangs on it than a report."""
        if self.bound or self._leaving:
            return True
        calls = [node.value for node in walk(*self.region) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
        return any(dotted(call.func).partition('.')[0] not in _REPORTING for call in calls)

    @cached_property
    def reach(self) -> frozenset[str]:
        """All names of the scope that hang on it, step by step."""
        scope = next(node for node in reversed(self.path) if isinstance(node, _SCOPES))
        names = self.bound
        statements = [node for node in walk(*scope.body) if isinstance(node, ast.stmt)]
        for _ in range(len(statements)):
            before = names
            for statement in statements:
                used = _uses(statement)
                if used and mentions(names, *used):
                    names |= bound_names(statement)
            if names == before:
                break
        return names

    @cached_property
    def given_back(self) -> bool:
        """Whether what the function around it returns, or the object it belongs to, hangs on it."""
        if self.returns or any('.' in name for name in self.bound):
            return True
        scope = next(node for node in reversed(self.path) if isinstance(node, _SCOPES))
        ends = [node.value for node in walk(*scope.body) if isinstance(node, ast.Return) and node.value is not None]
        return bool(ends) and mentions(self.reach, *ends)

    def covers(self, path: tuple[ast.AST, ...]) -> bool:
        """Whether what happens at another place of the same scope hangs on this one."""
        if self.returns or any(node is part for node in path for part in self.region):
            return True
        return any(used and mentions(self.reach, *used) for used in (_uses(node) for node in path))


def _uses(statement: ast.AST) -> list[ast.AST]:
    """What a statement reads itself, without the statements in it."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or not isinstance(statement, ast.stmt):
        return []
    if not hasattr(statement, 'body'):
        return [statement]
    return [node for node in ast.iter_child_nodes(statement) if not isinstance(node, (ast.stmt, ast.ExceptHandler))]


class Places:
    """Finds places in the syntax trees of the files."""

    def __init__(self) -> None:
        self._trees: dict[str, ast.Module] = {}
        #: By code and instruction; the code is held, so its id stays its own.
        self._conditions: dict[tuple[int, int], tuple[CodeType, Place | None]] = {}
        self._statements: dict[tuple[int, int], tuple[CodeType, Place | None]] = {}

    def condition(self, code: CodeType, instruction: int) -> Place | None:
        """What hangs on the truth of a value that is asked for there."""
        key = (id(code), instruction)
        if key not in self._conditions:
            self._conditions[key] = (code, self._condition(code, instruction))
        return self._conditions[key][1]

    def statement(self, code: CodeType, instruction: int) -> Place | None:
        """The statement that is running, as one whose outcome hangs on a condition inside a call of it."""
        key = (id(code), instruction)
        if key not in self._statements:
            path = self._path(code, instruction)
            self._statements[key] = (code, _whole(path, code) if path else None)
        return self._statements[key][1]

    def gathering(self, code: CodeType, instruction: int) -> Place | None:
        """The statement of a comprehension that goes through a value and gathers what does not hang on its items: `[8 for _ in
        unknown]`, where only the number of items is unknown. None elsewhere."""
        path = self._path(code, instruction)
        for held, node, inner in zip(path, path[1:], path[2:]):
            if isinstance(node, ast.comprehension) and inner is node.iter:
                items = [held.key, held.value] if isinstance(held, ast.DictComp) else [getattr(held, 'elt')]
                return None if mentions(bound_names(node.target), *items) else _whole(path, code)
        return None

    def _condition(self, code: CodeType, instruction: int) -> Place | None:
        path = self._path(code, instruction)
        if not path:
            return None
        for place in range(len(path) - 1, 0, -1):
            node, inner = path[place], path[place + 1 :]
            if isinstance(node, (ast.If, ast.While, ast.Assert)) and inner and inner[0] is node.test:
                negated = sum(isinstance(item, ast.UnaryOp) and isinstance(item.op, ast.Not) for item in inner) % 2 == 1
                span = node_span(code.co_filename.removeprefix(USER_ROOT), node.test)
                region: tuple[ast.AST, ...] = () if isinstance(node, ast.Assert) else (*node.body, *node.orelse)
                return Place(_kind(node), negated, path[: place + 1], region, span)
            if isinstance(node, ast.stmt):
                break
            if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and not _asked(path[:place]):
                # `unknown or 3` stays unknown.
                return None
        return _whole(path, code)

    def _path(self, code: CodeType, instruction: int) -> tuple[ast.AST, ...]:
        """The nodes around an instruction, outermost first."""
        positions = list(code.co_positions())
        start, end, column, end_column = positions[instruction // 2]
        if start is None or end is None or column is None or end_column is None:
            return ()
        wanted = (start, column, end, end_column)
        found: list[ast.AST] = [self._tree(code.co_filename)]
        while True:
            inner = _inner(found[-1], wanted)
            if not inner:
                return tuple(found)
            found.extend(inner)

    def _tree(self, filename: str) -> ast.Module:
        if filename not in self._trees:
            text = ''.join(linecache.getlines(filename))
            self._trees[filename] = parse(text, filename.removeprefix(USER_ROOT), filename).tree
        return self._trees[filename]


def _inner(node: ast.AST, wanted: Position) -> list[ast.AST]:
    for child in ast.iter_child_nodes(node):
        line = getattr(child, 'lineno', None)
        if line is None:
            held = _inner(child, wanted)
            if held:
                return [child, *held]
        elif (line, child.col_offset) <= wanted[:2] and wanted[2:] <= (child.end_lineno, child.end_col_offset):  # type: ignore[attr-defined]
            return [child]
    return []


def _asked(path: tuple[ast.AST, ...]) -> bool:
    """Whether an expression is itself a condition."""
    last = path[-1]
    while isinstance(last, (ast.BoolOp, ast.UnaryOp)) and len(path) > 1:
        path = path[:-1]
        last = path[-1]
    return isinstance(last, (ast.If, ast.While, ast.Assert, ast.IfExp, ast.comprehension))


def _kind(node: ast.If | ast.While | ast.Assert) -> Kind:
    if isinstance(node, ast.While):
        return 'while'
    if isinstance(node, ast.Assert):
        return 'assert'
    last = node.body[-1]
    ends = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and dotted(last.value.func) in _ENDING
    return 'check' if isinstance(last, ast.Raise) or ends else 'branch'


def _whole(path: tuple[ast.AST, ...], code: CodeType) -> Place | None:
    places = [place for place, node in enumerate(path) if isinstance(node, ast.stmt)]
    if not places:
        return None
    statement = path[places[-1]]
    span = node_span(code.co_filename.removeprefix(USER_ROOT), path[-1])
    return Place('branch', False, path[: places[-1] + 1], (statement,), span)
