"""Shapes of arrays and the places of their elements."""

from __future__ import annotations

from collections.abc import Sequence

type Shape = tuple[int, ...]


def broadcast_shapes(*shapes: Shape) -> Shape:
    rank = max((len(shape) for shape in shapes), default=0)
    result: list[int] = []
    for axis in range(rank):
        sizes = {shape[axis - rank + len(shape)] for shape in shapes if axis - rank + len(shape) >= 0} - {1}
        if len(sizes) > 1:
            raise ValueError(f'operands could not be broadcast together with shapes {" ".join(map(str, shapes))}')
        result.append(sizes.pop() if sizes else 1)
    return tuple(result)


def strides_of(shape: Sequence[int]) -> list[int]:
    steps = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        steps[axis] = steps[axis + 1] * shape[axis + 1]
    return steps


def pick(shape: Shape, wanted: Shape) -> list[int]:
    """For each element of a broadcast array the place it comes from."""
    lead = len(wanted) - len(shape)
    steps = [0] * lead + [step if size > 1 else 0 for step, size in zip(strides_of(shape), shape)]
    places = [0]
    for size, step in zip(wanted, steps):
        places = [place + i * step for place in places for i in range(size)]
    return places
