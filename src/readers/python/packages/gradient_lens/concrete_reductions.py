"""Rules of static values that gather many elements into one: sums, extremes, products, sorting, softmax."""

import functools
import math
from itertools import product
from typing import Any, Callable, Iterator, Sequence

from .concrete_shapes import offsets
from .strides import contiguous_strides
from .value import Node

type Elements = list[Any]
type Rule = Callable[[Node, list[Elements]], list[Elements]]


def _groups(shape: Sequence[int], axes: Sequence[int], data: Elements) -> Iterator[Elements]:
    """Elements that each reduced cell takes, in C order."""
    steps = contiguous_strides(tuple(shape))
    kept = [axis for axis in range(len(shape)) if axis not in set(axes)]
    inner = list(offsets([shape[axis] for axis in axes], [steps[axis] for axis in axes]))
    for start in offsets([shape[axis] for axis in kept], [steps[axis] for axis in kept]):
        yield [data[start + offset] for offset in inner]


def _reduction(function: Callable[[Elements], Any]) -> Rule:
    def rule(node: Node, inputs: list[Elements]) -> list[Elements]:
        return [[function(group) for group in _groups(node.inputs[0].shape, node.attributes['axes'], inputs[0])]]

    return rule


def _spread(node: Node, inputs: list[Elements], power: float) -> list[Elements]:
    result: Elements = []
    for group in _groups(node.inputs[0].shape, node.attributes['axes'], inputs[0]):
        mean = math.fsum(group) / len(group)
        free = len(group) - node.attributes['correction']
        result.append((math.fsum((x - mean) ** 2 for x in group) / free) ** power if free > 0 else math.nan)
    return [result]


def _norm(node: Node, inputs: list[Elements]) -> list[Elements]:
    p = float(node.attributes['p'])
    result: Elements = []
    for group in _groups(node.inputs[0].shape, node.attributes['axes'], inputs[0]):
        if math.isinf(p):
            result.append((max if p > 0 else min)(abs(x) for x in group))
        else:
            result.append(math.fsum(abs(x) ** p for x in group) ** (1 / p))
    return [result]


def _along(node: Node, data: Elements, function: Callable[[Elements], Elements]) -> Elements:
    """Applies a function to each line along one axis; lines keep their length."""
    shape = node.inputs[0].shape
    axis = node.attributes['axis']
    steps = contiguous_strides(shape)
    others = [i for i in range(len(shape)) if i != axis]
    result = list(data)
    for start in offsets([shape[i] for i in others], [steps[i] for i in others]):
        places = [start + k * steps[axis] for k in range(shape[axis])]
        for place, item in zip(places, function([data[place] for place in places])):
            result[place] = item
    return result


def _running(function: Callable[[Any, Any], Any]) -> Rule:
    def scan(line: Elements) -> Elements:
        result: Elements = []
        for item in line:
            result.append(function(result[-1], item) if result else item)
        return result

    return lambda node, inputs: [_along(node, inputs[0], scan)]


def _softmax_line(line: Elements) -> Elements:
    top = max(line)
    powers = [math.exp(x - top) for x in line]
    total = math.fsum(powers)
    return [x / total for x in powers]


def _sort(node: Node, inputs: list[Elements]) -> list[Elements]:
    descending = node.attributes['descending']

    def order(line: Elements) -> list[int]:
        return sorted(range(len(line)), key=line.__getitem__, reverse=descending)

    values = _along(node, inputs[0], lambda line: [line[i] for i in order(line)])
    return [values, _along(node, inputs[0], order)]


def _position(best: Callable[..., Any]) -> Rule:
    def rule(node: Node, inputs: list[Elements]) -> list[Elements]:
        groups = _groups(node.inputs[0].shape, [node.attributes['axis']], inputs[0])
        return [[group.index(best(group)) for group in groups]]

    return rule


def _matmul(node: Node, inputs: list[Elements]) -> list[Elements]:
    """Batched matrix product of operands with equal leading dims, or with one right matrix; others stay in the graph."""
    a, b = node.inputs
    if node.attributes['transposeA'] or node.attributes['transposeB']:
        raise ValueError
    rows, inner = a.shape[-2:]
    columns, blocks = b.shape[-1], math.prod(a.shape[:-2])
    if len(b.shape) == 2:
        rows, blocks = rows * blocks, 1
    elif a.shape[:-2] != b.shape[:-2]:
        raise ValueError
    if rows * inner * columns * blocks > 2_000_000:
        raise ValueError
    result: Elements = []
    for block in range(blocks):
        left = inputs[0][block * rows * inner : (block + 1) * rows * inner]
        right = inputs[1][block * inner * columns : (block + 1) * inner * columns]
        lines = [right[j::columns] for j in range(columns)]
        for i in range(rows):
            row = left[i * inner : (i + 1) * inner]
            result.extend(sum(x * y for x, y in zip(row, line)) for line in lines)
    return [result]


def _einsum(node: Node, inputs: list[Elements]) -> list[Elements]:
    left, right = node.attributes['equation'].split('->')
    terms = left.split(',')
    sizes: dict[str, int] = {}
    for term, source in zip(terms, node.inputs):
        sizes.update(zip(term, source.shape))
    summed = [letter for letter in sizes if letter not in right]
    if math.prod(sizes.values()) > 2_000_000:
        raise ValueError
    steps = [dict(zip(term, contiguous_strides(source.shape))) for term, source in zip(terms, node.inputs)]
    result: Elements = []
    for outer in product(*(range(sizes[letter]) for letter in right)):
        total: Any = 0
        for inner in product(*(range(sizes[letter]) for letter in summed)):
            place = dict(zip(right, outer)) | dict(zip(summed, inner))
            total += math.prod(
                data[sum(place[letter] * n for letter, n in step.items())] for data, step in zip(inputs, steps)
            )
        result.append(total)
    return [result]


def _sum(group: Elements) -> Any:
    return math.fsum(group) if group and isinstance(group[0], float) else sum(group)


RULES: dict[str, Rule] = {
    'sum': _reduction(_sum),
    'mean': _reduction(lambda group: math.fsum(group) / len(group) if group else math.nan),
    'max': _reduction(max),
    'min': _reduction(min),
    'prod': _reduction(lambda group: functools.reduce(lambda a, b: a * b, group, 1)),
    'any': _reduction(any),
    'all': _reduction(all),
    'variance': lambda node, inputs: _spread(node, inputs, 1.0),
    'standardDeviation': lambda node, inputs: _spread(node, inputs, 0.5),
    'norm': _norm,
    'argMax': _position(max),
    'argMin': _position(min),
    'cumSum': _running(lambda a, b: a + b),
    'cumProd': _running(lambda a, b: a * b),
    'softmax': lambda node, inputs: [_along(node, inputs[0], _softmax_line)],
    'sort': _sort,
    'matmul': _matmul,
    'einsum': _einsum,
}
