"""A tracing stand-in for einops: patterns become reshapes, permutations, reductions and repeats."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from typing import Any

import torch
from gradient_lens.errors import BadArgument

from ._patterns import Plan, has_ellipsis, parse, plan

__version__ = '0.8.1'

_REDUCTIONS = {'mean': 'mean', 'sum': 'sum', 'max': 'amax', 'min': 'amin', 'prod': 'prod', 'any': 'any', 'all': 'all'}


class EinopsError(RuntimeError):
    """The error class of einops."""


def _tensor(tensor: Any) -> Any:
    return torch.stack(list(tensor)) if isinstance(tensor, (list, tuple)) else tensor


def _planned(tensor: Any, pattern: str, sizes: dict[str, int]) -> Plan:
    return plan(pattern, tuple(tensor.shape), sizes)


def rearrange(tensor: Any, pattern: str, **axes_lengths: int) -> Any:
    """Takes axes apart, puts them in another order, joins them."""
    tensor = _tensor(tensor)
    made = _planned(tensor, pattern, axes_lengths)
    right = [name for group in made.right for name in group if name != '1' or name in made.left]
    left = [name for name in made.left if made.sizes[name] != 1 or name in right]
    if sorted(left) != sorted(right) or len(set(right)) != len(right):
        raise BadArgument(f'einops: the axes on both sides of {pattern!r} differ')
    apart = tensor.reshape(*[made.sizes[name] for name in left])
    moved = apart.permute(*[left.index(name) for name in right]) if right else apart
    return moved.reshape(*made.outer(made.right))


def reduce(tensor: Any, pattern: str, reduction: Any, **axes_lengths: int) -> Any:
    """Axes that stand on the left only are reduced."""
    tensor = _tensor(tensor)
    made = _planned(tensor, pattern, axes_lengths)
    right = [name for group in made.right for name in group if name in made.left]
    apart = tensor.reshape(*made.inner)
    gone = [place for place, name in enumerate(made.left) if name not in right]
    kept = [name for name in made.left if name in right]
    if gone:
        apart = _reduced(apart, gone, reduction)
    moved = apart.permute(*[kept.index(name) for name in right]) if right else apart
    return moved.reshape(*made.outer(made.right))


def _reduced(tensor: Any, axes: list[int], reduction: str | Callable[..., Any]) -> Any:
    if callable(reduction):
        return reduction(tensor, tuple(axes))
    if reduction not in _REDUCTIONS:
        raise BadArgument(f'einops: unknown reduction {reduction!r}')
    method = _REDUCTIONS[reduction]
    if method == 'prod':
        for axis in sorted(axes, reverse=True):
            tensor = tensor.prod(axis)
        return tensor
    return getattr(tensor, method)(tuple(axes))


def repeat(tensor: Any, pattern: str, **axes_lengths: int) -> Any:
    """Axes that stand on the right only are repeated."""
    tensor = _tensor(tensor)
    made = _planned(tensor, pattern, axes_lengths)
    right = [name for group in made.right for name in group]
    left = [name for name in made.left if made.sizes[name] != 1 or name in right]
    if any(name not in right for name in left):
        raise BadArgument(f'einops: axes are lost by the pattern {pattern!r} of repeat')
    order = [name for name in right if name in left]
    apart = tensor.reshape(*[made.sizes[name] for name in left])
    moved = apart.permute(*[left.index(name) for name in order]) if order else apart
    thin = [made.sizes[name] if name in left else 1 for name in right]
    wide = [made.sizes[name] for name in right]
    return moved.reshape(*thin).expand(*wide).reshape(*made.outer(made.right))


def einsum(*tensors_and_pattern: Any) -> Any:
    """einops' einsum: axes have names of any length."""
    *tensors, pattern = tensors_and_pattern
    left, right = pattern.split('->')
    letters: dict[str, str] = {}
    spare = iter(string.ascii_letters)

    def short(side: str) -> str:
        found: list[str] = []
        for group in parse(side.replace('...', ' DOTS ')):
            name = group[0]
            if name != 'DOTS' and name not in letters:
                letters[name] = next(spare)
            found.append('...' if name == 'DOTS' else letters[name])
        return ''.join(found)

    return torch.einsum(f'{",".join(short(side) for side in left.split(","))}->{short(right)}', *tensors)


def parse_shape(x: Any, pattern: str) -> dict[str, int]:
    """Sizes by name; `_` is left out."""
    spread = len(x.shape) - len(pattern.split()) + 1 if has_ellipsis(pattern) else 0
    groups = parse(pattern, spread)
    return {group[0]: n for group, n in zip(groups, x.shape) if group and group[0] != '_' and not group[0].startswith('...')}


def pack(tensors: Sequence[Any], pattern: str) -> tuple[Any, list[tuple[int, ...]]]:
    """Tensors of different inner shape joined along `*`."""
    before, _, after = pattern.partition('*')
    lead, tail = len(before.split()), len(after.split())
    shapes: list[tuple[int, ...]] = []
    flat: list[Any] = []
    for tensor in tensors:
        shape = tuple(tensor.shape)
        stop = len(shape) - tail
        shapes.append(shape[lead:stop])
        flat.append(tensor.reshape(*shape[:lead], -1, *shape[stop:]))
    return torch.cat(flat, lead), shapes


def unpack(tensor: Any, packed_shapes: Sequence[Any], pattern: str) -> list[Any]:
    """The reverse of `pack`."""
    lead = len(pattern.partition('*')[0].split())
    sizes: list[int] = []
    for shape in packed_shapes:
        size = 1
        for n in shape:
            size *= n
        sizes.append(size)
    parts = tensor.split(sizes, lead)
    return [
        part.reshape(*part.shape[:lead], *shape, *part.shape[lead + 1 :]) for part, shape in zip(parts, packed_shapes)
    ]


def asnumpy(tensor: Any) -> Any:
    return tensor.numpy()
