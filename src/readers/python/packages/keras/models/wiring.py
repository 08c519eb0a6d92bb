"""The graph of a functional model: which layers lie between its inputs and its outputs, and in which order.

The order is that of Keras 3 (`keras.src.ops.function.map_graph`): by falling depth, then by the order in which a walk
from the outputs meets them. It decides the order of the weights.
"""

from __future__ import annotations

from typing import Any

from gradient_lens.errors import BadArgument
from gradient_lens.identity import identity
from gradient_lens.spans import Span, here, pin
from gradient_lens.value import Node, Value

from .._assumed import tell
from .._context import context
from .._tensor import Call, Runnable, Tensor, flatten, mapped, read, wrap
from ..layers.layer import Layer


class Wiring:
    """Calls between symbolic inputs and outputs."""

    def __init__(self, inputs: Any, outputs: Any) -> None:
        self.inputs = inputs
        self.outputs = outputs
        for tensor in (*flatten(inputs), *flatten(outputs)):
            if not isinstance(tensor, Tensor) or tensor._call is None:
                raise BadArgument(f'All inputs and outputs of a Model must come from keras.Input; got {tensor!r}')
        self.starts: list[Tensor] = flatten(inputs)
        self.ends: list[Tensor] = flatten(outputs)
        self._indices: dict[Runnable, int] = {}
        self._post_order: list[Call] = []
        self._walk()
        depths, operations = self._depths()
        self.calls = sorted(self._post_order, key=lambda call: -depths[call])
        self.operations = sorted(operations, key=lambda item: (-operations[item], self._indices[item]))

    def _walk(self) -> None:
        """Calls in post order; iterative, since nets are deep."""
        done: set[Call] = set()
        starts = {identity(tensor) for tensor in self.starts}
        for end in self.ends:
            stack: list[tuple[Tensor, bool]] = [(end, False)]
            while stack:
                tensor, leave = stack.pop()
                call = tensor._call
                if call is None:
                    continue
                if leave:
                    if call not in done:
                        done.add(call)
                        self._post_order.append(call)
                    continue
                if call in done:
                    continue
                self._indices.setdefault(call.operation, len(self._indices))
                stack.append((tensor, True))
                if identity(tensor) not in starts:
                    if not call.inputs:
                        raise BadArgument(
                            f'Graph disconnected: `{getattr(call.operation, "name", "input")}` is used by the outputs, '
                            'but is not among the inputs of the Model.'
                        )
                    stack.extend((item, False) for item in reversed(call.inputs))

    def _depths(self) -> tuple[dict[Call, int], dict[Runnable, int]]:
        calls: dict[Call, int] = {}
        operations: dict[Runnable, int] = {}
        starts = {identity(tensor) for tensor in self.starts}
        for call in reversed(self._post_order):
            depth = max(calls.setdefault(call, 0), operations.get(call.operation, 0))
            operations[call.operation] = calls[call] = depth
            if any(identity(output) in starts for output in call.outputs):
                continue
            for item in call.inputs:
                above = item._call
                if above is not None:
                    calls[above] = max(depth + 1, calls.get(above, 0))
        for tensor in self.starts:
            call = tensor._call
            if call is not None and call.operation not in operations:
                operations[call.operation] = 0
                self._indices[call.operation] = -1
        return calls, operations

    def run(self, inputs: Any) -> Any:
        """Runs the calls anew on real tensors."""
        held: dict[int, Any] = {}
        context.passes.append(Pass(self, held))
        try:
            return self._run(held, inputs)
        finally:
            context.passes.pop()

    def _run(self, held: dict[int, Any], inputs: Any) -> Any:
        mark = Mark()
        given = self._arranged(inputs)
        for start, tensor in zip(self.starts, given):
            held[identity(start)] = tensor
            if start._call is not None:
                tell(start._call.operation)
        for call in self.calls:
            if all(identity(output) in held for output in call.outputs):
                continue

            def real(leaf: Any) -> Any:
                if isinstance(leaf, Tensor) and leaf._call is not None:
                    return held[identity(leaf)]
                return leaf

            kwargs = mapped(call.kwargs, real) if call.kwargs else call.kwargs
            results = mark.run(call.operation, call.span, mapped(call.args, real), kwargs)
            for output, result in zip(call.outputs, _tensors(results)):
                held[identity(output)] = result
        return mapped(self.outputs, lambda leaf: held[identity(leaf)])

    def _arranged(self, inputs: Any) -> list[Any]:
        """The inputs in the order of the model's own, also from a dict by name."""
        if isinstance(inputs, dict) and not isinstance(self.inputs, dict):
            named = {getattr(tensor, 'name', ''): inputs.get(getattr(tensor, 'name', '')) for tensor in self.starts}
            found = list(named.values())
            if all(item is not None for item in found):
                return found
        if isinstance(inputs, dict) and isinstance(self.inputs, dict):
            return flatten({key: inputs[key] for key in self.inputs})
        found = flatten(inputs)
        if len(found) != len(self.starts):
            raise BadArgument(f'The Model takes {len(self.starts)} inputs and gets {len(found)}')
        return [self._fitted(start, item) for start, item in zip(self.starts, found)]

    def _fitted(self, start: Tensor, given: Any) -> Any:
        """Keras adds or takes away a last axis of size 1 where only that differs (`_adjust_input_rank`)."""
        from gradient_lens import primitives as p

        wanted, value = tuple(start.shape), read(given)
        if len(value.shape) == len(wanted) + 1 and value.shape[-1] == 1:
            return wrap(p.reshape(value, value.shape[:-1]))
        if len(value.shape) == len(wanted) - 1 and wanted[-1] == 1:
            return wrap(p.reshape(value, (*value.shape, 1)))
        _check(start, wanted, value)
        return given


def _check(start: Tensor, wanted: tuple[Any, ...], value: Value) -> None:
    from gradient_lens.errors import NotAsDeclared

    if len(wanted) != len(value.shape) or any(w is not None and w != n for w, n in zip(wanted, value.shape)):
        raise NotAsDeclared(
            f'Input `{start.name}` is declared with the shape {wanted} and gets {tuple(value.shape)}.'
        )


class Pass:
    """
    One run of a wiring. Code of a layer may hold symbolic tensors of the model that it is part of (a closure); here they have
    the values of the run.
    """

    def __init__(self, wiring: Wiring, held: dict[int, Any]) -> None:
        self._held = held
        self._operations = wiring._indices

    def value(self, tensor: Tensor) -> Any:
        """The tensor in this run; None where it hangs on other inputs, or on layers that are not of the model."""
        waiting = [tensor]
        while waiting:
            call = waiting[-1]._call
            if identity(waiting[-1]) in self._held:
                waiting.pop()
                continue
            if call is None or not call.inputs or (isinstance(call.operation, Layer) and call.operation not in self._operations):
                return None
            missing = [item for item in call.inputs if identity(item) not in self._held]
            if missing:
                waiting.extend(missing)
                continue
            made = run_call(call, mapped(call.args, self._real), mapped(call.kwargs, self._real))
            for output, result in zip(call.outputs, (leaf for leaf in flatten(made) if isinstance(leaf, Tensor))):
                self._held[identity(output)] = result
        return self._held[identity(tensor)]

    def _real(self, leaf: Any) -> Any:
        return self._held[identity(leaf)] if isinstance(leaf, Tensor) and leaf._call is not None else leaf


def run_call(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if isinstance(call.operation, Layer):
        return call.operation(*args, **kwargs)
    return call.operation.run(args, kwargs)


def _tensors(made: Any) -> list[Tensor]:
    return [leaf for leaf in flatten(made) if isinstance(leaf, Tensor)]


class Mark:
    """Gives nodes that a call makes the place where the file wrote that call, not where the model is run."""

    def __init__(self) -> None:
        #: Where the model is run.
        self._here = here(2)

    def run(self, operation: Runnable, span: Span | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a call gives, made of nodes at `span`."""
        call: Any = operation if isinstance(operation, Layer) else None
        if span is None or not operation.of_ours_alone():
            sequence = Node('mark', {}, (), None).sequence
            made = operation.run(args, kwargs) if call is None else call(*args, **kwargs)
            self._place(_tensors(made), sequence, span)
            return made
        outer, pin.span = pin.span, span
        try:
            return operation.run(args, kwargs) if call is None else call(*args, **kwargs)
        finally:
            pin.span = outer

    def _place(self, results: list[Tensor], sequence: float, span: Span | None) -> None:
        stack = [read(tensor).node for tensor in results]
        seen: set[Node] = set()
        while stack:
            node = stack.pop()
            if node in seen or node.sequence <= sequence:
                continue
            seen.add(node)
            if node.span is None or node.span == self._here:
                node.span = span
            stack.extend(source.node for source in node.inputs)
