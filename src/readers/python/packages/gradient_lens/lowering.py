"""Writes internal ops out in the canonical vocabulary of src/graph/ops.ts."""

from __future__ import annotations

from typing import Any, Sequence

from .tables import LARGEST, elements_of
from .tabulated import tabulated
from .value import Node, Value, constant


def lower(value: Value) -> Value:
    """The same value in canonical ops; itself where its op is canonical already."""
    if value.node.op == 'assignRegion':
        return _Writer(value.node).region()
    if value.node.op == 'table':
        written = tabulated(value.node, _Writer(value.node).emit) if value.size > LARGEST else None
        if written is not None:
            return written
        return constant(elements_of(value.node), value.shape, value.dtype)
    return value


class _Writer:
    """Makes nodes that take the place of one node: same span, same module, same moment."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.made = 0

    def emit(
        self, op: str, attributes: dict[str, Any], inputs: tuple[Value, ...], shape: Sequence[int], dtype: str
    ) -> Value:
        node = Node(op, attributes, inputs, self.node.span)
        self.made += 1
        node.frame = self.node.frame
        # Between this node and the next; nested regions stay in order, since inner ones are made first.
        node.sequence = self.node.sequence + self.made / 1024
        live = any(source.live for source in inputs) and dtype == 'float'
        value = Value(node, 0, tuple(shape), dtype, False, live)
        node.outputs.append(value)
        return value

    def region(self) -> Value:
        base, patch = self.node.inputs
        start, stop, step = (self.node.attributes[key] for key in ('start', 'stop', 'step'))
        axes = [axis for axis, n in enumerate(base.shape) if (start[axis], stop[axis], step[axis]) != (0, n, 1)]
        return self._write(base, patch, axes, start, stop, step)

    def _write(
        self, base: Value, patch: Value, axes: list[int], start: list[int], stop: list[int], step: list[int]
    ) -> Value:
        """Writes along the first of `axes`, the patch first being completed along the others."""
        if not axes:
            return patch
        axis, rest = axes[0], axes[1:]
        if rest:
            inner = self._take(base, axis, start[axis], stop[axis], step[axis])
            patch = self._write(inner, patch, rest, start, stop, step)
        if step[axis] == 1:
            return self._splice(base, patch, axis, start[axis], stop[axis])
        return self._interleave(base, patch, axis, range(start[axis], stop[axis], step[axis]))

    def _take(self, base: Value, axis: int, start: int, stop: int, step: int) -> Value:
        rank = len(base.shape)
        attributes = {
            'start': [start if i == axis else 0 for i in range(rank)],
            'stop': [stop if i == axis else n for i, n in enumerate(base.shape)],
            'step': [step if i == axis else 1 for i in range(rank)],
        }
        shape = [len(range(start, stop, step)) if i == axis else n for i, n in enumerate(base.shape)]
        return self.emit('slice', attributes, (base,), shape, base.dtype)

    def _splice(self, base: Value, patch: Value, axis: int, start: int, stop: int) -> Value:
        parts = [patch]
        if start > 0:
            parts.insert(0, self._take(base, axis, 0, start, 1))
        if stop < base.shape[axis]:
            parts.append(self._take(base, axis, stop, base.shape[axis], 1))
        if len(parts) == 1:
            return patch
        return self.emit('concat', {'axis': axis}, tuple(parts), base.shape, base.dtype)

    def _interleave(self, base: Value, patch: Value, axis: int, rows: range) -> Value:
        """Rows of the patch between those of the base: both put one after the other, then picked in order."""
        size = base.shape[axis]
        order = list(range(size))
        for place, row in enumerate(rows):
            order[row] = size + place
        shape = list(base.shape)
        shape[axis] += len(rows)
        both = self.emit('concat', {'axis': axis}, (base, patch), shape, base.dtype)
        node = Node('constant', {}, (), None)
        indices = Value(node, 0, (size,), 'int', True, False)
        indices.elements = list(order)
        node.outputs.append(indices)
        return self.emit('gather', {'axis': axis}, (both, indices), base.shape, base.dtype)
