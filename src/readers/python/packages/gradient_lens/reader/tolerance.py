"""A second, more lenient way of running a script whose data are not here.

Where a file fails before it comes to its models (a table is missing, a package answers in a way that makes no sense), its
statements are run again so that each assignment that fails makes its names unknown instead of ending the function around
it. Classes are left as they are: what a model does is never excused.
"""

from __future__ import annotations

import ast
import builtins
import sys
from typing import Any

from keras.models import Model as KerasModel

from ..inert import Inert

_FAILED = '__gradient_lens_unknown__'
_SPOILT = '__gradient_lens_spoilt__'
#: Methods that put a part into a list or a model.
_EXTENDING = frozenset(('add', 'append', 'extend', 'insert'))


def lenient(tree: ast.Module) -> ast.Module:
    """The tree with the bodies of its functions, the guard and the loops made lenient. Positions stay as they are."""
    return ast.fix_missing_locations(_Lenient().visit(tree))


def unknown(name: str) -> Any:
    """What a name holds whose assignment failed."""
    return Inert(name, cause=sys.exception())


def prepare(names: dict[str, Any]) -> None:
    """Gives a module what its lenient statements call."""
    names[_FAILED] = unknown
    names[_SPOILT] = spoil


def assigned_names(statement: ast.stmt) -> list[str]:
    """The plain names that an assignment or import would bind."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = list(statement.targets)
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target] if statement.value is not None else []
    found: list[str] = []
    while targets:
        target = targets.pop(0)
        if isinstance(target, ast.Name):
            found.append(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            targets.extend(target.elts)
        elif isinstance(target, ast.Starred):
            targets.append(target.value)
    return found


def missing_names(tree: ast.Module) -> set[str]:
    """The names that a file uses and nothing in it binds."""
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == '*' for node in ast.walk(tree)):
        return set()
    used: set[str] = set()
    bound = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition('.')[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return {name for name in used - bound if not name.startswith('__')}


def extended_names(statement: ast.stmt) -> list[str]:
    """The names of what a statement puts parts into: `model.add(...)`, also inside loops and branches."""
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        return []
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    held = [call.func.value for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in _EXTENDING]
    return sorted({item.id for item in held if isinstance(item, ast.Name)})


def spoil(holder: Any, error: BaseException | None = None) -> None:
    """Marks a list or a model that lacks a part, so that it never passes for whole."""
    if isinstance(holder, list):
        holder.append(Inert('a part that failed'))
    elif isinstance(holder, KerasModel) and holder._incomplete is None:
        holder.__dict__['_incomplete'] = error or sys.exception()


class _Lenient(ast.NodeTransformer):
    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        # The file has its own way with failures here.
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = self._block(node.body)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        node.body, node.orelse = self._block(node.body), self._block(node.orelse)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        node.body = self._block(node.body)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        node.body = self._block(node.body)
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        node.body = self._block(node.body)
        return node

    def _block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        return [self._guarded(self.visit(statement)) for statement in statements]

    def _guarded(self, statement: ast.stmt) -> ast.stmt:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.For, ast.With, ast.If)):
            return statement
        held: list[ast.stmt] = [
            ast.Assign([ast.Name(name, ast.Store())], ast.Call(ast.Name(_FAILED, ast.Load()), [ast.Constant(name)], []))
            for name in assigned_names(statement)
        ]
        held.extend(_spoiling(name) for name in extended_names(statement))
        handler = ast.ExceptHandler(ast.Name('Exception', ast.Load()), None, held or [ast.Pass()])
        guarded = ast.Try([statement], [handler], [], [])
        for node in (guarded, handler, *held):
            ast.copy_location(node, statement)
        return guarded


def _spoiling(name: str) -> ast.stmt:
    """`spoil(name)`, should there be such a name."""
    call = ast.Expr(ast.Call(ast.Name(_SPOILT, ast.Load()), [ast.Name(name, ast.Load())], []))
    missing = ast.ExceptHandler(ast.Name('NameError', ast.Load()), None, [ast.Pass()])
    return ast.Try([call], [missing], [], [])
