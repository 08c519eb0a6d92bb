"""Decisions that a forward pass leaves to chance: layer dropout, stochastic depth, teacher forcing.

A graph is one way through the model. Where a draw decides which, the way of the draw in the middle is read (a half, for
numbers between nought and one), which for a rare event is the way in which it does not happen; and it is told as a guess.
"""

from __future__ import annotations

from typing import Any

from .concrete import RULES, known
from .errors import ReadError
from .session import session
from .spans import here
from .value import STATIC_LIMIT, Node, Value

type Elements = list[Any]

#: The middle of each distribution that `random` draws from.
_MIDDLE = {'uniform': 0.5, 'normal': 0.0}
#: Ops between the draws and a decision; more belong to a computation, not to a decision.
_MOST_NODES = 400


def note(what: str) -> None:
    """Tells, while a model is recorded, that chance decides at this place of the user's code."""
    if session.recorder is not None:
        session.recorder.guess(
            f'{what} is drawn afresh in every step; the way of a draw in the middle is read, so that what happens rarely '
            'is left out. Other steps may go another way through the model.',
            here(),
        )


def likely(value: Value) -> Elements | None:
    """All elements of a value that hangs on draws and known values alone, each draw taken at its middle; else None."""
    held: dict[Value, Elements] = {}
    pending: list[Node] = []
    seen: set[Node] = set()
    stack = [value]
    while stack:
        item = stack.pop()
        if item in held or item.node in seen:
            continue
        elements = known(item)
        if elements is None and item.node.op == 'random' and item.size <= STATIC_LIMIT:
            elements = [_MIDDLE[item.node.attributes['distribution']]]
        if elements is not None:
            held[item] = elements * item.size if len(elements) == 1 else elements
            continue
        node = item.node
        if node.op not in RULES or not node.inputs or item.size > STATIC_LIMIT or len(seen) > _MOST_NODES:
            return None
        seen.add(node)
        pending.append(node)
        stack.extend(node.inputs)
    for node in sorted(pending, key=lambda node: node.sequence):
        try:
            results = RULES[node.op](node, [held[source] for source in node.inputs])
        except (ReadError, ArithmeticError, ValueError, TypeError, IndexError):
            return None
        for output, elements in zip(node.outputs, results):
            held[output] = elements * output.size if len(elements) == 1 else elements
    return held[value]
