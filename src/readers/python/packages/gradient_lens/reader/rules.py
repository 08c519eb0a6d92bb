"""Has `torch.tensor([[... for j in range(m)] for i in range(n)])` keep the rule of a large table instead of its elements."""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Callable
from types import CodeType
from typing import Any

import torch
from torch._tensor import wrap

from ..tables import SMALLEST, rule_of, table

#: What such calls are compiled to.
NAME = '__gradient_lens_table__'
_CALLEES = frozenset(('tensor', 'as_tensor', 'FloatTensor', 'Tensor', 'DoubleTensor'))


def mentions_tables(code: CodeType) -> bool:
    """Whether compiled code may hold such a call: a glance, for the many statements that do not."""
    names = code.co_names
    if 'range' in names and not _CALLEES.isdisjoint(names):
        return True
    return any(isinstance(held, CodeType) and mentions_tables(held) for held in code.co_consts)


def with_rules(statement: ast.stmt) -> ast.stmt:
    """A copy of the statement with such calls replaced."""
    return ast.fix_missing_locations(_Tables().visit(copy.deepcopy(statement)))


def make_table(
    callee: Callable[..., Any], sizes: tuple[Any, ...], element: Callable[..., Any], listed: Callable[[], Any], **options: Any
) -> Any:
    """The tensor that `callee(listed(), **options)` gives."""
    rule = rule_of(element) if all(type(size) is int and size > 0 for size in sizes) and math.prod(sizes) >= SMALLEST else None
    dtype = _dtype(callee, rule(*[0] * len(sizes)) if rule is not None else None, options)
    if rule is None or dtype is None:
        return callee(listed(), **options)
    return wrap(table(rule, sizes, dtype.kind), dtype)


def _dtype(callee: Any, first: Any, options: dict[str, Any]) -> Any:
    """The type of numbers that one of PyTorch's makers gives a tensor; None where it is no such maker."""
    if not isinstance(first, (int, float)) or isinstance(first, bool):
        return None
    if callee is torch.Tensor or callee is getattr(torch, 'FloatTensor') or callee is getattr(torch, 'DoubleTensor'):
        return callee(1).dtype
    if callee is torch.tensor or callee is torch.as_tensor:
        return callee(float(first) if isinstance(first, float) else first, **options).dtype
    return None


def _sizes(node: ast.AST) -> tuple[list[ast.expr], list[str], ast.expr] | None:
    """Sizes, index names and element of a call that takes a table."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or any(keyword.arg is None for keyword in node.keywords):
        return None
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _CALLEES:
        return None
    if any(isinstance(item, (ast.Await, ast.NamedExpr, ast.Yield)) for item in ast.walk(node)):
        return None
    held: ast.expr = node.args[0]
    sizes: list[ast.expr] = []
    names: list[str] = []
    while isinstance(held, ast.ListComp):
        [*_, loop] = held.generators
        call = loop.iter
        if len(held.generators) > 1 or loop.ifs or loop.is_async or not isinstance(loop.target, ast.Name):
            return None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != 'range' or len(call.args) != 1:
            return None
        if any(isinstance(item, ast.Name) and item.id in names for item in ast.walk(call)):
            return None
        sizes.append(call.args[0])
        names.append(loop.target.id)
        held = held.elt
    return (sizes, names, held) if sizes and len(set(names)) == len(names) else None


class _Tables(ast.NodeTransformer):
    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # What stands in the class itself sees names that no function inside it sees.
        node.body = [self.visit(item) if isinstance(item, (ast.FunctionDef, ast.ClassDef)) else item for item in node.body]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        found = _sizes(node)
        if found is None:
            return self.generic_visit(node)
        sizes, names, element = found
        arguments = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
        nothing = ast.arguments([], [], None, [], [], None, [])
        parts: list[ast.expr] = [
            node.func,
            ast.Tuple(sizes, ast.Load()),
            ast.Lambda(arguments, element),
            ast.Lambda(nothing, node.args[0]),
        ]
        made = ast.Call(ast.Name(NAME, ast.Load()), parts, node.keywords)
        for item in (made, made.func, *parts[1:]):
            ast.copy_location(item, node)
        return made
