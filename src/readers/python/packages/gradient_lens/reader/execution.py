"""Runs a user's file statement by statement, so that a failing `read_csv` does not hide the classes below it."""

from __future__ import annotations

import __future__
import ast
import builtins
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

from ..bounded import AtMost, Listed
from ..inert import Inert, UnknownValue, first_inert, inert_label, stands_for_many
from ..public.files import open_file
from ..repetition import repetition
from ..spans import USER_ROOT
from .models import is_half_way
from .omissions import Omissions
from .rules import NAME, make_table, mentions_tables, with_rules
from .sources import Parsed
from .tolerance import assigned_names, extended_names, spoil
from .stops import IMPORT_ROUNDS, SCRIPT_ROUNDS, EnoughSeen, LoopWatch
from .syntax import walk


@dataclass
class Failure:
    """A statement that raised. `definition` where classes or functions went missing by it, `guarded` under the main guard."""

    error: BaseException
    statement: ast.stmt
    guarded: bool

    @property
    def definition(self) -> bool:
        return isinstance(self.statement, (ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom))


_DEFINING = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
_COMPOUND = (ast.For, ast.While, ast.With, ast.If, ast.Try, ast.AugAssign)


def is_main_guard(statement: ast.stmt) -> bool:
    """`if __name__ == '__main__':`, either way round."""
    if not isinstance(statement, ast.If) or not isinstance(statement.test, ast.Compare):
        return False
    sides = [statement.test.left, *statement.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == '__name__' for side in sides)


def _lacking(error: BaseException) -> str:
    """What a statement failed for the want of, if it says so."""
    if isinstance(error, NameError):
        return error.name or ''
    return error.label if isinstance(error, UnknownValue) else ''


def _zip(*sequences: Any, **options: Any) -> Any:
    """`zip`; of the parts of something unknown, `zip(*pairs)`, it is unknown as well."""
    if len(sequences) == 1 and isinstance(sequences[0], Inert):
        return Inert(f'zip({inert_label(sequences[0])})')
    return builtins.zip(*sequences, **options)


def _length(value: Any) -> Any:
    """`len`, which for something unknown, or a container of unknown things, is unknown as well."""
    unknown = first_inert(value, 1)
    if unknown is None:
        return Inert(f'len({type(value).__name__})') if stands_for_many(value) else builtins.len(value)
    if unknown is value and type(unknown).__len__ is not Inert.__len__:
        try:
            return builtins.len(unknown)
        except UnknownValue:
            pass
    if isinstance(value, Listed):
        return value.counted()
    return Inert(f'len({inert_label(unknown)})')


class _Range:
    """`range`, once over something unknown if a bound is unknown. `isinstance(x, range)` still holds for real ones."""

    def __new__(cls, *bounds: Any) -> Any:
        for bound in bounds:
            if isinstance(bound, AtMost) and len(bounds) == 1:
                return bound.ranged()
            if isinstance(bound, Inert):
                return Inert(f'range({inert_label(bound)})')
        return builtins.range(*bounds)


def _converter(kind: type[int] | type[float]) -> Any:
    """`int(...)` and `float(...)`, which of something unknown give something unknown."""

    def convert(*arguments: Any, **options: Any) -> Any:
        try:
            return kind(*arguments, **options)
        except UnknownValue as error:
            label = error.label if error.label.startswith(kind.__name__) else f'{kind.__name__}({error.label})'
            unknown = first_inert(arguments, 1)
            return Inert(label, repeats=unknown is not None and unknown._inert_repeats)

    return convert


def _gatherer(kind: Callable[..., Any]) -> Any:
    """`list(...)` and its like, which of something unknown give something unknown, not a list of one item."""

    def gather(*arguments: Any, **options: Any) -> Any:
        if arguments and isinstance(arguments[0], Inert) and type(arguments[0]).__iter__ is Inert.__iter__:
            return Inert(f'{kind.__name__}({inert_label(arguments[0])})')
        begun = repetition.begun
        found = kind(*arguments, **options)
        if repetition.begun == begun or isinstance(arguments[0], (list, tuple)):
            return found
        # Something unknown was gone through on the way: `list(enumerate(unknown))`.
        unknown = first_inert(found, 2)
        return found if unknown is None else Inert(f'{kind.__name__}({inert_label(unknown)})')

    return gather


#: What calls of these are compiled to. The names themselves stay the types, for `isinstance` and annotations.
_NUMBERS = (int, float)
_GATHERERS = (list, tuple, set, frozenset, sorted, reversed)
_CONVERTERS = {kind.__name__: f'__gradient_lens_{kind.__name__}__' for kind in (*_NUMBERS, *_GATHERERS)}


@contextmanager
def _knowing_conversions(statement: ast.stmt) -> Generator[None]:
    """For a while, calls of `int` and `float` in the statement name the converters."""
    calls = [node for node in walk(statement) if isinstance(node, ast.Call) and len(node.args) == 1]
    names = [call.func for call in calls if isinstance(call.func, ast.Name) and call.func.id in _CONVERTERS]
    for name in names:
        name.id = _CONVERTERS[name.id]
    try:
        yield
    finally:
        for name in names:
            name.id = next(own for own, converter in _CONVERTERS.items() if converter == name.id)


def _mentions_conversions(code: CodeType) -> bool:
    if not _CONVERTERS.keys().isdisjoint(code.co_names):
        return True
    return any(isinstance(held, CodeType) and _mentions_conversions(held) for held in code.co_consts)


def _compiled(statement: ast.stmt, filename: str, flags: int) -> CodeType:
    def compiled() -> CodeType:
        return compile(ast.Module([statement], []), filename, 'exec', flags=flags, dont_inherit=True)

    code = compiled()
    if mentions_tables(code):
        statement = with_rules(statement)
        code = compiled()
    if _mentions_conversions(code):
        with _knowing_conversions(statement):
            code = compiled()
    return code


class _RangeType(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, builtins.range)


def _silent(*values: object, **options: object) -> None:
    """`print`: nobody reads it, and a training loop prints a lot. The values are still formatted, as their code may matter."""


def _nobody_there(prompt: object = '') -> str:
    """`input`: there is nobody to answer."""
    raise EOFError('EOF when reading a line')


def user_builtins() -> dict[str, Any]:
    """The builtins of user code: those that must know about unknown values, or have no effect here, are replaced."""
    names = dict(vars(builtins))
    names['len'] = _length
    names['range'] = _RangeType('range', (_Range,), {})
    names.update((_CONVERTERS[kind.__name__], _converter(kind)) for kind in _NUMBERS)
    names.update((_CONVERTERS[kind.__name__], _gatherer(kind)) for kind in _GATHERERS)
    names['zip'] = _zip
    names['open'] = open_file
    names[NAME] = make_table
    names['print'] = _silent
    names['input'] = _nobody_there
    return names


class Executor:
    """Runs files, and keeps what failed."""

    def __init__(self, watch: LoopWatch, omissions: Omissions | None = None) -> None:
        self.watch = watch
        self.omissions = omissions or Omissions()
        self.failures: list[Failure] = []
        #: Those of the lenient run, where there was one.
        self.later_failures: list[Failure] = []
        #: A stop was raised: the part that trains has shown enough.
        self.stopped = False
        #: The time limit came near: only what defines something is still run.
        self.out_of_time = False
        #: Told of the plain names that a statement of a file may have bound, after it has been run.
        self.after: Callable[[tuple[str, ...]], None] | None = None
        self._builtins = user_builtins()

    def run(self, module: ModuleType, parsed: Parsed, path: str, *, guard: bool) -> None:
        """Runs a module's statements in its namespace; with `guard` the body of its main guard as well."""
        names = module.__dict__
        names['__builtins__'] = self._builtins
        flags = 0
        for statement in parsed.tree.body:
            if isinstance(statement, ast.ImportFrom) and statement.module == '__future__':
                for alias in statement.names:
                    flags |= getattr(__future__, alias.name).compiler_flag if hasattr(__future__, alias.name) else 0
        documentation = ast.get_docstring(parsed.tree, clean=False)
        if documentation is not None:
            names['__doc__'] = documentation
        outer_limit, outer_rounds, outer_reach = self.watch.limit, self.watch.rounds, self.watch.reach
        for statement in parsed.tree.body:
            if is_main_guard(statement) and isinstance(statement, ast.If):
                if guard:
                    for inner in statement.body:
                        self._statement(inner, names, path, flags, SCRIPT_ROUNDS, guarded=True)
                else:
                    for inner in statement.orelse:
                        self._statement(inner, names, path, flags, IMPORT_ROUNDS, guarded=False)
            else:
                self._statement(statement, names, path, flags, IMPORT_ROUNDS, guarded=False)
        self.watch.limit, self.watch.rounds, self.watch.reach = outer_limit, outer_rounds, outer_reach

    def call(self, function: Callable[[], Any]) -> Any:
        """What a function of the user's gives; None where it fails."""
        self.watch.begin(SCRIPT_ROUNDS)
        try:
            return function()
        except EnoughSeen:
            self.stopped = True
        except BaseException as error:
            self.out_of_time = self.out_of_time or getattr(error, 'problem_code', None) == 'timeout'
        return None

    def _statement(
        self, statement: ast.stmt, names: dict[str, Any], path: str, flags: int, limit: int, *, guarded: bool
    ) -> None:
        if self.out_of_time and (guarded or not isinstance(statement, _DEFINING)):
            return
        self.watch.begin(limit)
        used: tuple[str, ...] = ()
        try:
            code = _compiled(statement, USER_ROOT + path, flags)
            used = code.co_names
            self.omissions.check(statement, path)
            exec(code, names)
        except EnoughSeen:
            self.stopped = True
        except BaseException as error:
            self.out_of_time = self.out_of_time or getattr(error, 'problem_code', None) == 'timeout'
            self.failures.append(Failure(error, statement, guarded))
            for name in assigned_names(statement):
                # What hangs on it is unknown: neither missing, nor what the name held before.
                names[name] = Inert(name, _lacking(error), cause=error)
            for name in extended_names(statement):
                spoil(names.get(name), error)
                if isinstance(names.get(name), (set, dict)):
                    # Filled half way: how much is in it in truth is not known.
                    names[name] = Inert(name, _lacking(error), cause=error)
            for name in used:
                # A chain of layers that broke off half way is not to be carried on as if it were whole.
                if isinstance(statement, _COMPOUND) and is_half_way(names.get(name)):
                    names[name] = Inert(name)
        finally:
            if self.after is not None and names.get('__name__') == '__main__':
                self.after(used)
