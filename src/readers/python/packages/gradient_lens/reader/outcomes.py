"""Follows values back to where they came from: which model fed a loss, and whether its target is the model's own input."""

from __future__ import annotations

from typing import Any

from ..value import Value

#: Values looked at before the search is given up.
_FAR = 3_000
#: Ops that hand numbers on with other axes.
_PASS_ON = frozenset(('identity', 'cast', 'reshape', 'permute', 'detach', 'slice', 'broadcast'))


class Origins:
    """Remembers what went into models and what came out of them."""

    def __init__(self) -> None:
        self._outputs: dict[int, Any] = {}
        self._inputs: dict[int, set[int]] = {}
        # Values are held so that their ids stay theirs.
        self._held: list[Value] = []

    def note(self, model: Any, inputs: list[Value], outputs: list[Value]) -> None:
        """A model was called."""
        self._held.extend((*inputs, *outputs))
        for value in outputs:
            self._outputs[id(value)] = model
        self._inputs.setdefault(id(model), set()).update(id(value) for value in inputs)

    def model_of(self, value: Value) -> Any:
        """The model that a value was last computed by, None where it comes from none."""
        seen: set[int] = set()
        stack = [value]
        while stack and len(seen) < _FAR:
            current = stack.pop(0)
            if id(current) in seen:
                continue
            seen.add(id(current))
            if id(current) in self._outputs:
                return self._outputs[id(current)]
            stack.extend(current.node.inputs)
        return None

    def is_input(self, value: Value, model: Any) -> bool:
        """Whether a value is what the model was fed, in whatever shape."""
        fed = self._inputs.get(id(model), set())
        for _ in range(64):
            if id(value) in fed:
                return True
            if value.node.op not in _PASS_ON or not value.node.inputs:
                return False
            value = value.node.inputs[0]
        return False
