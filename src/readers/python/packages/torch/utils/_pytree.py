"""`torch.utils._pytree`: nested tuples, lists and dicts taken apart and put together again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any


class TreeSpec:
    """How a structure is put together: `rebuild` takes the structures of its parts; a leaf has none."""

    def __init__(self, type: Any, context: Any, children_specs: list[TreeSpec], rebuild: Callable[[list[Any]], Any] | None) -> None:
        self.type = type
        self.context = context
        self.children_specs = children_specs
        self.rebuild = rebuild
        self.num_leaves: int = sum(child.num_leaves for child in children_specs) if rebuild is not None else 1

    def is_leaf(self) -> bool:
        return self.rebuild is None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TreeSpec) and (self.type, self.context, self.children_specs) == (
            other.type,
            other.context,
            other.children_specs,
        )

    __hash__ = object.__hash__


def _apart(tree: Any) -> tuple[Any, list[Any], Callable[[list[Any]], Any]] | None:
    """Context, parts and the way back of a structure; None for a leaf."""
    kind: Any = type(tree)
    if issubclass(kind, tuple) and hasattr(kind, '_fields'):
        return kind, list(tree), lambda parts: kind(*parts)
    if kind in (list, tuple):
        return None, list(tree), kind
    if kind in (dict, OrderedDict):
        keys = list(tree)
        return keys, list(tree.values()), lambda parts: kind(zip(keys, parts))
    return None


def tree_flatten(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> tuple[list[Any], TreeSpec]:
    found = None if is_leaf is not None and is_leaf(tree) else _apart(tree)
    if found is None:
        return [tree], TreeSpec(None, None, [], None)
    context, parts, rebuild = found
    leaves: list[Any] = []
    specs: list[TreeSpec] = []
    for part in parts:
        inner, spec = tree_flatten(part, is_leaf)
        leaves.extend(inner)
        specs.append(spec)
    return leaves, TreeSpec(type(tree), context, specs, rebuild)


def tree_unflatten(leaves: Sequence[Any], treespec: TreeSpec) -> Any:
    leaves = list(leaves)
    if len(leaves) != treespec.num_leaves:
        raise ValueError(
            f'tree_unflatten(leaves, treespec): `leaves` has length {len(leaves)} but the spec refers to a pytree that holds '
            f'{treespec.num_leaves} items.'
        )
    if treespec.rebuild is None:
        return leaves[0]
    parts: list[Any] = []
    for spec in treespec.children_specs:
        parts.append(tree_unflatten(leaves[: spec.num_leaves], spec))
        leaves = leaves[spec.num_leaves :]
    return treespec.rebuild(parts)


def tree_leaves(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> list[Any]:
    return tree_flatten(tree, is_leaf)[0]


def tree_structure(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> TreeSpec:
    return tree_flatten(tree, is_leaf)[1]


def tree_map(func: Callable[..., Any], tree: Any, *rests: Any, is_leaf: Callable[[Any], bool] | None = None) -> Any:
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [tree_flatten(rest, is_leaf)[0] for rest in rests]
    return tree_unflatten([func(*items) for items in zip(leaves, *others, strict=True)], spec)


def tree_map_only(kind: Any, func: Callable[[Any], Any], tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> Any:
    return tree_map(lambda item: func(item) if isinstance(item, kind) else item, tree, is_leaf=is_leaf)
