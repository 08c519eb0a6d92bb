"""Whole numbers that a model reads as amounts, not as codes: pixels of a byte image, a table of counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .inputs import Feed

#: What moves numbers about without looking at them.
_MOVES = frozenset(('reshape', 'permute', 'slice', 'identity', 'expand', 'concat', 'pad', 'flip'))


def as_amounts(graph: dict[str, Any], feed: Feed) -> Feed:
    """The feed with floating-point inputs in place of integers of unknown size that the model makes into floats before anything else."""
    readers: dict[int, list[dict[str, Any]]] = {}
    for node in graph['nodes']:
        for value in node['inputs']:
            readers.setdefault(value, []).append(node)
    specs = list(feed.specs)
    for node in graph['nodes']:
        number = node['attributes']['index'] if node['op'] == 'input' else None
        if number is None or number >= len(specs) or specs[number].kind != 'int' or specs[number].high is not None:
            continue
        if _is_amount(node['outputs'][0], readers):
            specs[number] = replace(specs[number], kind='float')
    return replace(feed, specs=tuple(specs))


def _is_amount(value: int, readers: dict[int, list[dict[str, Any]]]) -> bool:
    waiting, found = [value], False
    while waiting:
        for node in readers.get(waiting.pop(), ()):
            if node['op'] in _MOVES:
                waiting.extend(node['outputs'])
            elif node['op'] == 'cast':
                found = True
            else:
                return False
    return found
