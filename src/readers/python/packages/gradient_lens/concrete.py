"""Computes static values for real, in plain Python: positional tables, masks, `linspace` schedules, `.tolist()`."""

from typing import Any, Callable

from . import concrete_elementwise, concrete_reductions, concrete_shapes
from .concrete_sampling import SAMPLERS
from .errors import ReadError
from .value import SAMPLED_OPS, STATIC_LIMIT, STATIC_OPS, Node, Value

type Elements = list[Any]
#: Takes the node and the full elements of its inputs, gives those of its outputs.
type Rule = Callable[[Node, list[Elements]], list[Elements]]

RULES: dict[str, Rule] = {
    **concrete_elementwise.RULES,
    **concrete_shapes.RULES,
    **concrete_reductions.RULES,
}
STATIC_OPS.update(RULES)
SAMPLED_OPS.update(SAMPLERS)


def known(value: Value) -> Elements | None:
    """Elements of a static value in C order (a single one fills the shape).

    None where they hang on data, or where they are more than are computed in Python.
    """
    if value.elements is not None:
        return value.elements
    if not value.static:
        return None
    try:
        for node in _pending(value):
            _compute(node)
    except _NotComputed:
        return None
    return value.elements


class _NotComputed(Exception):
    pass


def _pending(value: Value) -> list[Node]:
    """Nodes to compute before `value` is known, in order of execution; large inputs are sampled, not computed."""
    seen: set[int] = set()
    found: list[Node] = []
    stack = [value.node]
    while stack:
        node = stack.pop()
        if id(node) in seen or node.outputs[0].elements is not None:
            continue
        seen.add(id(node))
        found.append(node)
        stack.extend(source.node for source in node.inputs if source.size <= STATIC_LIMIT or _filled(source))
    found.sort(key=lambda node: node.sequence)
    return found


def _filled(value: Value) -> bool:
    return value.elements is not None and len(value.elements) == 1


def _compute(node: Node) -> None:
    if node.inputs and node.op in concrete_elementwise.RULES and all(map(_filled, node.inputs)):
        results = _apply(_scalar_twin(node), [list(source.elements or []) for source in node.inputs])
    elif any(output.size > STATIC_LIMIT for output in node.outputs):
        raise _NotComputed
    elif any(source.size > STATIC_LIMIT for source in node.inputs):
        results = [_sample(node.outputs[0], list(range(node.outputs[0].size)))]
    else:
        results = _apply(node, [_full(source) for source in node.inputs])
    for output, elements in zip(node.outputs, results):
        output.elements = elements


def _full(value: Value) -> Elements:
    elements = value.elements
    if elements is None:
        raise _NotComputed
    return elements * value.size if len(elements) == 1 else elements


def _scalar_twin(node: Node) -> Node:
    """Elementwise ops on filled tensors fill as well: one element stands for all."""
    twin = Node(node.op, node.attributes, tuple(_scalar(source) for source in node.inputs), None)
    twin.outputs = [_scalar(output) for output in node.outputs]
    return twin


def _scalar(value: Value) -> Value:
    return Value(value.node, value.index, (), value.dtype, True, False)


def _apply(node: Node, inputs: list[Elements]) -> list[Elements]:
    try:
        return RULES[node.op](node, inputs)
    except ReadError:
        raise
    except (ArithmeticError, ValueError, TypeError, IndexError):
        raise _NotComputed from None


def _sample(value: Value, indices: list[int]) -> Elements:
    """Chosen elements of a value of any size."""
    if value.elements is None and value.size <= STATIC_LIMIT and value.node.op not in SAMPLERS:
        if known(value) is None:
            raise _NotComputed
    elements = value.elements
    if elements is not None:
        return elements * len(indices) if len(elements) == 1 else [elements[i] for i in indices]
    sampler = SAMPLERS.get(value.node.op)
    if sampler is None:
        raise _NotComputed
    return sampler(value.node, indices, _sample)
