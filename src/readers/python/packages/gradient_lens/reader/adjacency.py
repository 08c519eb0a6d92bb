"""The links of a graph among a model's inputs: which nodes they join is data, so a plain graph is made up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from .inputs import Feed, Placeholder, TensorSlot

_NAMES = re.compile(r'(?:.*_)?adj(?:acency|s)?(?:_?(?:mat(?:rix)?|t|norm(?:ed|alized|alised)?|hat))?|a_?(?:hat|norm|tilde)|laplacian', re.IGNORECASE)
#: Nodes to either side of a node that it is joined with.
_REACH = 2

TOLD = (
    'Which nodes the links join is data: {listed} is made up, a ring in which each node is joined with itself and the two next '
    'to it on either side, the links of a node adding up to 1.'
)


def is_adjacency(name: str) -> bool:
    """Whether an argument of this name holds the links of a graph."""
    return _NAMES.fullmatch(name) is not None


@dataclass(frozen=True)
class Adjacency(Placeholder):
    """Stands for the matrix [nodes, nodes] of the links; the nodes are the rows of the first input with rows."""

    def filled(self, tensors: Sequence[Any]) -> Any:
        count = next((tensor.shape[-2] for tensor in tensors if len(tensor.shape) > 1), 1)
        rows = [[0.0] * count for _ in range(count)]
        for node in range(count):
            joined = {(node + step) % count for step in range(-_REACH, _REACH + 1)}
            for other in joined:
                rows[node][other] = 1 / len(joined)
        return torch.tensor(rows)


def with_links(feed: Feed, names: Sequence[str]) -> tuple[Feed, list[str]]:
    """A feed as the file has it with made-up links in place of square matrices of the nodes, and which those were."""
    numbers: dict[int, str] = {}
    for number, (spec, name) in enumerate(zip(feed.specs, names)):
        nodes = any(other.shape[:1] == spec.shape[:1] for place, other in enumerate(feed.specs) if place != number)
        if is_adjacency(name) and len(spec.shape) == 2 and spec.shape[0] == spec.shape[1] and nodes:
            numbers[number] = name
    if not numbers:
        return feed, []
    kept = [number for number in range(len(feed.specs)) if number not in numbers]
    slots: dict[int, Any] = {number: Adjacency() for number in numbers}
    slots.update({number: TensorSlot(place) for place, number in enumerate(kept)})

    def moved(value: Any) -> Any:
        if isinstance(value, TensorSlot):
            return slots[value.number]
        if isinstance(value, (list, tuple)):
            return type(value)(moved(item) for item in value)
        return value

    arguments = tuple(moved(item) for item in feed.arguments)
    keywords = {name: moved(item) for name, item in feed.keywords.items()}
    specs = tuple(feed.specs[number] for number in kept)
    return replace(feed, specs=specs, arguments=arguments, keywords=keywords), list(numbers.values())
