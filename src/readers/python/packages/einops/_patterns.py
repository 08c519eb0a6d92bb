"""Patterns of einops (Rogozhnikov 2022): axes by name, parentheses for axes joined into one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from gradient_lens.errors import BadArgument, ShapeMismatch

_TOKEN = re.compile(r'\(|\)|\.\.\.|…|[A-Za-z_]\w*|\d+')

#: One axis of a tensor: the elementary axes joined in it.
type Group = list[str]


def parse(side: str, rank_of_ellipsis: int = 0) -> list[Group]:
    """One side of a pattern; an ellipsis becomes that many axes. Axes of one number are named by it."""
    groups: list[Group] = []
    open_group: Group | None = None
    rest = _TOKEN.sub(' ', side).strip()
    if rest:
        raise BadArgument(f'einops: cannot read {rest!r} in the pattern {side!r}')
    for token in _TOKEN.findall(side):
        if token == '(':
            if open_group is not None:
                raise BadArgument(f'einops: brackets inside brackets in the pattern {side!r}')
            open_group = []
        elif token == ')':
            if open_group is None:
                raise BadArgument(f'einops: unbalanced brackets in the pattern {side!r}')
            groups.append(open_group)
            open_group = None
        else:
            names = [f'...{i}' for i in range(rank_of_ellipsis)] if token in ('...', '…') else [token]
            if open_group is not None:
                open_group.extend(names)
            else:
                groups.extend([name] for name in names)
    if open_group is not None:
        raise BadArgument(f'einops: unbalanced brackets in the pattern {side!r}')
    return groups


def has_ellipsis(side: str) -> bool:
    return '...' in side or '…' in side


@dataclass
class Plan:
    """A pattern against a shape: the elementary axes on both sides and their sizes."""

    left: list[str]
    right: list[Group]
    sizes: dict[str, int]

    @property
    def inner(self) -> list[int]:
        """The input's shape with joined axes taken apart."""
        return [self.sizes[name] for name in self.left]

    def outer(self, groups: list[Group]) -> list[int]:
        """The output's shape with axes joined."""
        return [math.prod(self.sizes[name] for name in group) for group in groups]


def plan(pattern: str, shape: tuple[int, ...], given: Mapping[str, int]) -> Plan:
    """Solves the sizes of all axes.

    Raises:
        ShapeMismatch: the shape does not fit the pattern.
    """
    if pattern.count('->') != 1:
        raise BadArgument(f'einops: a pattern has one arrow, not as in {pattern!r}')
    left_text, right_text = pattern.split('->')
    spread = 0
    if has_ellipsis(left_text):
        spread = len(shape) - (len(parse(left_text, 1)) - 1)
        if spread < 0:
            raise ShapeMismatch(f'einops: a tensor of shape {list(shape)} has too few axes for the pattern {pattern!r}')
    groups = parse(left_text, spread)
    if len(groups) != len(shape):
        raise ShapeMismatch(
            f'einops: the pattern {pattern!r} expects {len(groups)} axes, but the tensor has shape {list(shape)}'
        )
    sizes: dict[str, int] = {name: int(size) for name, size in given.items()}
    names: list[str] = []
    for place, (group, size) in enumerate(zip(groups, shape)):
        _solve(group, size, sizes, pattern, shape, place)
        names.extend(_named(group, place))
    right = parse(right_text, spread)
    for group in right:
        for name in group:
            if name.isdigit():
                sizes.setdefault(name, int(name))
            elif name not in sizes:
                raise BadArgument(f'einops: the size of {name!r} in the pattern {pattern!r} is not given')
    return Plan(names, right, sizes)


def _named(group: Group, place: int) -> list[str]:
    """Axes of one number get names of their own, so that they are told apart."""
    return [f'{name}@{place}' if name.isdigit() else name for name in group]


def _solve(
    group: Group, size: int, sizes: dict[str, int], pattern: str, shape: tuple[int, ...], place: int
) -> None:
    unknown: list[str] = []
    known = 1
    for name, own in zip(group, _named(group, place)):
        if name.isdigit():
            sizes[own] = int(name)
        if own in sizes:
            known *= sizes[own]
        else:
            unknown.append(own)
    if len(unknown) > 1:
        raise BadArgument(f'einops: the sizes of {unknown} in the pattern {pattern!r} cannot be told apart; give one')
    if unknown:
        if known == 0 or size % known:
            raise ShapeMismatch(
                f'einops: the axis of size {size} is not divisible by {known}, as the pattern {pattern!r} needs '
                f'(a tensor of shape {list(shape)})'
            )
        sizes[unknown[0]] = size // known
    elif known != size:
        raise ShapeMismatch(
            f'einops: an axis of size {known} is expected by the pattern {pattern!r}, but it has size {size} '
            f'(a tensor of shape {list(shape)})'
        )
