"""Rules of static values that move elements about: reshape, permute, slice, concat, gather, triangles."""

import math
from itertools import product
from typing import Any, Callable, Iterator, Sequence

from .strides import contiguous_strides
from .value import Node

type Elements = list[Any]


def offsets(shape: Sequence[int], strides: Sequence[int], start: int = 0) -> Iterator[int]:
    """Memory offsets of all cells in C order."""
    if not shape:
        yield start
        return
    last = range(0, shape[-1] * strides[-1], strides[-1]) if strides[-1] else [0] * shape[-1]
    for prefix in product(*(range(n) for n in shape[:-1])):
        base = start + sum(i * step for i, step in zip(prefix, strides))
        for offset in last:
            yield base + offset


def _reshape(node: Node, inputs: list[Elements]) -> list[Elements]:
    return [inputs[0]]


def _permute(node: Node, inputs: list[Elements]) -> list[Elements]:
    steps = contiguous_strides(node.inputs[0].shape)
    order = node.attributes['order']
    data = inputs[0]
    return [[data[i] for i in offsets(node.outputs[0].shape, [steps[axis] for axis in order])]]


def _slice(node: Node, inputs: list[Elements]) -> list[Elements]:
    steps = contiguous_strides(node.inputs[0].shape)
    start = sum(begin * step for begin, step in zip(node.attributes['start'], steps))
    strides = [step * stride for step, stride in zip(steps, node.attributes['step'])]
    data = inputs[0]
    return [[data[i] for i in offsets(node.outputs[0].shape, strides, start)]]


def _assign_region(node: Node, inputs: list[Elements]) -> list[Elements]:
    """Internal: inputs (x, patch); the region [start, stop) by `step` of x becomes the patch."""
    result = list(inputs[0])
    steps = contiguous_strides(node.inputs[0].shape)
    start = sum(begin * step for begin, step in zip(node.attributes['start'], steps))
    strides = [step * stride for step, stride in zip(steps, node.attributes['step'])]
    for offset, item in zip(offsets(node.inputs[1].shape, strides, start), inputs[1]):
        result[offset] = item
    return [result]


def _concat(node: Node, inputs: list[Elements]) -> list[Elements]:
    axis = node.attributes['axis']
    outer = math.prod(node.outputs[0].shape[:axis])
    result: Elements = []
    widths = [math.prod(source.shape[axis:]) for source in node.inputs]
    for block in range(outer):
        for data, width in zip(inputs, widths):
            result.extend(data[block * width : (block + 1) * width])
    return [result]


def _gather(node: Node, inputs: list[Elements]) -> list[Elements]:
    """Whole slices along one axis; indices of any rank take its place."""
    axis = node.attributes['axis']
    shape = node.inputs[0].shape
    inner = math.prod(shape[axis + 1 :])
    data, indices = inputs
    result: Elements = []
    for block in range(math.prod(shape[:axis])):
        for index in indices:
            at = (block * shape[axis] + index) * inner
            result.extend(data[at : at + inner])
    return [result]


def _gather_elements(node: Node, inputs: list[Elements]) -> list[Elements]:
    axis = node.attributes['axis']
    steps = contiguous_strides(node.inputs[0].shape)
    data, indices = inputs
    result: Elements = []
    for position, index in zip(product(*(range(n) for n in node.inputs[1].shape)), indices):
        at = sum((index if i == axis else p) * step for i, (p, step) in enumerate(zip(position, steps)))
        result.append(data[at])
    return [result]


def _flip(node: Node, inputs: list[Elements]) -> list[Elements]:
    shape = node.inputs[0].shape
    steps = contiguous_strides(shape)
    turned = set(node.attributes['axes'])
    start = sum((shape[axis] - 1) * steps[axis] for axis in turned)
    strides = [-step if axis in turned else step for axis, step in enumerate(steps)]
    data = inputs[0]
    return [[data[i] for i in offsets(shape, strides, start)]]


def _roll(node: Node, inputs: list[Elements]) -> list[Elements]:
    shape = node.inputs[0].shape
    shifts = dict(zip(node.attributes['axes'], node.attributes['shifts']))
    steps = contiguous_strides(shape)
    data = inputs[0]
    result: Elements = []
    for position in product(*(range(n) for n in shape)):
        at = 0
        for axis, (p, n, step) in enumerate(zip(position, shape, steps)):
            at += ((p - shifts.get(axis, 0)) % n) * step
        result.append(data[at])
    return [result]


def _tile(node: Node, inputs: list[Elements]) -> list[Elements]:
    shape = node.inputs[0].shape
    steps = contiguous_strides(shape)
    data = inputs[0]
    ranges = product(*(range(n) for n in node.outputs[0].shape))
    return [[data[sum((p % n) * step for p, n, step in zip(position, shape, steps))] for position in ranges]]


def _triangle(keep: Callable[[int, int, int], bool]) -> Callable[[Node, list[Elements]], list[Elements]]:
    def rule(node: Node, inputs: list[Elements]) -> list[Elements]:
        rows, columns = node.outputs[0].shape[-2:]
        diagonal = node.attributes['diagonal']
        zero = {'float': 0.0, 'int': 0, 'bool': False}[node.outputs[0].dtype]
        mask = [keep(i, j, diagonal) for i in range(rows) for j in range(columns)]
        blocks = math.prod(node.outputs[0].shape[:-2])
        return [[item if kept else zero for item, kept in zip(inputs[0], mask * blocks)]]

    return rule


def _pad(node: Node, inputs: list[Elements]) -> list[Elements]:
    """Zero or constant padding only; other modes stay in the graph."""
    if node.attributes['mode'] != 'constant' or any(n < 0 for pair in node.attributes['pads'] for n in pair):
        raise ValueError
    shape = node.inputs[0].shape
    fill = float(node.attributes['value'])
    result: Elements = [fill] * node.outputs[0].size
    steps = contiguous_strides(node.outputs[0].shape)
    start = sum(before * step for (before, _), step in zip(node.attributes['pads'], steps))
    for offset, item in zip(offsets(shape, steps, start), inputs[0]):
        result[offset] = item
    return [result]


def _one_hot(node: Node, inputs: list[Elements]) -> list[Elements]:
    classes = node.attributes['classes']
    return [[int(index == c) for index in inputs[0] for c in range(classes)]]


RULES: dict[str, Callable[[Node, list[Elements]], list[Elements]]] = {
    'reshape': _reshape,
    'permute': _permute,
    'slice': _slice,
    'assignRegion': _assign_region,
    'concat': _concat,
    'gather': _gather,
    'gatherElements': _gather_elements,
    'flip': _flip,
    'roll': _roll,
    'tile': _tile,
    'tril': _triangle(lambda i, j, d: j - i <= d),
    'triu': _triangle(lambda i, j, d: j - i >= d),
    'pad': _pad,
    'oneHot': _one_hot,
}
