"""Computes chosen elements of a large static value: what a slice of a positional table of 5000 rows needs, no more."""

import math
from typing import Any, Callable, Sequence

from .concrete_elementwise import BINARY, UNARY, convert
from .strides import contiguous_strides
from .value import Node, Value

type Elements = list[Any]
type Sampler = Callable[[Value, list[int]], Elements]


def _coordinates(index: int, strides: Sequence[int], shape: Sequence[int]) -> list[int]:
    return [index // step % n for step, n in zip(strides, shape)]


def _broadcast_indices(indices: list[int], outer: Sequence[int], inner: Sequence[int]) -> list[int]:
    """Flat indices into a tensor of shape `inner` that is broadcast to `outer`."""
    if tuple(outer) == tuple(inner):
        return indices
    steps = contiguous_strides(tuple(outer))
    lead = len(outer) - len(inner)
    own = contiguous_strides(tuple(inner))
    strides = [0] * lead + [0 if n == 1 else step for n, step in zip(inner, own)]
    return [sum(i * s for i, s in zip(_coordinates(index, steps, outer), strides)) for index in indices]


def _elementwise(node: Node, indices: list[int], sample: Sampler) -> Elements:
    shape = node.outputs[0].shape
    parts = [sample(source, _broadcast_indices(indices, shape, source.shape)) for source in node.inputs]
    op = node.op
    if op in UNARY:
        return list(map(UNARY[op], parts[0]))
    if op in BINARY:
        return list(map(BINARY[op], parts[0], parts[1]))
    if op == 'where':
        return [a if c else b for c, a, b in zip(*parts)]
    if op == 'clip':
        low, high = (float(node.attributes[key]) for key in ('min', 'max'))
        return [min(max(x, low), high) for x in parts[0]]
    return convert(parts[0], node.outputs[0].dtype) if op == 'cast' else parts[0]


def _reshape(node: Node, indices: list[int], sample: Sampler) -> Elements:
    return sample(node.inputs[0], indices)


def _permute(node: Node, indices: list[int], sample: Sampler) -> Elements:
    shape = node.outputs[0].shape
    steps = contiguous_strides(shape)
    source = contiguous_strides(node.inputs[0].shape)
    strides = [source[axis] for axis in node.attributes['order']]
    return sample(
        node.inputs[0], [sum(i * s for i, s in zip(_coordinates(index, steps, shape), strides)) for index in indices]
    )


def _slice(node: Node, indices: list[int], sample: Sampler) -> Elements:
    shape = node.outputs[0].shape
    steps = contiguous_strides(shape)
    source = contiguous_strides(node.inputs[0].shape)
    base = sum(start * step for start, step in zip(node.attributes['start'], source))
    strides = [step * stride for step, stride in zip(source, node.attributes['step'])]
    return sample(
        node.inputs[0],
        [base + sum(i * s for i, s in zip(_coordinates(index, steps, shape), strides)) for index in indices],
    )


def _assign_region(node: Node, indices: list[int], sample: Sampler) -> Elements:
    base, patch = node.inputs
    attributes = node.attributes
    steps = contiguous_strides(base.shape)
    own = contiguous_strides(patch.shape)
    inside: list[tuple[int, int]] = []
    outside: list[tuple[int, int]] = []
    for place, index in enumerate(indices):
        at = 0
        hit = True
        for axis, i in enumerate(_coordinates(index, steps, base.shape)):
            step = attributes['step'][axis]
            offset = i - attributes['start'][axis]
            if offset < 0 or i >= attributes['stop'][axis] or offset % step:
                hit = False
                break
            at += offset // step * own[axis]
        (inside if hit else outside).append((place, at if hit else index))
    result: Elements = [None] * len(indices)
    for source, wanted in ((patch, inside), (base, outside)):
        for (place, _), item in zip(wanted, sample(source, [at for _, at in wanted]) if wanted else ()):
            result[place] = item
    return result


def _concat(node: Node, indices: list[int], sample: Sampler) -> Elements:
    axis = node.attributes['axis']
    shape = node.outputs[0].shape
    width = math.prod(shape[axis:])
    inner = math.prod(shape[axis + 1 :])
    wanted: list[list[tuple[int, int]]] = [[] for _ in node.inputs]
    ends: list[int] = []
    for part in node.inputs:
        ends.append((ends[-1] if ends else 0) + part.shape[axis])
    for place, index in enumerate(indices):
        block, rest = divmod(index, width)
        row, column = divmod(rest, inner)
        which = next(i for i, end in enumerate(ends) if row < end)
        size = node.inputs[which].shape[axis]
        row -= ends[which] - size
        wanted[which].append((place, (block * size + row) * inner + column))
    result: Elements = [None] * len(indices)
    for part, places in zip(node.inputs, wanted):
        for (place, _), item in zip(places, sample(part, [at for _, at in places]) if places else ()):
            result[place] = item
    return result


def _gather(node: Node, indices: list[int], sample: Sampler) -> Elements:
    axis = node.attributes['axis']
    source, chosen = node.inputs
    inner = math.prod(source.shape[axis + 1 :])
    width = chosen.size * inner
    picks = sample(chosen, list(range(chosen.size)))
    wanted: list[int] = []
    for index in indices:
        block, rest = divmod(index, width)
        at, column = divmod(rest, inner)
        wanted.append((block * source.shape[axis] + picks[at]) * inner + column)
    return sample(source, wanted)


def _tile(node: Node, indices: list[int], sample: Sampler) -> Elements:
    shape = node.outputs[0].shape
    steps = contiguous_strides(shape)
    inner = node.inputs[0].shape
    own = contiguous_strides(inner)
    return sample(
        node.inputs[0],
        [sum(i % n * s for i, n, s in zip(_coordinates(index, steps, shape), inner, own)) for index in indices],
    )


def _triangle(keep: Callable[[int, int, int], bool]) -> Callable[[Node, list[int], Sampler], Elements]:
    def sampler(node: Node, indices: list[int], sample: Sampler) -> Elements:
        rows, columns = node.outputs[0].shape[-2:]
        diagonal = node.attributes['diagonal']
        zero = {'float': 0.0, 'int': 0, 'bool': False}[node.outputs[0].dtype]
        items = sample(node.inputs[0], indices)
        return [
            item if keep(index // columns % rows, index % columns, diagonal) else zero
            for item, index in zip(items, indices)
        ]

    return sampler


SAMPLERS: dict[str, Callable[[Node, list[int], Sampler], Elements]] = {
    **{op: _elementwise for op in (*UNARY, *BINARY, 'where', 'clip', 'cast')},
    'broadcast': lambda node, indices, sample: sample(
        node.inputs[0], _broadcast_indices(indices, node.outputs[0].shape, node.inputs[0].shape)
    ),
    'reshape': _reshape,
    'permute': _permute,
    'slice': _slice,
    'assignRegion': _assign_region,
    'concat': _concat,
    'gather': _gather,
    'tile': _tile,
    'tril': _triangle(lambda i, j, d: j - i <= d),
    'triu': _triangle(lambda i, j, d: j - i >= d),
}
