"""How a model may be called, read off its forward pass: which arguments are tensors, which hold some, which are left out."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from tokenize import TokenError
from types import SimpleNamespace
from typing import Any

from torch import Tensor

from .adjacency import TOLD, Adjacency, is_adjacency
from .inputs import Feed, InputSpec, Record, TensorSlot, required_inputs
from .models import forward_of
from .syntax import walk

_MASK = re.compile(r'(?:.*_)?masks?(?:_.*)?', re.IGNORECASE)


@dataclass(frozen=True)
class CallPattern:
    """The arguments of a call with slots for tensors, of which there are `count`."""

    arguments: tuple[Any, ...]
    count: int
    #: What is assumed by calling the model so.
    told: str = ''

    def feed(self, specs: Sequence[InputSpec]) -> Feed:
        return Feed(tuple(specs), self.arguments, {})


def call_patterns(model: Any) -> Iterator[CallPattern]:
    """Ways to call a model, the likelier first: without masks, with what the code takes apart put together, with tensors alone."""
    parameters = required_inputs(forward_of(model))
    names = [parameter.name for parameter in parameters]
    held = _taken_apart(forward_of(model), names)
    masks = {name: None for name in names if _MASK.fullmatch(name)}
    if 0 < len(masks) < len(names):
        told = f'No call shows {_listed(masks)}: the model is read with `None` there, as if nothing were masked.'
        yield _pattern(names, held, masks, told)
    links = {name: Adjacency() for name in names if is_adjacency(name)}
    if 0 < len(links) < len(names):
        yield _pattern(names, held, links, TOLD.format(listed=_listed(links)))
    if held:
        yield _pattern(names, held, {}, '')
    yield _pattern(names or ['input'], {}, {}, '')


def _listed(names: Iterable[str]) -> str:
    return ', '.join(f'`{name}`' for name in names)


def _pattern(names: list[str], held: dict[str, Any], settled: Mapping[str, Any], told: str) -> CallPattern:
    """`settled` are arguments that are no inputs."""
    count = 0
    arguments: list[Any] = []
    for name in names:
        if name in settled:
            arguments.append(settled[name])
            continue
        parts = held.get(name, 1)
        slots = [TensorSlot(count + i) for i in range(parts if isinstance(parts, int) else len(parts.names))]
        count += len(slots)
        if isinstance(parts, int):
            arguments.append(slots[0] if name not in held else tuple(slots))
        else:
            fields = dict(zip(parts.names, slots))
            arguments.append(fields if parts.by_key else Record(SimpleNamespace(), fields))
    return CallPattern(tuple(arguments), count, told)


@dataclass(frozen=True)
class _Fields:
    names: tuple[str, ...]
    #: `batch['x']`, not `batch.x`.
    by_key: bool


def _taken_apart(forward: Any, names: list[str]) -> dict[str, Any]:
    """For arguments that the code only takes apart: the names of their fields, or how many parts they have."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(forward))))
    except (OSError, TypeError, ValueError, SyntaxError, TokenError):
        # Nothing but text that does not parse: the model is called in the plain way.
        return {}
    above = {id(child): node for node in walk(tree) for child in ast.iter_child_nodes(node)}
    found: dict[str, Any] = {}
    for name in names:
        uses = [node for node in walk(tree) if isinstance(node, ast.Name) and node.id == name]
        if not uses or any(not isinstance(use.ctx, ast.Load) for use in uses):
            continue
        parts = _parts([above[id(use)] for use in uses], above)
        if parts is not None:
            found[name] = parts
    return found


def _parts(uses: list[ast.AST], above: dict[int, ast.AST]) -> Any:
    keys = [use.slice.value for use in uses if isinstance(use, ast.Subscript) and isinstance(use.slice, ast.Constant)]
    if len(keys) == len(uses) and all(isinstance(key, str) for key in keys):
        return _Fields(tuple(dict.fromkeys(str(key) for key in keys)), True)
    attributes = [use for use in uses if isinstance(use, ast.Attribute)]
    if len(attributes) == len(uses):
        read = [use.attr for use in attributes if not _is_called(use, above)]
        if any(not hasattr(Tensor, attr) and attr not in Tensor.__annotations__ for attr in read):
            return _Fields(tuple(dict.fromkeys(read)), False)
    if len(uses) == 1 and isinstance(uses[0], ast.Assign) and isinstance(uses[0].targets[0], (ast.Tuple, ast.List)):
        targets = uses[0].targets[0].elts
        if len(targets) > 1 and not any(isinstance(target, ast.Starred) for target in targets):
            return len(targets)
    return None


def _is_called(use: ast.Attribute, above: dict[int, ast.AST]) -> bool:
    call = above.get(id(use))
    return isinstance(call, ast.Call) and call.func is use
