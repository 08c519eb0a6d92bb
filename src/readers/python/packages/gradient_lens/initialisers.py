"""How a tensor's elements came about, as `Initialiser` of src/graph/initialiser.ts.

A tensor made before the forward pass is an op graph on draws and constants; this reads the law of its elements off
that graph. Moving independent equal draws about (reshape, permute, slice, repeat of shape) keeps their law.
"""

import math
from typing import Any

from .concrete import known
from .scalars import scalar
from .value import Node, Value

type Initialiser = dict[str, Any]

#: Laws under which every element is drawn alike and on its own.
_ALIKE = {'uniform', 'normal', 'truncatedNormal', 'constant'}
_MOVING = {'reshape', 'permute', 'slice', 'flip', 'roll', 'concat', 'gather'}
_KEEPING = {'identity', 'detach', 'cast'}

UNINITIALISED = 'the file leaves this memory as it is (torch.empty)'


def fan_in_out(shape: tuple[int, ...]) -> tuple[int, int]:
    """(fan-in, fan-out) by PyTorch's `_calculate_fan_in_and_fan_out`; a tensor below two dims has neither."""
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def assumed_for(shape: tuple[int, ...]) -> Initialiser:
    """What an unreadable initialisation is drawn as: PyTorch's default bound for the tensor's own fan-in."""
    fan_in = math.prod(shape[1:]) if len(shape) > 1 else (shape[0] if shape else 1)
    bound = 1 / math.sqrt(max(fan_in, 1))
    return {'kind': 'uniform', 'low': -bound, 'high': bound}


def unknown(reason: str, shape: tuple[int, ...]) -> Initialiser:
    return {'kind': 'unknown', 'reason': reason, 'assumed': assumed_for(shape)}


def affine(base: Initialiser, scale: float, shift: float) -> Initialiser:
    """`scale * x + shift` in the simplest form."""
    kind = base['kind']
    if kind == 'uniform':
        ends = sorted((base['low'] * scale + shift, base['high'] * scale + shift))
        return {'kind': 'uniform', 'low': ends[0], 'high': ends[1]}
    if kind == 'normal':
        return {'kind': 'normal', 'mean': base['mean'] * scale + shift, 'std': base['std'] * abs(scale)}
    if kind == 'constant':
        return {'kind': 'constant', 'value': scalar(float(base['value']) * scale + shift)}
    if kind == 'affine':
        return affine(base['base'], base['scale'] * scale, base['shift'] * scale + shift)
    if kind == 'unknown':
        return {**base, 'assumed': affine(base['assumed'], scale, shift)}
    return {'kind': 'affine', 'scale': scale, 'shift': shift, 'base': base}


def initialiser_of(value: Value) -> Initialiser:
    """The law of a value's elements; `unknown` with a reason where it cannot be read."""
    return _Laws().of(value)


class _Laws:
    def __init__(self) -> None:
        self.depth = 0

    def of(self, value: Value) -> Initialiser:
        elements = known(value)
        if elements is not None:
            return _values(elements)
        self.depth += 1
        try:
            if self.depth > 400:
                return unknown('its initialisation is computed in too many steps', value.shape)
            return self._node(value.node, value)
        finally:
            self.depth -= 1

    def _node(self, node: Node, value: Value) -> Initialiser:
        op = node.op
        if op == 'drawn':
            return node.attributes['initialiser']
        if op == 'parameter':
            return self.of(node.owner.contents)
        if op in _KEEPING:
            return self.of(node.inputs[0])
        if op == 'neg':
            return affine(self.of(node.inputs[0]), -1.0, 0.0)
        if op in ('add', 'sub', 'mul', 'div'):
            return self._arithmetic(node, value)
        if op == 'assignRegion':
            return self._region(node, value)
        if op == 'concat':
            return self._concat(node, value)
        if op in _MOVING:
            return self._moved(self.of(node.inputs[0]), node, value)
        return unknown(f'its initialisation goes through `{op}`, which is not followed', value.shape)

    def _moved(self, base: Initialiser, node: Node, value: Value) -> Initialiser:
        if _alike(base) and (node.op != 'gather' or node.inputs[0].size >= value.size):
            return base
        return unknown(f'its initialisation is moved about by `{node.op}`', value.shape)

    def _arithmetic(self, node: Node, value: Value) -> Initialiser:
        a, b = node.inputs
        right = _single(b)
        left = _single(a)
        op = node.op
        if right is not None and a.shape == value.shape:
            base = self.of(a)
            scale = {'mul': right, 'div': 1 / right if right else math.inf}.get(op, 1.0)
            shift = {'add': right, 'sub': -right}.get(op, 0.0)
            return affine(base, scale, shift)
        if left is not None and b.shape == value.shape and op != 'div':
            base = self.of(b)
            if op == 'mul':
                return affine(base, left, 0.0)
            return affine(base, -1.0 if op == 'sub' else 1.0, left)
        return self._sum_of_normals(node, value)

    def _sum_of_normals(self, node: Node, value: Value) -> Initialiser:
        """Independent normals add up to a normal; everything else is not followed."""
        a, b = node.inputs
        if node.op in ('add', 'sub') and a.shape == b.shape == value.shape and a.node is not b.node:
            first, second = self.of(a), self.of(b)
            if first['kind'] == second['kind'] == 'normal':
                sign = 1 if node.op == 'add' else -1
                std = math.hypot(first['std'], second['std'])
                return {'kind': 'normal', 'mean': first['mean'] + sign * second['mean'], 'std': std}
        return unknown(f'its initialisation combines tensors by `{node.op}`', value.shape)

    def _concat(self, node: Node, value: Value) -> Initialiser:
        laws = [self.of(part) for part in node.inputs]
        if all(law == laws[0] for law in laws) and _alike(laws[0]):
            return laws[0]
        axis = node.attributes['axis']
        regions: list[dict[str, Any]] = []
        at = 0
        for part, law in zip(node.inputs, laws):
            start = [0] * len(value.shape)
            stop = list(value.shape)
            start[axis], stop[axis] = at, at + part.shape[axis]
            at = stop[axis]
            regions.append({'start': start, 'stop': stop, 'fill': law})
        return {'kind': 'regions', 'base': {'kind': 'constant', 'value': 0}, 'regions': regions}

    def _region(self, node: Node, value: Value) -> Initialiser:
        base, patch = node.inputs
        attributes = node.attributes
        fill = self.of(patch)
        if any(step != 1 for step in attributes['step']):
            return unknown('its initialisation writes every n-th element', value.shape)
        if fill['kind'] != 'values' and not _alike(fill):
            return unknown('a part of it is written in a way that is not followed', value.shape)
        start, stop = attributes['start'], attributes['stop']
        region = {'start': list(start), 'stop': list(stop), 'fill': fill}
        whole = all(a == 0 and b == n for a, b, n in zip(start, stop, value.shape))
        if whole:
            return fill
        law = self.of(base)
        if law['kind'] == 'regions':
            return {**law, 'regions': [*law['regions'], region]}
        return {'kind': 'regions', 'base': law, 'regions': [region]}


def _alike(law: Initialiser) -> bool:
    return law['kind'] in _ALIKE or (law['kind'] == 'affine' and law['base']['kind'] in _ALIKE)


def _values(elements: list[Any]) -> Initialiser:
    first = elements[0] if elements else 0
    if all(item == first for item in elements):
        return {'kind': 'constant', 'value': scalar(first)}
    return {'kind': 'values', 'values': [scalar(item) for item in elements]}


def _single(value: Value) -> float | None:
    """The number that fills a known value, if one does."""
    elements = known(value)
    if elements is None or not elements or any(item != elements[0] for item in elements):
        return None
    return float(elements[0])
