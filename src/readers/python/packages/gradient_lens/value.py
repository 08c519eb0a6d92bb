"""Values and the nodes that make them: the graph as it grows, before it is cut out and numbered.

Nodes hang together by their inputs, so a model's graph is what its outputs reach. `sequence` counts in order of
execution. A value is `static` where everything it comes from is known and small, so that it can be computed for real.
"""

from __future__ import annotations

import math
from itertools import count
from typing import Any, Sequence

from .session import ModuleFrame, session
from .spans import Span, here

#: Largest tensor that is computed in Python; larger ones stay ops of the graph.
STATIC_LIMIT = 65_536

type Shape = tuple[int, ...]

_sequence = count()

#: Ops that `concrete` can compute; filled in by it.
STATIC_OPS: set[str] = set()
#: Those of them of which single elements can be computed, so that their size does not matter.
SAMPLED_OPS: set[str] = set()


class Node:
    """One op. `attributes` as in src/graph/ops.ts; internal ops (`drawn`, `assignRegion`, ...) are lowered later."""

    __slots__ = ('op', 'attributes', 'inputs', 'outputs', 'frame', 'span', 'sequence', 'owner')

    def __init__(self, op: str, attributes: dict[str, Any], inputs: tuple[Value, ...], span: Span | None) -> None:
        self.op = op
        self.attributes = attributes
        self.inputs = inputs
        self.outputs: list[Value] = []
        self.frame: ModuleFrame | None = session.frame
        self.span = span
        #: Order of execution; nodes that lowering puts in take fractions.
        self.sequence: float = next(_sequence)
        #: The recorder of an `input` or `random` node, the record of a `parameter` node.
        self.owner: Any = None


class Value:
    """One output of a node: `dtype` is 'float', 'int' or 'bool'. `live` where a gradient can flow back through it."""

    __slots__ = ('node', 'index', 'shape', 'dtype', 'static', 'live', 'elements')

    def __init__(self, node: Node, index: int, shape: Shape, dtype: str, static: bool, live: bool) -> None:
        self.node = node
        self.index = index
        self.shape = shape
        self.dtype = dtype
        self.static = static
        self.live = live
        #: Computed elements in C order; a single one fills the whole shape.
        self.elements: list[Any] | None = None

    @property
    def size(self) -> int:
        return math.prod(self.shape)


def emit(op: str, attributes: dict[str, Any], inputs: tuple[Value, ...], shape: Sequence[int], dtype: str) -> Value:
    """Records an op with one output. With gradients switched off, what flows in is cut off first."""
    return emit_many(op, attributes, inputs, ((shape, dtype),))[0]


def emit_many(
    op: str, attributes: dict[str, Any], inputs: tuple[Value, ...], outputs: Sequence[tuple[Sequence[int], str]]
) -> list[Value]:
    """Records an op with several outputs."""
    if not session.grad:
        inputs = tuple(cut(value) if value.live else value for value in inputs)
    if session.recorder is not None:
        session.recorder.spend()
    node = Node(op, attributes, inputs, here(2))
    static, live = op in STATIC_OPS, False
    sampled = op in SAMPLED_OPS
    for value in inputs:
        static = static and value.static and (sampled or value.size <= STATIC_LIMIT)
        live = live or value.live
    live = live and op != 'detach'
    for index, (shape, dtype) in enumerate(outputs):
        node.outputs.append(Value(node, index, tuple(shape), dtype, static, live and dtype == 'float'))
    return node.outputs


def cut(value: Value) -> Value:
    """Stops the gradient; the same value is cut once only."""
    if value.node.op == 'detach':
        return value
    node = Node('detach', {}, (value,), here(2))
    node.outputs.append(Value(node, 0, value.shape, value.dtype, False, False))
    return node.outputs[0]


def constant(elements: list[Any], shape: Sequence[int], dtype: str) -> Value:
    """Known elements in C order; a single one fills the whole shape."""
    node = Node('constant', {}, (), None)
    value = Value(node, 0, tuple(shape), dtype, True, False)
    value.elements = elements
    node.outputs.append(value)
    return value


def source(
    op: str, attributes: dict[str, Any], shape: Sequence[int], dtype: str, *, owner: Any, live: bool, span: Span | None = None
) -> Value:
    """A value that nothing computes: an input, a parameter, a draw. `span` where its place is known already."""
    node = Node(op, attributes, (), span or here(2))
    node.owner = owner
    node.outputs.append(Value(node, 0, tuple(shape), dtype, False, live))
    return node.outputs[0]


def drawn(initialiser: dict[str, Any], shape: Sequence[int], dtype: str = 'float', span: Span | None = None) -> Value:
    """Elements drawn once, by `Initialiser` of src/graph/initialiser.ts, when the model is made."""
    if initialiser['kind'] == 'constant':
        return constant([initialiser['value']], shape, dtype)
    return source('drawn', {'initialiser': initialiser}, shape, dtype, owner=None, live=False, span=span)
